// A number in a request's query.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "http/message.hpp"

namespace baton::api {

// The query parameter `name`, a whole number from `least` to `most`; `otherwise` when it is absent. The error names it.
Result<std::int64_t> query_number(const http::Request& request, std::string_view name, std::int64_t least,
                                  std::int64_t most, std::int64_t otherwise);

// The same for a text that came by another way.
Result<std::int64_t> whole_number(std::string_view text, std::string_view name, std::int64_t least, std::int64_t most);

}  // namespace baton::api
