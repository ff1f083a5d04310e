#include "handoff/schema.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

#include "base/field_schema.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "handoff/handoff.hpp"

namespace baton::handoff {
namespace {

const Field* field_named(std::span<const Field> table, std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const Field& field) { return field.name == name; });
  return found == table.end() ? nullptr : &*found;
}

// "[3] must be text" is about an item, "init must be text" about a member; anything else about the field itself.
Problem located(std::string_view name, std::string_view what) {
  std::string path = "/" + std::string(name);
  const auto first = what.substr(0, what.find(' '));
  const Field* field = field_named(handoff_fields(), name);
  if (field == nullptr || first.size() == what.size()) return {path, std::string(what)};
  const auto rest = std::string(what.substr(first.size() + 1));
  if (field->kind == Kind::kTexts && first.starts_with('[') && first.ends_with(']')) {
    return {path + "/" + std::string(first.substr(1, first.size() - 2)), rest};
  }
  const bool is_member = field_named({field->members.first, field->members.count}, first) != nullptr;
  if (is_member) return {path + "/" + std::string(first), rest};
  return {path, std::string(what)};
}

}  // namespace

std::string handoff_schema() {
  std::string out;
  json::Writer json(out);
  json.object().field("$schema", "https://json-schema.org/draft/2020-12/schema");
  json.field("$id", "urn:baton:schema:agent-handoff").field("title", "AGENT_HANDOFF.json");
  json.field("description",
             fmt::format("What the one who stops working on a task leaves for the one who goes on. At most {} bytes of "
                         "UTF-8, no text with a NUL; unknown keys are dropped.",
                         limits::kSorFile));
  json.field("type", "object");
  write_members(json, handoff_fields());
  json.end();
  return out;
}

std::vector<Problem> check_handoff(std::string_view content) {
  if (content.size() > limits::kSorFile) return {{"", fmt::format("has more than {} bytes", limits::kSorFile)}};
  if (text::trimmed(content).empty()) return {{"", "is empty"}};
  const auto handoff = parse_handoff_file(content, "unknown");
  if (handoff) return {};
  std::vector<Problem> problems;
  for (const auto& what : handoff.error().form_errors) problems.push_back({"", what});
  for (const auto& [name, what] : handoff.error().field_errors) problems.push_back(located(name, what));
  return problems;
}

void to_json(json::Writer& json, const Problem& problem) {
  json.object().field("path", problem.path).field("problem", problem.what).end();
}

}  // namespace baton::handoff
