// Percent-encoding of one value in a URL's path or query (RFC 3986 §2.3: everything but unreserved characters).
#pragma once

#include <string>
#include <string_view>

namespace baton::cli {

std::string encoded(std::string_view value);

}  // namespace baton::cli
