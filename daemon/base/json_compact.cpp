#include "base/json_compact.hpp"

#include <cstddef>

#include <simdjson.h>

namespace baton::json {

std::string compact(std::string_view text) {
  std::string out(text.size(), '\0');
  std::size_t size = 0;
  if (simdjson::minify(text.data(), text.size(), out.data(), size)) return std::string(text);
  out.resize(size);
  return out;
}

}  // namespace baton::json
