// Which command judges a task's work.
//
// The runtime that is judged must not choose it: what lies in its worktree it can edit. So the command comes from the
// operator's configuration or from the commit that the worktree was made from, and from the worktree only when the
// operator trusts it. This protects the command, not what it runs: a base commit that says "./test.sh" runs the
// worktree's test.sh.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "verify/settings.hpp"

namespace baton::verify {

// A repository may name its gate in this file at its root:
//   [gate]
//   verify = "./test.sh"
inline constexpr std::string_view kRepositoryFile = ".baton.toml";

// Where a command came from, in the order in which they are asked.
enum class Origin : std::uint8_t { kNone, kConfiguration, kRepository, kBaseScript, kWorktree };

std::string_view to_text(Origin origin);  // for people: "the configuration", ".baton.toml of the base commit", …

// What the caller read. Both commands as handoff/init_script.hpp reads them, so that a placeholder is never one.
struct Sources {
  std::optional<std::string> repository_file = {};   // the text of kRepositoryFile in the base commit
  std::optional<std::string> base_command = {};      // VERIFY_CMD of the base commit's own init.sh
  std::optional<std::string> worktree_command = {};  // of the worktree's init.sh, else its VERIFICATION.md
};

struct GateCommand {
  Origin origin = Origin::kNone;
  std::string command = {};  // empty with kNone
  std::string problem = {};  // with kNone: a source that is there and cannot be used; empty when there is none
};

// The first source that names a command. A kRepositoryFile that cannot be used ends the search: guessing on could judge
// the work by something weaker than the repository asked for.
GateCommand resolve_command(const Settings& settings, const Sources& sources);

}  // namespace baton::verify
