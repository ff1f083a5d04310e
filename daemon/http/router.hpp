// Finds the route of a request; answers for those that have none.
//
// Segments are matched whole and case-sensitively; one trailing slash is allowed; a literal wins over a {name}. An unknown path is
// 404 JSON, a known path with another method 405 with Allow; HEAD is answered from GET without its body, OPTIONS by
// the router itself.
#pragma once

#include <string>
#include <vector>

#include "http/route.hpp"

namespace baton::http {

class Router {
 public:
  // Two routes with the same method and pattern are a bug.
  void add(Route route);
  void add(std::vector<Route> routes);

  const std::vector<Route>& routes() const { return routes_; }

  // What serves `request`; its params are filled in. Null: `refusal` is the answer.
  const Route* find(Request& request, Response& refusal) const;

 private:
  std::vector<Route> routes_;
};

// The OpenAPI 3.1 document of a table of routes, as JSON.
std::string openapi_document(const Router& router, std::string_view title, std::string_view version);

}  // namespace baton::http
