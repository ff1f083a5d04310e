// Makes the checkout of one task: clears its place, finds out what its branch is worth, adds the worktree, and undoes
// all of it when that fails. The caller holds the lock of the worktree's path; this takes the repository's.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"
#include "worktree/keyed_mutex.hpp"
#include "worktree/layout.hpp"

namespace baton::worktree {

struct Built {
  git::Checkout checkout;
  std::optional<git::Commit> scaffold;  // the branch was there and carries it: its work goes on
  std::string new_branch_at;            // the branch was made here; empty: it was there
};

std::string scaffold_subject(const TaskId& task);

class Builder {
 public:
  Builder(git::Git& git, KeyedMutex& locks, Site site, const std::filesystem::path& common_dir);

  const Site& site() const { return site_; }

  // What is there already: a whole checkout of this repository at this place. What a killed daemon left half made by
  // git or half removed is taken away first.
  reactor::Task<Result<std::optional<git::Checkout>>> present_whole();

  // On a branch from `commit`. A branch that is there is taken as it is when it begins there or carries our scaffold;
  // else its commits are kept under a salvage ref before it is moved. kConflict "branch_in_use".
  reactor::Task<Result<Built>> build(std::string commit);

  // On the branch as it was kept. kUnprocessable "branch_gone", kConflict "branch_in_use".
  reactor::Task<Result<Built>> attach();

  // Takes a checkout away again that was never handed out, and the branch that was made for it.
  reactor::Task<> undo(Built built);

 private:
  struct Plan;
  enum class Aim : std::uint8_t { kBuild, kAttach };

  reactor::Task<Result<Built>> twice(Aim aim, std::string commit);
  reactor::Task<Result<Built>> once(Aim aim, std::string commit);
  reactor::Task<Result<Plan>> plan_build(std::string commit);
  reactor::Task<Result<Plan>> plan_attach();
  reactor::Task<Result<Unit>> free_branch(git::Branch branch);
  reactor::Task<Result<git::Checkout>> add(git::NewWorktree wanted);
  Result<Unit> clear_place() const;
  std::optional<git::Checkout> present() const;

  git::Git& git_;
  KeyedMutex& locks_;
  Site site_;
  std::filesystem::path common_dir_;
};

}  // namespace baton::worktree
