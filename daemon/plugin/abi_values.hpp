// Reading what crosses the ABI: structs and tables that say their own size, borrowed text.
//
// What was built against any earlier minor goes on working: a struct is whole when it is as long as its first version,
// and the members that it does not have read as zero.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/result.hpp"
#include "baton/base.h"

namespace baton::plugin {

inline baton_str str(std::string_view text) { return {text.data(), text.size()}; }

inline bool readable(baton_str text) { return text.data != nullptr || text.size == 0; }

inline std::string_view view(baton_str text) {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

// How long T was in 1.0, or in the minor that brought it. Who lets one grow says here where it ended, for example
//   template <>
//   inline constexpr std::size_t kFirstSize<baton_probe> = offsetof(baton_probe, first_new_member);
// and gives 0 in the new members the meaning of "as before".
template <class T>
inline constexpr std::size_t kFirstSize = sizeof(T);

// For what has its size in itself, and is referred to where it lies.
template <class T>
bool has_first_size(const T& given) {
  return given.size >= kFirstSize<T>;
}

// A plugin's table or constant that has its first size: slots that it does not know are empty.
template <class T>
T known_part(const T& from) {
  T into{};
  std::memcpy(&into, &from, std::min<std::size_t>(from.size, sizeof(T)));
  return into;
}

// For read_struct: `size` is not `known`, the size of *into.
baton_status read_other_size(const void* from, std::size_t size, void* into, std::size_t known);

// Copies a struct of which the caller says that it is `size` bytes long; what it does not have is zero. INVALID:
// shorter than its first version. UNSUPPORTED: the part that this build does not know is not zero, so the caller wants
// something that we cannot do.
template <class T>
baton_status read_struct(const void* from, std::uint32_t size, T& into) {
  static_assert(std::is_trivially_copyable_v<T>);
  if (from == nullptr || size < kFirstSize<T>) return BATON_E_INVALID;
  if (size != sizeof(T)) return read_other_size(from, size, &into, sizeof(T));
  std::memcpy(&into, from, sizeof(T));  // nearly always: each event comes here
  return BATON_OK;
}

baton_status status_of(Errc code);
Errc errc_of(baton_status status);

}  // namespace baton::plugin
