// What a failed git command becomes for its caller.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "process/command.hpp"

namespace baton::git {

// "git worktree add …", cut where it gets long.
std::string shown(const std::vector<std::string>& arguments);

// The command ran to its end and said no; its details name the command and what it said.  kUnprocessable
// "not_a_repository" or "git_failed"; kConflict "git_locked" or "branch_in_the_way"; kNoSpace "disk_full".
Error failed(const std::vector<std::string>& arguments, const process::Finished& finished);

// git does not always say why it could not write: kNoSpace "disk_full" when there is no room where `directory` lies.
Error disk_full(const std::filesystem::path& directory, Error error);

// kTimeout, with the command and how long it was given.
Error timed_out(const std::vector<std::string>& arguments, std::chrono::nanoseconds timeout);

// It could not be started: kUnavailable "no_git", kUnprocessable "not_a_repository" for a directory that is not there.
Error not_started(Error error);

}  // namespace baton::git
