// git, by its command line: one function per command used. It knows repositories, refs and checkouts, not tasks.
//
// Every function may run at the same time as any other. Names and revisions that come from outside are never read as
// options. Errors: kUnprocessable ("not_a_repository", "bad_ref", "no_commits", "git_failed"), kConflict
// ("git_locked"), kTimeout, kNoSpace, kTooLarge, kCancelled, kUnavailable ("no_git"); the text holds the command and
// what git said.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "git/runner.hpp"
#include "git/types.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::git {

class ScratchIndex;

class Git {
 public:
  explicit Git(reactor::Loop& loop, Options options = {}) : runner_(loop, std::move(options)) {}

  reactor::Loop& loop() { return runner_.loop(); }
  std::uint64_t started() const { return runner_.started(); }  // processes, since the beginning

  // Ends what runs and refuses what comes: for the shutdown.
  void cancel_all() { runner_.cancel_all(); }

  // Repositories (repository.cpp). `directory` is the repository, bare or not, one of its worktrees, or a directory in
  // one.

  reactor::Task<Result<Resolved>> find_repository(std::filesystem::path directory);  // `commit` stays empty
  // `revision` as a user writes it; empty means HEAD. With the tip of `branch` (a short name) where one is named.
  reactor::Task<Result<Resolved>> resolve(std::filesystem::path directory, std::string revision,
                                          std::string branch = {});
  reactor::Task<Result<std::optional<Branch>>> find_branch(std::filesystem::path directory, std::string name);
  reactor::Task<Result<std::vector<Ref>>> refs_below(std::filesystem::path directory, std::string prefix);
  // These change a ref only when it is what the caller believes: missing, or at `expected`.
  reactor::Task<Result<Unit>> create_ref(std::filesystem::path directory, std::string ref, std::string commit);
  reactor::Task<Result<Unit>> move_ref(std::filesystem::path directory, std::string ref, std::string commit,
                                       std::string expected);
  reactor::Task<Result<Unit>> delete_ref(std::filesystem::path directory, std::string ref, std::string expected);
  // All of them or none (refs.cpp).
  reactor::Task<Result<Unit>> change_refs(std::filesystem::path directory, std::vector<RefChange> changes);
  reactor::Task<Result<std::vector<DescribedRef>>> described_refs(std::filesystem::path directory, std::string prefix);
  // Of `commits` (full ids, a few dozen), those to which neither `head` nor a ref leads, nor another one of them; refs
  // that match the pattern `but_refs` do not count. A tag stands for its commit; what is no commit, or is not there, is
  // left out. Where more can be reached than is looked at: all.
  reactor::Task<Result<std::vector<std::string>>> unreached(std::filesystem::path directory,
                                                            std::vector<std::string> commits, std::string head,
                                                            std::string but_refs);
  // A commit of ours (by the identity in environment.hpp) with exactly this subject on the branch's own line; the
  // oldest, since whoever works later can quote it.
  reactor::Task<Result<std::optional<Commit>>> oldest_of_ours(std::filesystem::path directory, std::string branch,
                                                              std::string subject);
  // Nothing when the commit has no such file. kTooLarge beyond limits::kSorFile.
  reactor::Task<Result<std::optional<std::string>>> file_at(std::filesystem::path directory, std::string commit,
                                                            std::string path);

  // Of `names`, those that the commit has at its root.
  reactor::Task<Result<std::vector<std::string>>> names_at(std::filesystem::path directory, std::string commit,
                                                           std::vector<std::string> names);

  // A commit of ours on a branch, made without a checkout (import.cpp). A branch that has what `parent` has not is left
  // alone: kUnprocessable. The new tip.
  reactor::Task<Result<std::string>> import_commit(std::filesystem::path common_dir, NewCommit commit);

  // Worktrees (worktrees.cpp). There is no prune: it would drop the user's own worktrees on a disk that is not mounted.

  reactor::Task<Result<std::vector<Registered>>> worktrees(std::filesystem::path directory);
  reactor::Task<Result<Unit>> add_worktree(std::filesystem::path directory, NewWorktree wanted);
  reactor::Task<Result<Unit>> remove_worktree(std::filesystem::path directory, std::filesystem::path path,
                                              Removal removal);

  // Checkouts (commits.cpp)

  // Files as HEAD has them, whatever is there: for a checkout that was just made.
  reactor::Task<Result<Unit>> check_out(Checkout checkout);
  reactor::Task<Result<Status>> status(Checkout checkout);
  // Everything that is not ignored; `nested` repositories are left out.
  reactor::Task<Result<Unit>> stage_all(Checkout checkout, std::vector<std::string> nested);
  // Files at the root, ignored ones too; each must exist or be tracked.
  reactor::Task<Result<Unit>> stage(Checkout checkout, std::vector<std::string> names);
  // What is staged, without hooks; may be empty. The new head.
  reactor::Task<Result<std::string>> commit(Checkout checkout, std::string message);
  reactor::Task<Result<std::vector<std::string>>> submodules(Checkout checkout);
  // What lies there and is ignored: a directory in which everything is, once and with '/' at its end.
  reactor::Task<Result<std::vector<std::string>>> ignored(Checkout checkout);

  // Hidden files (hidden.cpp): has git look again at files that it was told not to look at (skip-worktree,
  // assume-unchanged), so that their edits count. What a sparse checkout leaves out stays out. Returns the paths of
  // submodules, which the same look at the index shows.
  reactor::Task<Result<std::vector<std::string>>> unhide(Checkout checkout);

  // Diffs (diff.cpp): the files on disk against a commit, untracked ones included, without touching the checkout's
  // index.

  reactor::Task<Result<std::vector<FileChange>>> changes(Checkout checkout, DiffRequest request);
  reactor::Task<Result<DiffText>> diff(Checkout checkout, DiffRequest request, std::size_t limit);

  // Files that are not git's, by children (files.cpp). What may be removed or replaced is the caller's business.

  // kUnprocessable when something is left.
  reactor::Task<Result<Unit>> remove_tree(std::filesystem::path path);
  // Bytes on the disk of each of `names` below `directory`, with what lies in it, by a child; 0 for one that is gone.
  reactor::Task<Result<std::vector<std::uint64_t>>> disk_usage(std::filesystem::path directory,
                                                               std::vector<std::string> names);
  // As a whole, also after a power cut: written and synced as `beside`, a name in the same directory, then renamed.
  reactor::Task<Result<Unit>> replace_file(std::filesystem::path file, std::filesystem::path beside,
                                           std::string content);

 private:
  reactor::Task<Result<std::vector<std::string>>> note_untracked(const Checkout& checkout, const ScratchIndex& index);

  reactor::Task<Result<std::vector<std::string>>> unhide(Checkout checkout, std::filesystem::path index);
  reactor::Task<Result<Unit>> clear_flag(Checkout checkout, std::filesystem::path index, std::string option,
                                         std::vector<std::string> names);
  reactor::Task<Result<bool>> is_sparse(Checkout checkout);

  Runner runner_;
};

}  // namespace baton::git
