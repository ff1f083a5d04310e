// Is a request's body said to be what a route reads?
//
// A body is taken for JSON only when its Content-Type says so. That keeps a form or a file from being read as
// something else, and it is a second wall, behind host_guard, against other sites' pages: a browser sends another
// site's JSON only after it has asked, while it sends forms, plain text and bodies without a type as they are.
#pragma once

#include <optional>
#include <string_view>

#include "http/message.hpp"

namespace baton::http {

// True for application/json and application/<anything>+json, in any case and with any parameters: by RFC 8259 §11 they
// change nothing.
bool is_json_type(std::string_view content_type);

// The 415 for a body that is there and not said to be JSON; nothing for a fine one, or for none.
std::optional<Response> refused_type(const Request& request);

}  // namespace baton::http
