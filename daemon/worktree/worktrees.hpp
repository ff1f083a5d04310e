// A task's checkout from its first commit to its end. The directory is the durable world of the task; this is
// everything that is done to it. It knows repositories, branches and files, not the board.
//
// Every function may run at the same time as any other: those for one worktree, and those that change one repository's
// shared administration, wait for each other here.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "git/git.hpp"
#include "handoff/scaffold_file.hpp"
#include "reactor/task.hpp"
#include "worktree/collect.hpp"
#include "worktree/ignored.hpp"
#include "worktree/keyed_mutex.hpp"
#include "worktree/layout.hpp"
#include "worktree/marker.hpp"
#include "worktree/salvaged.hpp"
#include "worktree/save.hpp"
#include "worktree/scaffold_files.hpp"

namespace baton::worktree {

class Builder;

// Where a task's worktree is and what it is measured against.
struct Worktree {
  TaskId task_id;
  std::filesystem::path repository;  // as it was given, made absolute
  std::filesystem::path path;
  std::string branch;                   // clawboo/task-<id>
  std::string base_commit;              // what it was made from
  std::string baseline_commit;          // the scaffold commit
  std::vector<std::string> user_files;  // of the six names: those that the user's repository had; they count as work
};

struct ProvisionRequest {
  TaskId task_id;
  std::filesystem::path repository;  // the repository or a directory in it
  std::string base;                  // a commit or ref; empty: HEAD
  std::vector<handoff::ScaffoldFile> scaffold;
  // True for content under one of the six names that a scaffold of an earlier task wrote: it is replaced; anything else
  // under such a name is the user's and stays.
  IsScaffold is_scaffold;
};

struct DiffStat {
  std::int64_t files_changed = 0;
  std::int64_t insertions = 0;
  std::int64_t deletions = 0;
  bool dirty = false;  // anything changed at all; at the end also: ignored files that no build made
};

struct Paused {
  bool committed = false;  // uncommitted work was found and committed
  std::string head;
  std::vector<SizedPath> dropped;  // ignored files that went with the checkout, by force
  std::string kept_as = {};        // the ref of `head`, when the branch is checked out elsewhere and so was left alone
};

// A commit to look at.
struct Review {
  std::string id;  // <first 12 digits of the commit>, with .<n> where several look at it
  std::filesystem::path path;
  std::string commit;
};

struct Completed {
  DiffStat diff;
  bool cleaned = false;  // nothing was changed: checkout and branch are gone
  std::vector<SizedPath> dropped;
};

struct Settings {
  std::uint64_t ignored_max_bytes = 0;  // of ignored files kept of one checkout; 0: without limit
};

class Worktrees {
 public:
  // Worktrees lie under `<state>/worktrees`.
  Worktrees(git::Git& git, std::filesystem::path state, Settings settings = {});

  // What a request names, checked before anything is changed: a repository and a commit in it. Returns the 40 hex
  // digits. kUnprocessable "not_a_repository", "bad_ref", "no_commits".
  reactor::Task<Result<std::string>> resolve_base(std::filesystem::path repository, std::string base);

  reactor::Task<Result<Worktree>> provision(ProvisionRequest request);

  // True when the checkout exists, lies under our root and is registered with its repository.
  reactor::Task<bool> is_usable(std::filesystem::path repository, std::filesystem::path path);

  // The checkout of a task that nobody remembers, from its own marker or its branch's scaffold commit, whoever made it.
  // kConflict "no_checkout", "broken_worktree"; kUnprocessable "no_baseline".
  reactor::Task<Result<Worktree>> load(TaskId task, std::filesystem::path repository);

  // True when what git knows of the checkout cannot be read: whatever is asked next is refused with "broken_worktree".
  bool is_damaged(const std::filesystem::path& path) const;

  // HEAD is on no branch: whoever works there left it.
  bool is_detached(const std::filesystem::path& path) const;

  // Makes the checkout of a branch that was kept. `known` is what the board remembers; a missing baseline is searched
  // in the branch. kUnprocessable "branch_gone".
  reactor::Task<Result<Worktree>> resume(Worktree known);

  // Commits what is uncommitted, removes the checkout, keeps the branch, and keeps ignored files aside (ignored.hpp).
  // A branch that somebody checked out elsewhere meanwhile is not moved: a salvage ref holds the head.
  // Repeatable. kConflict "ignored_files" when they are too large to be kept, unless `force`: then the largest go.
  reactor::Task<Result<Paused>> pause(Worktree worktree, bool force = false);

  // Commits what is uncommitted as a checkpoint; the head, changed or not.
  reactor::Task<Result<std::string>> checkpoint(Worktree worktree);

  // Everything that differs from the baseline: committed, uncommitted, untracked one by one; without the scaffold's own
  // files.
  reactor::Task<Result<DiffStat>> diff_stat(Worktree worktree);
  reactor::Task<Result<std::string>> diff(Worktree worktree);

  // Nothing changed and nothing but a build's output is ignored: removes checkout and branch, leaving a salvage ref.
  // Otherwise leaves both. A branch that is checked out elsewhere stays. With `force` ignored files do not count: they
  // are kept aside as by pause(). Finishes a completion that was interrupted; kConflict "no_checkout" when there is
  // nothing else.
  reactor::Task<Result<Completed>> complete(Worktree worktree, bool force = false);

  // Collecting (collect.cpp). All checkouts that are provably ours, in no order. Removals that were interrupted are
  // finished, or undone where git had not looked yet (leaving.hpp).
  reactor::Task<std::vector<Found>> find_ours();
  // Commits everything, keeps the branch and ignored files, removes the checkout, and looks whether it is gone.
  // kConflict "active", "not_ours", and what pause() refuses.
  reactor::Task<Result<Reaped>> reap(Found found, StillIdle still_idle);
  reactor::Task<Result<std::uint64_t>> bytes_of(std::filesystem::path checkout);  // on the disk, by a child
  const std::filesystem::path& root() const { return layout_.root(); }

  // What was kept (salvaged.cpp). `repository` as in Site: what is kept of one is beside its worktrees and in its refs.
  reactor::Task<Result<std::vector<Salvaged>>> salvaged_commits(std::filesystem::path repository);
  reactor::Task<Result<std::vector<Salvaged>>> salvaged_files(std::filesystem::path repository);
  // Makes `branch` at the commit, which is returned. kNotFound "no_salvage", kConflict "branch_exists",
  // kUnprocessable for a name that git does not take.
  reactor::Task<Result<std::string>> restore_commit(std::filesystem::path repository, TaskId task, int n,
                                                    std::string branch);
  bool has_salvaged_files(const std::filesystem::path& repository, const TaskId& task, int n) const;
  // Moves them back into the checkout without replacing anything. kNotFound "no_salvage", kConflict "no_checkout".
  reactor::Task<Result<RestoredFiles>> restore_files(Worktree worktree, int n);
  // Forgets what was listed; a commit only when its ref still names it. kConflict "kept_again": it was needed since.
  reactor::Task<Result<Unit>> forget_commit(std::filesystem::path repository, Salvaged kept);
  reactor::Task<Result<Unit>> forget_files(std::filesystem::path repository, Salvaged kept);
  // What an earlier daemon had begun; and notes of completions that nobody will repeat.
  reactor::Task<> finish_forgetting(std::filesystem::path repository, std::int64_t now_ms);
  // A commit of which nobody knows since when it is kept: since now.
  void note_kept(const std::filesystem::path& repository, const Salvaged& kept);
  reactor::Task<Result<git::Resolved>> repository_of(std::filesystem::path directory) {
    return git_.find_repository(std::move(directory));
  }

  // A commit of the repository, checked out on no branch for somebody who wants to look at it, build it or test it
  // (review.cpp). Each call makes one of its own. Nothing in it is anybody's work: it goes by remove_review(), or at
  // the next start. kUnprocessable "bad_ref", kConflict "too_many_reviews".
  reactor::Task<Result<Review>> provision_review(std::filesystem::path repository, std::string revision);
  // kNotFound: there is no such review.
  reactor::Task<Result<Unit>> remove_review(std::filesystem::path repository, std::string id);
  // All that are there: before the first one is made.
  reactor::Task<> sweep_reviews();

  // One of the six files, put in place as a whole and synced, by children. kNotFound-like errors are those of
  // open_site(); kTooLarge beyond limits::kSorFile; kNoSpace "disk_full", kIo: the old file is still there.
  reactor::Task<Result<Unit>> write_file(Worktree worktree, std::string name, std::string content);

  // A file as it is in a commit; nothing when it is not there.
  reactor::Task<Result<std::optional<std::string>>> file_at(std::filesystem::path repository, std::string commit,
                                                            std::string name);

  // An empty directory for work without a repository, and its end.
  Result<std::filesystem::path> make_scratch(const std::string& name);
  reactor::Task<> remove_scratch(std::filesystem::path path);

 private:
  reactor::Task<Result<std::optional<Worktree>>> existing(Builder& builder, const IsScaffold& is_scaffold);
  reactor::Task<> settle_leaving(std::filesystem::path folder, TaskId task);
  reactor::Task<Result<Marker>> find_baseline(Site site, git::Checkout checkout);
  reactor::Task<Result<git::DiffRequest>> measured(Site site, Worktree worktree, git::Checkout checkout);
  reactor::Task<Result<DiffStat>> stat_of(git::Checkout checkout, git::DiffRequest request);
  // What there is to complete: how much was done, and when it was nothing, the saved tree.
  struct Nothing {
    DiffStat stat;
    std::optional<Saved> saved;
  };
  reactor::Task<Result<Nothing>> nothing_done(Site site, git::Checkout checkout, git::DiffRequest measure, bool force);
  reactor::Task<Result<Completed>> finish_completion(Site site, std::string baseline);
  reactor::Task<Result<KeyedMutex::Lock>> lock_repository(std::filesystem::path repository);  // when nothing is open
  IgnoredRule rule(bool force) const { return {settings_.ignored_max_bytes, force}; }

  git::Git& git_;
  Layout layout_;
  Settings settings_;
  KeyedMutex locks_;  // by worktree path and by common git directory
};

}  // namespace baton::worktree
