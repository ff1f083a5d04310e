// What a row of a table of tests is called in the list of tests: its text, with "-" and two digits of hex for what the
// list cannot hold. Without it a row of several members is printed as its bytes, among them addresses, which are others
// in each run.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace baton::test {

inline std::string row_name(std::string_view text) {
  constexpr std::size_t kLongest = 80;
  std::string name;
  for (const char c : text.substr(0, kLongest)) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    name += plain ? std::string(1, c) : fmt::format("-{:02X}", static_cast<unsigned char>(c));
  }
  return name;
}

}  // namespace baton::test
