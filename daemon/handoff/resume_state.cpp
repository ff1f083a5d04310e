#include "handoff/resume_state.hpp"

#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "handoff/files.hpp"
#include "handoff/init_script.hpp"
#include "handoff/progress.hpp"
#include "handoff/sor_files.hpp"

namespace baton::handoff {
namespace {

std::optional<std::string> unless_empty(std::string text) {
  return text.empty() ? std::nullopt : std::optional(std::move(text));
}

std::optional<std::string> unless_empty(const Nullable<std::string>& text) {
  return unless_empty(text.value().value_or(""));
}

// The text of a file, empty when there is none. One that is there and cannot be read is worth a word.
std::string read_or_warn(const std::filesystem::path& directory, std::string_view name, ResumeState& state) {
  auto content = read_file(directory, name);
  if (content) return *std::move(content);
  if (content.error().code != Errc::kNotFound) {
    state.warnings.push_back(fmt::format("{} was not used: {}", name, content.error().what));
  }
  return {};
}

void take_handoff(Handoff handoff, ResumeState& state) {
  state.has_handoff = true;
  state.done = std::move(handoff.completed_subtasks);
  state.broken = std::move(handoff.broken_or_unverified);
  state.next = unless_empty(std::move(handoff.next_best_step));
  state.why_blocked = unless_empty(handoff.why_blocked);
  state.commands = std::move(handoff.commands);
  state.warnings = std::move(handoff.warnings);
  state.last_runtime = std::move(handoff.runtime);
  state.native_session_id = unless_empty(handoff.native_session_id);
}

void take_progress(const std::filesystem::path& directory, ResumeState& state) {
  auto progress = parse_progress(read_or_warn(directory, kProgressFile, state));
  state.done = std::move(progress.done);
  state.why_blocked = unless_empty(fmt::format("{}", fmt::join(progress.blocked, "; ")));
}

void complete_commands(const std::filesystem::path& directory, ResumeState& state) {
  if (state.commands.init.empty()) state.commands.init = Commands{}.init;
  if (!state.commands.verify.empty() && !state.commands.start.empty()) return;
  const auto script = read_or_warn(directory, kInitFile, state);
  const auto fill = [&](std::string& command, std::string_view variable) {
    if (command.empty()) command = parse_init_command(script, variable).value_or("");
  };
  fill(state.commands.verify, "VERIFY_CMD");
  fill(state.commands.start, "START_CMD");
}

}  // namespace

ResumeState reconstruct_state(const std::filesystem::path& directory) {
  ResumeState state;
  auto handoff = read_handoff(directory);
  if (handoff) {
    take_handoff(*std::move(handoff), state);
  } else {
    if (handoff.error().code != Errc::kNotFound) {
      state.warnings.push_back(fmt::format("{} was not used: {}", kHandoffFile, handoff.error().what));
    }
    take_progress(directory, state);
  }
  complete_commands(directory, state);
  return state;
}

void to_json(json::Writer& json, const ResumeState& state) {
  json.object().field("hasHandoff", state.has_handoff).field("done", state.done).field("broken", state.broken);
  json.field("next", state.next).field("whyBlocked", state.why_blocked);
  json.key("commands").object().field("init", state.commands.init).field("verify", state.commands.verify);
  json.field("start", state.commands.start).end();
  json.field("warnings", state.warnings).field("lastRuntime", state.last_runtime);
  json.field("nativeSessionId", state.native_session_id).end();
}

}  // namespace baton::handoff
