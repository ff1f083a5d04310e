// How a checkout leaves its place: by one rename, before anything in it is deleted. So at its place it is whole or not
// there, whenever the daemon is killed, and nobody can take a half deleted tree for one in which files were deleted.
//
// <…>/.orphans/.leaving.<task id>        git looks at it a last time; without an answer it goes back
// <…>/.orphans/.removing.<task id>.<n>   all of it is committed or kept: it may be deleted by anybody at any time
//
// The callers hold the lock of the worktree's path.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"
#include "worktree/keyed_mutex.hpp"
#include "worktree/layout.hpp"

namespace baton::worktree {

std::filesystem::path leaving_place(const Site& site);

// From its place to leaving_place(). kConflict "not_removed".
Result<Unit> move_out(const Site& site);

// The way back, when there is something and its place is free; else nothing happens. kIo.
Result<Unit> move_back(const Site& site);

// From leaving_place() on to a place where it may be deleted, which is returned. kConflict "not_removed".
Result<std::filesystem::path> condemn(const Site& site);

// Takes condemned trees of the task away, with what is still registered of them. What cannot be deleted is logged and
// tried again by the next call. Takes the repository's lock where it needs it.
reactor::Task<> finish_removals(git::Git& git, KeyedMutex& locks, Site site);

// The tasks of which something lies below `orphans` under one of the two names, each once; at most `most`.
std::vector<TaskId> tasks_leaving(const std::filesystem::path& orphans, std::size_t most);

}  // namespace baton::worktree
