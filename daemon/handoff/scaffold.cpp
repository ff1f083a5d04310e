#include "handoff/scaffold.hpp"

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "handoff/init_script.hpp"
#include "handoff/markdown.hpp"

namespace baton::handoff {
namespace {

std::string title_of(const TaskBrief& brief) {
  auto title = markdown::one_line(brief.title);
  return title.empty() ? "(untitled)" : title;
}

// Between backticks and quotes: a command that is not one line cannot be read back, so it is not written.
std::string verify_of(const TaskBrief& brief) {
  const auto command = text::trimmed(brief.verify_command);
  if (command.empty() || markdown::one_line(command) != command) return placeholder_command("VERIFY_CMD");
  return std::string(command);
}

}  // namespace

std::string render_task_md(const TaskBrief& brief) {
  const auto team = markdown::one_line(brief.team);
  const auto description = markdown::block(brief.description);
  return fmt::format(
      R"(# Task: {title}

- **Task ID:** `{id}`
{team}
## What & why

{description}

## Acceptance criteria

- [ ] _Say here how anyone can tell that the task is done._

## Known gotchas

- _None yet. Write down what the next one should not have to find out again._

## How to work this task

1. Run `./init.sh`. It prepares the checkout and shows whether the starting point is sound.
2. Read `AGENT_HANDOFF.json`, if it exists, and `task-progress.md`: they tell where the work stands.
3. Work on this task and nothing else; what you find beside it goes under "Known gotchas".
4. Keep choices with their reasons in `DECISIONS.json` and proof in `VERIFICATION.md`.
5. Before you stop, for whatever reason, bring `task-progress.md` up to date and write `AGENT_HANDOFF.json`.
)",
      fmt::arg("title", title_of(brief)), fmt::arg("id", markdown::one_line(brief.id)),
      fmt::arg("team", team.empty() ? "" : "- **Team:** " + team + "\n"),
      fmt::arg("description", description.empty() ? "_The title is all that was said._" : description));
}

std::string render_progress_md(const TaskBrief& brief) {
  return fmt::format(
      R"(# Progress — {title}

## Current verified state

- Task: `{id}`
- Startup: `./init.sh`
- Verify: `{verify}`
- Current blocker: _none_

## Done

- _Nothing so far._

## In progress

- _Nothing so far._

## Blocked

- _Nothing._

## Clock-in / clock-out

**When you begin:** run `./init.sh`, read this file and `AGENT_HANDOFF.json`, and check that what is listed under "Done" still holds.

**When you stop:** run the verify command, correct the lists above, and write `AGENT_HANDOFF.json` for whoever comes next.
)",
      fmt::arg("title", title_of(brief)), fmt::arg("id", markdown::one_line(brief.id)),
      fmt::arg("verify", verify_of(brief)));
}

std::string render_decisions_json() {
  std::string out;
  json::PrettyWriter json(out);
  json.object().field("$schema", "clawboo/decisions@1");
  json.field("note",
             "One entry for each choice that is not obvious from the code: date, decision, why, and where it applies "
             "rejectedAlternative and constraint. The reason matters most; it is what a later reader cannot see.");
  json.key("decisions").array().end().end();
  return out += '\n';
}

std::string render_init_sh(const TaskBrief& brief) {
  return fmt::format(
      R"sh(#!/usr/bin/env bash
set -euo pipefail

cd "$(dirname "${{BASH_SOURCE[0]}}")"

# What this repository needs; one command on one line each.
INSTALL_CMD={install}
VERIFY_CMD={verify}
START_CMD={start}

echo "[init] in $PWD"
echo "[init] install"
eval "$INSTALL_CMD"

echo "[init] verify"
eval "$VERIFY_CMD"

if [ "${{RUN_START_COMMAND:-0}}" = "1" ]; then
  echo "[init] start"
  eval "$START_CMD"
else
  echo "[init] not started: RUN_START_COMMAND=1 runs $START_CMD"
fi
)sh",
      fmt::arg("install", text::shell_quoted(placeholder_command("INSTALL_CMD"))),
      fmt::arg("verify", text::shell_quoted(verify_of(brief))),
      fmt::arg("start", text::shell_quoted(placeholder_command("START_CMD"))));
}

std::string render_verification_md(const TaskBrief& brief) {
  return fmt::format(
      R"(# Verification — {title}

What shows that the task is done: the output of a check that ran, not an opinion.
The gate adds a block below for each time it ran.

## Commands

- Verify: `{verify}`

## Evidence

- _The output of the checks, once they pass._
)",
      fmt::arg("title", title_of(brief)), fmt::arg("verify", verify_of(brief)));
}

std::vector<ScaffoldFile> scaffold(const TaskBrief& brief) {
  std::vector<ScaffoldFile> files;
  files.push_back({std::string(kTaskFile), render_task_md(brief)});
  files.push_back({std::string(kProgressFile), render_progress_md(brief)});
  files.push_back({std::string(kDecisionsFile), render_decisions_json()});
  files.push_back({std::string(kInitFile), render_init_sh(brief), true});
  files.push_back({std::string(kVerificationFile), render_verification_md(brief)});
  return files;
}

}  // namespace baton::handoff
