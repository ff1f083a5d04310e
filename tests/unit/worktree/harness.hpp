// Worktrees over a real repository in a temporary directory.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "git/checkout.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/test_repo.hpp"
#include "worktree/worktrees.hpp"

namespace baton::worktree {

class WorktreeTest : public testing::Test {
 protected:
  template <class T>
  T run(reactor::Task<T> task) {
    return test::run_task(loop, std::move(task));
  }

  ProvisionRequest request(const std::string& task = "t1") const {
    ProvisionRequest made;
    made.task_id = TaskId(task);
    made.repository = repo.path();
    made.scaffold = {{"TASK.md", "# Task: " + task + "\n", false}, {"init.sh", "#!/bin/sh\n", true}};
    made.is_scaffold = [](std::string_view, std::string_view content) { return content.starts_with("# Task: "); };
    return made;
  }

  Worktree provisioned(const std::string& task = "t1") {
    auto made = run(worktrees.provision(request(task)));
    require(made.has_value(), made ? "" : made.error().what.c_str());
    return *made;
  }

  git::Checkout checkout_of(const Worktree& worktree) const { return git::open_checkout(worktree.path).value(); }
  std::string in(const Worktree& worktree, const std::string& script) const {
    return std::string(text::trimmed(test::shell(worktree.path, script)));
  }
  std::string tip(const Worktree& worktree) const { return repo.line("git rev-parse refs/heads/" + worktree.branch); }
  bool has_branch(const Worktree& worktree) const { return repo.has_ref("refs/heads/" + worktree.branch); }
  int registered() const { return std::stoi(repo.line("git worktree list --porcelain | grep -c ^worktree")); }
  std::filesystem::path state() const { return state_ / "state"; }

  reactor::Loop loop;
  git::Git git{loop};
  test::TestRepo repo;
  test::TempDir state_;
  Worktrees worktrees{git, state_.path() / "state"};
};

}  // namespace baton::worktree
