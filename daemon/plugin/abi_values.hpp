// Reading what crosses the ABI: structs that say their own size, borrowed text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "baton/base.h"

namespace baton::plugin {

inline baton_str str(std::string_view text) { return {text.data(), text.size()}; }

inline bool readable(baton_str text) { return text.data != nullptr || text.size == 0; }

inline std::string_view view(baton_str text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

bool all_zero(const void* bytes, std::size_t size);

// Copies a struct of which the caller says that it is `size` bytes long. INVALID: shorter than its first version.
// UNSUPPORTED: the part that this build does not know is not zero, so the caller wants something that we cannot do.
template <class T>
baton_status read_struct(const void* from, std::uint32_t size, T& into) {
  if (from == nullptr || size < sizeof(T)) return BATON_E_INVALID;
  std::memcpy(&into, from, sizeof(T));
  const bool known = size == sizeof(T) || all_zero(static_cast<const char*>(from) + sizeof(T), size - sizeof(T));
  return known ? BATON_OK : BATON_E_UNSUPPORTED;
}

baton_status status_of(Errc code);
Errc errc_of(baton_status status);

}  // namespace baton::plugin
