// A Git on a loop of its own, and a repository to use it on.
#pragma once

#include <string>
#include <utility>

#include "git/checkout.hpp"
#include "git/git.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/test_repo.hpp"

namespace baton::git {

class GitTest : public testing::Test {
 protected:
  template <class T>
  T run(reactor::Task<T> task) {
    return test::run_task(loop, std::move(task));
  }

  // A worktree beside the repository on a new branch.
  Checkout checkout(const std::string& name = "tree") { return checkout_at(repo, repo.around() / name, name); }

  Checkout checkout_at(const test::TestRepo& of, const std::filesystem::path& path, const std::string& branch) {
    of.run("git -c core.hooksPath=/dev/null branch " + branch);
    NewWorktree wanted{path, branch, {}, {}};
    require(run(git.add_worktree(of.path(), wanted)).has_value(), "no worktree");
    auto made = open_checkout(path).value();
    require(run(git.check_out(made)).has_value(), "no files");
    return made;
  }

  reactor::Loop loop;
  Git git{loop};
  test::TestRepo repo;
};

}  // namespace baton::git
