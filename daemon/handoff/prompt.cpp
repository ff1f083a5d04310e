// Everything that comes from a task or a hand-off passes through markdown.hpp: an earlier agent's note must not pose as
// a section of the prompt. Lists are cut by limits.hpp, with a pointer to the file that has all of it.
#include "handoff/prompt.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/text.hpp"
#include "handoff/init_script.hpp"
#include "handoff/markdown.hpp"

namespace baton::handoff {
namespace {

constexpr std::string_view kFilesGuide =
    "This directory is a git worktree made for this task alone. Its files are all that the next one to work here will "
    "have; nobody sees "
    "this conversation. `TASK.md` says what is wanted, `task-progress.md` where the work stands, and "
    "`AGENT_HANDOFF.json`, if it "
    "exists, what the last one left. Before you stop, finished or not, bring `task-progress.md` up to date and write "
    "`AGENT_HANDOFF.json` with the keys `handoffFrom`, `runtime`, `completedSubtasks`, `brokenOrUnverified`, "
    "`nextBestStep`, "
    "`whyBlocked`, `commands` and `warnings`. Say only what you have checked.";

// Sections are separated by an empty line.
void add_section(std::string& text, std::string_view section) {
  if (section.empty()) return;
  if (!text.empty()) text += "\n\n";
  text += text::trimmed(section);
}

std::string shortened(std::string_view text) {
  if (text.size() <= limits::kResumeItemText) return std::string(text);
  return std::string(text::head(text, limits::kResumeItemText)) + " […]";
}

std::string item_list(std::string_view heading, const std::vector<std::string>& items) {
  if (items.empty()) return {};
  std::string list = fmt::format("## {}\n\n", heading);
  const auto shown = std::min(items.size(), limits::kResumeItems);
  for (std::size_t i = 0; i < shown; ++i) list += markdown::bullet(shortened(items[i]));
  if (shown < items.size()) {
    list += fmt::format("- _and {} more in `AGENT_HANDOFF.json` or `task-progress.md`_\n", items.size() - shown);
  }
  return list;
}

std::string paragraph(std::string_view heading, const std::optional<std::string>& content) {
  if (!content || content->empty()) return {};
  return fmt::format("## {}\n\n{}", heading, markdown::block(shortened(*content)));
}

std::string command_list(const Commands& commands) {
  std::string list;
  const auto add = [&](std::string_view name, const std::string& command) {
    const auto line = markdown::one_line(command);
    if (!line.empty() && !is_placeholder(line)) list += fmt::format("- {}: `{}`\n", name, shortened(line));
  };
  add("init", commands.init);
  add("verify", commands.verify);
  add("start", commands.start);
  return "## Commands\n\n" + list;
}

std::string resume_section(const ResumeState& resume) {
  const bool nothing = resume.done.empty() && resume.broken.empty() && !resume.next && !resume.why_blocked;
  if (!resume.has_handoff && nothing && resume.warnings.empty()) return {};
  std::string section = "# Resume: you are not the first to work on this";
  if (resume.last_runtime) {
    section += fmt::format("\n\nThe last one ran on {}. ", markdown::one_line(*resume.last_runtime));
    section += "What follows is its own account; check it before you build on it.";
  }
  add_section(section, item_list("Done", resume.done));
  add_section(section, item_list("Broken or not verified", resume.broken));
  add_section(section, paragraph("Best next step", resume.next));
  add_section(section, paragraph("Why it was blocked", resume.why_blocked));
  add_section(section, item_list("Warnings", resume.warnings));
  add_section(section, command_list(resume.commands));
  return section;
}

std::string interruption_note(const std::optional<Interruption>& interruption) {
  if (!interruption) return {};
  std::string note = "# The attempt before this one was interrupted\n\n";
  note += interruption->times > 1 ? fmt::format("The last {} attempts ended without a hand-off. ", interruption->times)
                                  : std::string("It ended without a hand-off. ");
  note += interruption->work_was_kept ? "What it changed is still here and described nowhere: look at `git status` and "
                                        "`git log` first, and keep what is good."
                                      : "It left nothing behind; do not take anything for done.";
  if (interruption->times > 2) note += " Take smaller steps than they did, and write each one down.";
  return note;
}

std::string fix_note(const std::optional<FixNote>& fix) {
  if (!fix) return {};
  std::string note = "# Verification failed: fix this first";
  add_section(note, paragraph("What", fix->what));
  add_section(note, paragraph("Why", fix->why));
  // Not shortened: it holds the end of the check's output, which has its own limit.
  if (!fix->how_to_fix.empty()) add_section(note, "## How to fix\n\n" + markdown::block(fix->how_to_fix));
  return note;
}

std::string turn_of(const PromptParts& parts, bool goes_on) {
  if (parts.fix) return "Make the verification pass, then leave the hand-off files current.";
  if (goes_on) return "Go on with the task from where it stands, and leave the hand-off files current.";
  return fmt::format("Do the task: {}", markdown::one_line(parts.title));
}

}  // namespace

Prompt assemble_prompt(const PromptParts& parts) {
  Prompt prompt;
  prompt.system = "# Task: " + markdown::one_line(parts.title);
  add_section(prompt.system, markdown::block(parts.description));
  if (parts.in_worktree) add_section(prompt.system, fmt::format("# Where you are\n\n{}", kFilesGuide));

  add_section(prompt.context, resume_section(parts.resume));
  add_section(prompt.context, interruption_note(parts.interruption));
  add_section(prompt.context, fix_note(parts.fix));

  prompt.turn = turn_of(parts, !prompt.context.empty());
  return prompt;
}

}  // namespace baton::handoff
