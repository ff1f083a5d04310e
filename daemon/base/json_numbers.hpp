// Numbers that are good JSON and that the parser has no type for: 1e400, 99999999999999999999.
//
// The grammar bounds no number (RFC 8259 §6), so such a text is JSON, and only whoever asks for the number can say that
// it is too large, and under which name it stands. For an unknown key nobody asks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace baton::json {

// `text` with each number that no double holds replaced by the largest double of its sign, and each integer beyond 64
// bits written so that it is read as a double. Nothing when there is no such number. What is not JSON stays so.
std::optional<std::string> with_bounded_numbers(std::string_view text);

}  // namespace baton::json
