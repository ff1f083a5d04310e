// AGENT_HANDOFF.json for others: its JSON Schema, and what is wrong with a file. Both come from handoff_fields(), by
// which the daemon reads it, so that the three cannot disagree.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.hpp"

namespace baton::handoff {

// A JSON Schema, draft 2020-12.
std::string handoff_schema();

struct Problem {
  std::string path;  // a JSON Pointer: "/commands/init", "/warnings/0"; empty: the file as a whole
  std::string what;  // "must be text, is number"
};

// Why the daemon would take a file with this content for no hand-off, as read_handoff() does; nothing when it is one.
std::vector<Problem> check_handoff(std::string_view content);

void to_json(json::Writer& json, const Problem& problem);

}  // namespace baton::handoff
