// Lays a scaffold into a fresh checkout beside what the user's repository already has under the same names.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "handoff/scaffold_file.hpp"

namespace baton::worktree {

using IsScaffold = std::function<bool(std::string_view name, std::string_view content)>;

// Of the six names at the root of `checkout`, those that are the user's: there, and not what a scaffold of an earlier
// task wrote. `is_scaffold` sees line ends as \n whatever the checkout made of them; it may be empty.
std::vector<std::string> find_user_files(const std::filesystem::path& checkout, const IsScaffold& is_scaffold);

// Writes the files but the user's, and removes a hand-off that an earlier task left behind, since the next runtime
// would believe it. Returns the names that were touched. kInvalid for a name that is none of the six.
Result<std::vector<std::string>> lay_scaffold(const std::filesystem::path& checkout,
                                              const std::vector<handoff::ScaffoldFile>& scaffold,
                                              const std::vector<std::string>& user_files);

// The names that never count as work: the six but the user's.
std::vector<std::string> own_names(const std::vector<std::string>& user_files);

}  // namespace baton::worktree
