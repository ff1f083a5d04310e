// The target of a request line: which forms are accepted, and how path and query are decoded.
//
// A path is split at '/' before its pieces are decoded, so an encoded slash is part of a value and never makes a
// segment (RFC 3986 §2.2). Broken escapes, a NUL and what is not UTF-8 are refused rather than repaired: what names a
// thing, or says which things are meant, must have one meaning.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"

namespace baton::http {

// Appends the decoded `text` to `out`. False when an escape is broken.
bool percent_decode(std::string_view text, bool plus_is_space, std::string& out);

// `text` with everything but RFC 3986's unreserved characters escaped: one segment of a path, or one value of a query.
std::string percent_encoded(std::string_view text);

// The path of an origin-form target, still encoded.
std::string_view path_of(std::string_view target);

// Fills request.target, path and query. `authority` is the Host header: an absolute-form target must name the same one
// and is reduced to its path. "*" is for OPTIONS alone. kInvalid says what is wrong.
Result<Unit> set_target(Request& request, std::string_view target, std::string_view authority = {});

}  // namespace baton::http
