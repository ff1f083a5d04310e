// Which files of a repository are ours: a first line with a fixed beginning, and lines that must follow in any order.
// People fill the files in and agents rewrite the lists, so nothing between those lines counts.
#include <algorithm>
#include <initializer_list>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "handoff/handoff.hpp"
#include "handoff/scaffold.hpp"

namespace baton::handoff {
namespace {

bool has_shape(std::string_view content, std::string_view first, std::initializer_list<std::string_view> beginnings) {
  const auto lines = text::lines(content);
  if (lines.empty() || !lines.front().starts_with(first)) return false;
  return std::all_of(beginnings.begin(), beginnings.end(), [&](std::string_view beginning) {
    return std::any_of(lines.begin(), lines.end(), [&](std::string_view line) { return line.starts_with(beginning); });
  });
}

bool is_decision_log(std::string_view content) {
  const auto document = json::Document::parse(content);
  if (!document) return false;
  const auto decisions = json::member(document->root(), "decisions");
  return json::text(document->root(), "$schema") == "clawboo/decisions@1" && decisions && decisions->is_array();
}

}  // namespace

bool is_scaffold(std::string_view name, std::string_view content) {
  if (name == kTaskFile) return has_shape(content, "# Task: ", {"- **Task ID:** `", "## What & why"});
  if (name == kProgressFile) {
    return has_shape(content, "# Progress — ", {"## Current verified state", "- Task: `", "## Done"});
  }
  if (name == kDecisionsFile) return is_decision_log(content);
  if (name == kInitFile) {
    return content.find("RUN_START_COMMAND") != std::string_view::npos &&
           has_shape(content, "#!/usr/bin/env bash", {"INSTALL_CMD=", "VERIFY_CMD=", "START_CMD="});
  }
  if (name == kVerificationFile) {
    return has_shape(content, "# Verification — ", {"## Commands", "- Verify: `", "## Evidence"});
  }
  return name == kHandoffFile && parse_handoff_file(content, "unknown").has_value();
}

}  // namespace baton::handoff
