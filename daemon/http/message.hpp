// A request and a response, as handlers see them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baton::http {

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions };

std::string_view to_text(Method method);
std::optional<Method> method_from(std::string_view text);

// One request, read whole. Handed to a handler by reference for the duration of its call; a handler that answers later
// moves out or copies what it needs.
struct Request {
  Method method = Method::kGet;
  std::string target = {};                                        // path and query as they were sent
  std::string path = {};                                          // percent-decoded, without the query
  std::vector<std::pair<std::string, std::string>> query = {};    // decoded, in order
  std::vector<std::pair<std::string, std::string>> headers = {};  // names in lower case
  std::string body = {};
  std::vector<std::string> params = {};  // values of the route's {names}, in order

  // The one value of a query parameter; nothing when it is absent, or repeated: those that the route knows are refused
  // before (request_rules.hpp).
  std::optional<std::string_view> query_value(std::string_view name) const;
  std::optional<std::string_view> header(std::string_view lower_case_name) const;
};

struct Response {
  int status = 200;
  std::string body = {};
  std::string_view content_type = "application/json; charset=utf-8";  // static storage
  std::vector<std::pair<std::string, std::string>> headers = {};      // beyond type, length, date, connection
};

}  // namespace baton::http
