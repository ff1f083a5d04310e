// Texts with {names} to fill in.
//
// A placeholder is one word of small letters and underscores in braces; {{word}} stands for the text {word}. All other
// braces mean themselves, so that JSON, `${HOME}` and `{ a; b; }` in a shell line need no escapes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace command {

struct Values {
  std::string cwd, task, agent, attempt, model, resume, home, prompt;
};

// The first {word} that no value has.
std::optional<std::string> unknown_placeholder(std::string_view text);

bool mentions(std::string_view text, std::string_view name);

// `text` must have no unknown placeholder. What is filled in is not looked at again.
std::string filled(std::string_view text, const Values& values);

}  // namespace command
