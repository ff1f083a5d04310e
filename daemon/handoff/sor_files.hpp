// The six files at a worktree's root that carry a task from one runtime to the next ("SoR": system of record).
// FORMATS.md says what each holds. These names, at the root only, are left out of every diff that is shown or judged.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace baton::handoff {

inline constexpr std::string_view kTaskFile = "TASK.md";
inline constexpr std::string_view kProgressFile = "task-progress.md";
inline constexpr std::string_view kDecisionsFile = "DECISIONS.json";
inline constexpr std::string_view kInitFile = "init.sh";
inline constexpr std::string_view kVerificationFile = "VERIFICATION.md";
inline constexpr std::string_view kHandoffFile = "AGENT_HANDOFF.json";

// In the order in which clients show them.
inline constexpr std::array<std::string_view, 6> kSorFiles = {kTaskFile, kProgressFile,     kDecisionsFile,
                                                              kInitFile, kVerificationFile, kHandoffFile};

constexpr bool is_sor_file(std::string_view name) {
  return std::find(kSorFiles.begin(), kSorFiles.end(), name) != kSorFiles.end();
}

}  // namespace baton::handoff
