// Finds the route of a request; answers for those that have none.
//
// Segments are matched whole and case-sensitively, each decoded for itself, so an encoded slash belongs to a value; one
// trailing slash is allowed; an empty segment matches nothing. A literal wins over a {name}, but a pattern that serves
// the method wins over one that does not. An unknown path is 404 JSON, a known path with another method 405 with
// Allow; HEAD is answered from GET without its body, OPTIONS by the router itself.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/route.hpp"

namespace baton::http {

class Router {
 public:
  // Two routes with the same method and pattern are a bug, whatever their {names} are called.
  void add(Route route);
  void add(std::vector<Route> routes);

  const std::vector<Route>& routes() const { return routes_; }

  // What serves `request`, by its method and target; its params are filled in. Null: `refusal` is the answer. The
  // pointer is good until the next add().
  const Route* find(Request& request, Response& refusal) const;

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  static constexpr std::size_t kMethods = 7;

  // A place in the tree of segments. Indices, not pointers: the vectors grow while routes are added.
  struct Node {
    std::vector<std::pair<std::string, std::uint32_t>> literals;
    std::uint32_t name = kNone;                  // the child that takes any segment
    std::array<std::uint32_t, kMethods> routes;  // by method
  };
  struct Search;

  std::uint32_t child(std::uint32_t node, std::string_view segment);
  std::uint32_t walk(Search& search, std::uint32_t node, std::size_t depth) const;
  std::uint32_t serves(Search& search, std::uint32_t node) const;

  std::vector<Route> routes_;
  std::vector<Node> nodes_;
  std::size_t deepest_ = 0;
};

// The OpenAPI 3.1 document of a table of routes, as JSON.
std::string openapi_document(const Router& router, std::string_view title, std::string_view version);

}  // namespace baton::http
