// Where things lie: pure path arithmetic, no files.
//
// <state>/worktrees/<first 12 hex digits of sha1(repository path)>/<task id>   a task's checkout
// <state>/worktrees/<…>/.orphans/<task id>.<n>                                 what lay in its way and was not provably
// ours
// <state>/worktrees/<…>/.orphans/.leaving.… and .removing.…                   checkouts that go (leaving.hpp)
// <state>/reviews/<the same 12 digits>/<first 12 digits of a commit>[.<n>]     a commit to look at (review.cpp)
// <state>/scratch/<name>                                                       directories for work without a
// repository
#pragma once

#include <filesystem>
#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace baton::worktree {

// The one place of one task in one repository.
struct Site {
  TaskId task_id;
  std::filesystem::path repository;  // absolute and normal; may be a directory inside the repository
  std::filesystem::path path;
  std::string branch;
};

// clawboo/task-<id>
std::string branch_of(const TaskId& task);

class Layout {
 public:
  explicit Layout(const std::filesystem::path& state);

  // kInvalid "unsafe_task_id"; kUnprocessable "not_a_repository" for a path that is not absolute.
  Result<Site> site(const TaskId& task, const std::filesystem::path& repository) const;

  // The same for a worktree that somebody remembers; kInvalid "wrong_path" when it is remembered elsewhere.
  Result<Site> site_at(const TaskId& task, const std::filesystem::path& repository,
                       const std::filesystem::path& path) const;

  // Where all of them are, and those of one repository.
  const std::filesystem::path& root() const { return worktrees_; }
  Result<std::filesystem::path> folder_of(const std::filesystem::path& repository) const;

  // True for <state>/worktrees/<…>/<task id>, with or without links in the path to the state directory.
  bool may_hold_worktree(const std::filesystem::path& path) const;

  // <state>/reviews, and the place of a repository's in it.
  const std::filesystem::path& reviews() const { return reviews_; }
  Result<std::filesystem::path> reviews_of(const std::filesystem::path& repository) const;

  Result<std::filesystem::path> scratch(const std::string& name) const;
  bool is_scratch(const std::filesystem::path& path) const;

 private:
  std::filesystem::path worktrees_;
  std::filesystem::path reviews_;
  std::filesystem::path scratch_;
};

// Beside the worktrees of one repository.
inline constexpr const char* kOrphans = ".orphans";

// Where what lies at `site` may be put aside.
std::filesystem::path orphans_of(const Site& site);

}  // namespace baton::worktree
