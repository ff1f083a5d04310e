// Makes the checkout of one task: clears its place, finds out what its branch is worth, commits the scaffold, adds the
// worktree, fills it, and undoes all of it when that fails. The caller holds the lock of the worktree's path; this
// takes the repository's, but not while files are written: that takes longest, and concerns nobody else.
//
// From the moment that git registers it until it is handed out, a checkout is locked as git locks one that it is
// making (opened.hpp). So a daemon that is killed in between leaves something that can be told from work, and may be
// removed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"
#include "worktree/keyed_mutex.hpp"
#include "worktree/layout.hpp"
#include "worktree/marker.hpp"
#include "worktree/scaffold_files.hpp"

namespace baton::worktree {

// What a new worktree begins with.
struct Seed {
  std::string base;  // a full commit id
  std::vector<handoff::ScaffoldFile> scaffold;
  IsScaffold is_scaffold;
  bool branch_is_new = false;  // a look at the branch showed that there is none; should there be one after all, the
                               // first try fails and the second looks again
};

struct Built {
  git::Checkout checkout;
  std::optional<Marker> marker;  // complete; build() knows it
  std::string new_branch_at;     // the branch was made here; empty: it was there
};

class Builder {
 public:
  Builder(git::Git& git, KeyedMutex& locks, Site site, const std::filesystem::path& common_dir);

  const Site& site() const { return site_; }

  // What is there already: a whole checkout of this repository at this place. What a killed daemon left half made is
  // taken away first.
  reactor::Task<Result<std::optional<git::Checkout>>> present_whole();

  // On a branch from the base. A branch that is there is taken when it begins there, gone on with when it carries our
  // scaffold; else its commits are kept under a salvage ref before it is made anew. kConflict "branch_in_use".
  reactor::Task<Result<Built>> build(Seed seed);

  // On the branch as it was kept. kUnprocessable "branch_gone", kConflict "branch_in_use".
  reactor::Task<Result<Built>> attach();

  // The checkout is whole from here on. `scaffold`: what it should begin with; none for one that went on.
  Result<Unit> hand_out(const git::Checkout& checkout, const Marker& marker,
                        const std::vector<handoff::ScaffoldFile>& scaffold) const;

  // Takes a checkout away again that was never handed out, and the branch that was made for it.
  reactor::Task<> undo(Built built);

 private:
  struct Start;  // what the branch has

  reactor::Task<Result<Built>> build_once(Seed seed);
  reactor::Task<Result<Built>> attach_once();
  reactor::Task<Result<Start>> clear_branch(std::string base);
  reactor::Task<Result<Unit>> free_branch(git::Branch branch);
  reactor::Task<Result<Marker>> commit_scaffold(Seed seed);
  reactor::Task<Result<Built>> furnish(Built built);
  reactor::Task<Result<git::Checkout>> add();
  Result<Unit> clear_place() const;
  std::optional<git::Checkout> present() const;

  git::Git& git_;
  KeyedMutex& locks_;
  Site site_;
  std::filesystem::path common_dir_;
};

}  // namespace baton::worktree
