// JSON text without white space between its parts.
#pragma once

#include <string>
#include <string_view>

namespace baton::json {

// Nothing else changes: numbers and strings stay as they are written. Text that breaks off in a string comes back as it
// is; other text that is no JSON, as something that is none.
std::string compact(std::string_view text);

}  // namespace baton::json
