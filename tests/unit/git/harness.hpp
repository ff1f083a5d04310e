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
  Checkout checkout(const std::string& name = "tree") {
    const auto path = repo.around() / name;
    NewWorktree wanted{path, name, repo.head()};
    require(run(git.add_worktree(repo.path(), wanted)).has_value(), "no worktree");
    return open_checkout(path).value();
  }

  reactor::Loop loop;
  Git git{loop};
  test::TestRepo repo;
};

}  // namespace baton::git
