// Small things about text that more than one folder needs.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"

namespace baton::text {

// Length in UTF-16 code units, which is what the contract's limits count (a JavaScript string's length).
// Broken UTF-8 counts one unit per byte.
std::size_t utf16_length(std::string_view utf8);

bool is_utf8(std::string_view bytes);

// Each broken sequence becomes U+FFFD.
std::string repaired_utf8(std::string_view bytes);

std::string_view trimmed(std::string_view text);

// Pieces between '\n'; a final newline does not make an empty last line. Views into `text`.
std::vector<std::string_view> lines(std::string_view text);

// The last `max_bytes` of `text`, not beginning inside a UTF-8 sequence.
std::string_view tail(std::string_view text, std::size_t max_bytes);

// The first `max_bytes` of `text`, not ending inside a UTF-8 sequence.
std::string_view head(std::string_view text, std::size_t max_bytes);

// `text`, or its beginning and its end, together at most `max_bytes` and a line between them that says how much is left
// out.
std::string both_ends(std::string_view text, std::size_t max_bytes);

// `text`, or as much of its beginning and "…": what came from outside is put into a message through this.
std::string shortened(std::string_view text, std::size_t max_bytes = limits::kQuoted);

// `text` as one word for a POSIX shell: in single quotes, a ' becomes '\''.
std::string shell_quoted(std::string_view text);

std::string hex(std::string_view bytes);

}  // namespace baton::text
