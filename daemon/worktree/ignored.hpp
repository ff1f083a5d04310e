// Files that git ignores, so that no commit keeps them. What is in them may be somebody's work all the same: whoever
// works in a checkout can write the rules by which they are ignored.
//
// What a build makes and can make again goes with the checkout. It is known by the directory that it lies in, and the
// names of those are here and nowhere else. Three of the names (build, dist, target) are also words that people use: a
// directory under one of them is kept like work while it is small.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "git/git.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"
#include "worktree/layout.hpp"

namespace baton::worktree {

// True for a path that is, or lies below, a directory with the name of a build's output. Directories end with '/'.
bool is_build_output(std::string_view path);

// True for build output whose name proves little.
bool may_be_work(std::string_view path);

// What is ignored in the checkout and not a build's output; directories in which everything is ignored as one.
reactor::Task<Result<std::vector<std::string>>> ignored_work(git::Git& git, git::Checkout checkout);

// "a, b and 3 more", for people.
std::string named(const std::vector<std::string>& paths);

struct SizedPath {
  std::string path;
  std::uint64_t bytes = 0;
};

// How much of it is kept when its checkout goes.
struct IgnoredRule {
  std::uint64_t most_bytes = 0;  // 0: without limit
  bool force = false;            // what is too much goes with the checkout, instead of keeping it
};

// Files that were moved out of a checkout, which goes. Their place: <…>/.orphans/<task id>.ignored.<n>, under their
// names in the checkout.
class SetAside {
 public:
  // All of ignored_work(), and small directories that may be work, each by one rename. kConflict "ignored_files" with
  // the detail "largest" when that is more than the rule, or limits::kIgnoredKept names; an error leaves everything
  // where it was. With force the largest stay in the checkout until the rest is within the rule.
  static reactor::Task<Result<SetAside>> ignored_of(git::Git& git, Site site, git::Checkout checkout, IgnoredRule rule);

  // The checkout stays after all.
  reactor::Task<> put_back(reactor::Loop& loop) const;

  // What goes with the checkout, by force.
  const std::vector<SizedPath>& left() const { return left_; }

 private:
  reactor::Task<Result<Unit>> move_all(reactor::Loop& loop, std::filesystem::path from, std::filesystem::path to,
                                       std::vector<SizedPath> kept);
  Result<Unit> move(const std::filesystem::path& from, const std::filesystem::path& to);

  std::vector<std::pair<std::filesystem::path, std::filesystem::path>> moved_;  // from, to
  std::vector<SizedPath> left_;
};

}  // namespace baton::worktree
