// Why a task is not ready: in one sentence, and in data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.hpp"
#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

// A task that another one waits for.
struct Blocker {
  TaskId id;
  std::string title;
  store::TaskStatus status = store::TaskStatus::kTodo;
  bool dropped = false;
  // It was cancelled or dropped: the wait has no end unless somebody unlinks, restores or cancels.
  bool hopeless() const { return dropped || status == store::TaskStatus::kCancelled; }
};

// What `task` waits for and is not done, at most limits::kBlockersShown. Of a task that waits for more than
// limits::kListScan others the rest is not looked at; `Task::unmet_blockers` counts them all.
std::vector<Blocker> unmet_blockers(const store::View& view, const TaskId& task);

// [{"id":…,"title":…,"status":…,"dropped":…,"hopeless":…}], in refusals and in reads alike.
void write_json(json::Writer& json, const std::vector<Blocker>& blockers);

struct Holder {
  std::string agent_id;
  std::optional<std::string> runtime;
  std::optional<std::int64_t> since;        // ms since 1970
  std::optional<std::int64_t> until;        // when its lease ends; nothing: a run of this daemon, or no lease
  std::optional<ExecutionId> execution_id;  // the run of this daemon that works on it
};

struct Explanation {
  store::Task task;
  bool ready = false;
  std::string_view reason;  // ready, claimed, status, dropped, dependencies; the words of a refused claim
  std::string sentence;     // as in a refusal: lower case, no full stop
  std::optional<Holder> holder;
  std::vector<Blocker> blocked_by;
  std::int64_t events_head = 0;  // seq of the task's newest event: where the story can be read
};

// kNotFound.
Result<Explanation> explain(const store::View& view, const TaskId& id);

// The same of a task as it was read from `view`.
Explanation explain_task(const store::View& view, store::Task task);

}  // namespace baton::board
