// What is wrong with a request before a handler sees it: what holds for every route, so that no handler can forget it.
#pragma once

#include <optional>

#include "http/message.hpp"
#include "http/route.hpp"

namespace baton::http {

// The answer to a request that `route` is not to have; nothing when it is fine.
//   400: a query parameter of the route comes twice, so which one is meant is not known.
//   400: the route has no fields, but there is a body, and it is not a JSON object: somebody means something else.
//   415: see content_type.hpp.
std::optional<Response> refused_request(const Route& route, const Request& request);

}  // namespace baton::http
