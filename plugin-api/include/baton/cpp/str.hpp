// Conversions between the ABI's text and C++'s. All of them are views: nothing is copied.
#pragma once

#include "../base.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace baton::plugin {

inline baton_str str(std::string_view text) noexcept { return {text.data(), text.size()}; }

inline baton_str str(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// An empty text may come with a null pointer.
inline std::string_view view(baton_str text) noexcept {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

inline std::span<const std::byte> bytes(baton_str text) noexcept {
  if (text.size == 0) return {};
  return {reinterpret_cast<const std::byte*>(text.data), text.size};
}

inline std::span<const baton_field> fields(const baton_field* first, size_t count) noexcept { return {first, count}; }

}  // namespace baton::plugin
