// Files that git ignores, so that no commit keeps them. What is in them may be somebody's work all the same: whoever
// works in a checkout can write the rules by which they are ignored.
//
// What a build makes and can make again goes with the checkout. It is known by the directory that it lies in, and the
// names of those are here and nowhere else.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/task.hpp"
#include "worktree/layout.hpp"

namespace baton::worktree {

// True for a path that is, or lies below, a directory with the name of a build's output. Directories end with '/'.
bool is_build_output(std::string_view path);

// What is ignored in the checkout and not a build's output; directories in which everything is ignored as one.
reactor::Task<Result<std::vector<std::string>>> ignored_work(git::Git& git, git::Checkout checkout);

// "a, b and 3 more", for people.
std::string named(const std::vector<std::string>& paths);

// Files that were moved out of a checkout, which goes. Their place: <…>/.orphans/<task id>.ignored.<n>, under their
// names in the checkout.
class SetAside {
 public:
  // All of ignored_work(), each by one rename. kConflict "ignored_files" when there are more than limits::kIgnoredKept;
  // an error leaves everything where it was.
  static reactor::Task<Result<SetAside>> ignored_of(git::Git& git, Site site, git::Checkout checkout);

  // The checkout stays after all.
  void put_back() const;

 private:
  Result<Unit> move(const std::filesystem::path& from, const std::filesystem::path& to);

  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> moved_;  // from, to
};

}  // namespace baton::worktree
