// Checkouts of a task's commits for whoever looks at them: a critic, a person, a second runtime.
#pragma once

#include <string>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "executor/services.hpp"
#include "reactor/task.hpp"

namespace baton::executor {

class Reviews {
 public:
  explicit Reviews(Services& services) : services_(services) {}

  // Of `revision` in the repository of the task's workspace; empty: of the last commit on the task's branch. What is
  // not committed is not in it. kNotFound: the task has no workspace; others as Worktrees::provision_review().
  reactor::Task<Result<worktree::Review>> open(TaskId task, std::string revision);
  reactor::Task<Result<Unit>> close(TaskId task, std::string id);

 private:
  Services& services_;
};

}  // namespace baton::executor
