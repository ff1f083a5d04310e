// Conversions between the ABI's text and C++'s.
#pragma once

#include "../base.h"

#include <span>
#include <string_view>

namespace baton::plugin {

inline baton_str str(std::string_view text) noexcept { return {text.data(), text.size()}; }

inline std::string_view view(baton_str text) noexcept {
  return text.size == 0 ? std::string_view() : std::string_view(text.data, text.size);
}

inline std::span<const baton_field> fields(const baton_field* first, size_t count) noexcept { return {first, count}; }

}  // namespace baton::plugin
