#include "http/request_rules.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "http/content_type.hpp"
#include "http/errors.hpp"

namespace baton::http {
namespace {

// Parameters that no route knows are nobody's business, however often they come.
std::optional<Response> refused_query(const Route& route, const Request& request) {
  for (const auto& parameter : route.query) {
    const auto given =
        std::ranges::count_if(request.query, [&](const auto& pair) { return pair.first == parameter.name; });
    if (given > 1)
      return error_response(400, fmt::format("the query parameter {} is given more than once", parameter.name));
  }
  return std::nullopt;
}

std::optional<Response> refused_body(const Route& route, const Request& request) {
  if (!route.body.empty()) return refused_type(request);
  if (request.body.empty() || route.any_body) return std::nullopt;
  const auto body = read_fields({}, request.body);
  if (!body) return invalid_body(body.error());
  return std::nullopt;
}

}  // namespace

std::optional<Response> refused_request(const Route& route, const Request& request) {
  if (auto refused = refused_query(route, request)) return refused;
  return refused_body(route, request);
}

}  // namespace baton::http
