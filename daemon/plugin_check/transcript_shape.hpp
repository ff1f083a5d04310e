// What may stand in a transcript (TRANSCRIPTS.md). A misspelt member would be left out in silence, and its check would
// judge another session than its author meant; so everything unknown is refused.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json_reader.hpp"

namespace baton::plugin_check {

// The first thing that may not stand there, or is of another type: `unknown member "foo" in pieces[2]`. Nothing: all is
// well.
std::optional<std::string> misshapen(json::Value transcript);

// Where text is no JSON: "line 3, column 7: Missing a comma or } after an object member." Empty when it is some.
std::string broken_at(std::string_view text);

}  // namespace baton::plugin_check
