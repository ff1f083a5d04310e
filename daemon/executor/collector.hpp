// Takes away worktrees that nobody uses: old ones, too many, too large, or in the way of what is at work.
//
// Nothing in them is lost: everything is committed to the task's branch, which is kept, and ignored files are kept
// aside (worktree/collect.hpp); provisioning the task again goes on where it was. A task that is in progress, in review
// or in use by this daemon is skipped, and that is looked at again under the worktree's lock. The task itself does not
// change.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "executor/busy.hpp"
#include "executor/collect_plan.hpp"
#include "executor/services.hpp"
#include "reactor/semaphore.hpp"
#include "reactor/task.hpp"

namespace baton::executor {

struct CollectedOne {
  TaskId task_id;
  std::string worktree_path;
  std::string_view why;  // collect_plan.hpp, or "free_space"
  std::string head;      // where the branch is; empty: its removal was only finished
};

struct NotCollected {
  TaskId task_id;
  std::string worktree_path;
  Error error;
};

struct Collection {
  std::vector<CollectedOne> collected;
  std::vector<NotCollected> failures;
  std::size_t kept = 0;
  std::uint64_t free_bytes = 0;  // where the worktrees are; 0 also when that cannot be told
};

class Collector {
 public:
  Collector(Services& services, BusyTasks& busy, CollectRules rules);

  // One after the other; a failure does not stop the rest. Whoever asks while it goes on gets a turn of his own.
  reactor::Task<Collection> collect();

  // Ends a collection after the worktree that it is at.
  void stop() { stopping_ = true; }

 private:
  struct Candidate {
    worktree::Found found;
    CollectItem item;
  };

  reactor::Task<std::vector<Candidate>> candidates();
  reactor::Task<> measure(std::vector<Candidate>& candidates);
  reactor::Task<> take(Candidate candidate, std::string_view why, Collection& into);
  reactor::Task<Result<CollectedOne>> reap(Candidate candidate, std::string_view why);
  reactor::Task<> make_room(std::vector<Candidate> candidates, Collection& into);
  bool is_active(const TaskId& task) const;

  Services& services_;
  BusyTasks& busy_;
  const CollectRules rules_;
  reactor::Semaphore turn_;
  bool stopping_ = false;
  std::map<std::string, std::pair<std::int64_t, std::uint64_t>> sizes_;  // path -> when it was used then, bytes
};

}  // namespace baton::executor
