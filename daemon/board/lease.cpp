// Why it is right: an ownership that has a lease begins with an event (claimed, assigned, moved to in_progress), and so
// does an execution of a client. Either that step sets `lease_check_at`, or the walk over the log comes to the event
// once it is `stale_after_ms` old and does. From then on the task comes up whenever the time that was set has passed,
// and leaves that queue only by being released or by no longer being worked on. So no owner is forgotten, and what is
// asked for is read from two ordered indexes.
//
// Times may lie ahead when the clock was set back. A sign of life that no lease explains is not one; an event that is
// far ahead does not hold up the walk.
#include "board/lease.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "board/event_log.hpp"
#include "board/execution.hpp"
#include "board/judgement.hpp"
#include "board/move.hpp"
#include "board/own.hpp"
#include "board/read.hpp"
#include "board/status.hpp"

namespace baton::board {
namespace {

constexpr std::string_view kMark = "stale_sweep";
constexpr const char* kWatchdog = "stale: no heartbeat within the watchdog window";  // contract §14

bool is_leased_work(const store::Task& task) {
  return task.status == TaskStatus::kInProgress && task.lease_ms.has_value();
}

bool may_begin_work(const store::Event& event) {
  return event.kind == event::kTaskClaimed || event.kind == event::kStatusChanged ||
         event.kind == event::kTaskAssigned || event.kind == event::kExecutionStarted;
}

bool has_work_of_clients(const store::View& view, const TaskId& task) {
  const auto rows = view.executions.running_of(task);
  return std::ranges::any_of(rows, [](const auto& row) { return !row.lease_fence; });
}

std::optional<std::int64_t> sign_of_life(const store::View& view, const store::Task& task, std::int64_t silence_ms,
                                         std::int64_t now_ms) {
  std::optional<std::int64_t> newest;
  const auto note = [&](std::int64_t at) {
    if (at <= now_ms + silence_ms) newest = std::max(newest.value_or(at), at);
  };
  note(task.updated_at);
  if (const auto event = view.events.find(task.last_event_seq)) note(event->ts);
  return newest;
}

// One sweep: what it looks at, and what became of it.
class Sweep {
 public:
  Sweep(store::Tx& tx, const StaleSweep& request) : tx_(tx), request_(request) {}

  Result<SweptTasks> carry_out() {
    if (auto followed = follow_log(); !followed) return fail(followed);
    if (auto looked = look_at_due(); !looked) return fail(looked);
    return std::move(swept_);
  }

 private:
  bool is_old_enough(const store::Event& event) const {
    return event.ts <= tx_.now_ms - request_.stale_after_ms || event.ts > tx_.now_ms + request_.stale_after_ms;
  }

  Result<Unit> follow_log() {
    auto mark = tx_.marks.get(kMark);
    const auto first = tx_.events.after(mark, {}, 1);
    if (first.empty() || !is_old_enough(first.front())) return Unit{};
    std::size_t passed = 0;
    for (const auto& event : tx_.events.after(mark, {}, request_.limit)) {
      if (!is_old_enough(event)) break;
      mark = event.seq;
      ++passed;
      if (!event.task_id || !may_begin_work(event)) continue;
      if (auto looked = look_at_young(event); !looked) return looked;
    }
    tx_.marks.set(kMark, mark);
    if (passed == request_.limit) swept_.more = true;
    return Unit{};
  }

  Result<Unit> look_at_young(const store::Event& event) {
    auto task = tx_.tasks.find(*event.task_id);
    if (!task || (!is_leased_work(*task) && event.kind != event::kExecutionStarted)) return Unit{};
    const auto silence_ms = allowed_silence(*task);
    if (!silence_ms) return Unit{};
    if (task->lease_check_at && *task->lease_check_at <= tx_.now_ms + *silence_ms) return Unit{};  // tracked
    const auto alive = sign_of_life(tx_, *task, *silence_ms, tx_.now_ms).value_or(tx_.now_ms);
    return judge(*std::move(task), alive, *silence_ms);
  }

  // Nothing: nobody says that they work on it.
  std::optional<std::int64_t> allowed_silence(const store::Task& task) const {
    if (is_leased_work(task)) return task.lease_ms;
    if (!has_work_of_clients(tx_, task.id)) return std::nullopt;
    return task.lease_ms.value_or(request_.stale_after_ms);
  }

  Result<Unit> look_at_due() {
    auto due = tx_.tasks.lease_due(tx_.now_ms, request_.limit);
    if (due.size() == request_.limit) swept_.more = true;
    for (auto& task : due) {
      const auto silence_ms = allowed_silence(task);
      if (!silence_ms) {
        stop_tracking(task);
        continue;
      }
      const auto alive = sign_of_life(tx_, task, *silence_ms, tx_.now_ms).value_or(*task.lease_check_at - *silence_ms);
      if (auto judged = judge(std::move(task), alive, *silence_ms); !judged) return judged;
    }
    return Unit{};
  }

  Result<Unit> judge(store::Task task, std::int64_t alive, std::int64_t silence_ms) {
    if (run_of(tx_, task)) {
      stop_tracking(task);
      return Unit{};
    }
    if (alive + silence_ms <= tx_.now_ms && !is_being_judged(tx_, task)) return give_up(std::move(task), alive);
    task.lease_check_at = std::max(alive, tx_.now_ms - silence_ms + 1) + silence_ms;
    tx_.tasks.save(task);
    return Unit{};
  }

  void stop_tracking(store::Task& task) {
    if (!task.lease_check_at) return;
    task.lease_check_at.reset();
    tx_.tasks.save(task);
  }

  // A review goes on without whoever asked for it; only when the daemon was away nobody may know of it any more
  // (contract §14).
  Result<Unit> give_up(store::Task task, std::int64_t alive) {
    end_client_executions(tx_, task, {.status = store::ExecutionStatus::kTimedOut, .error = kWatchdog});
    const bool unknown = task.status == TaskStatus::kInReview && request_.after_start;
    if (task.status == TaskStatus::kInProgress || unknown) return take_back(std::move(task), alive);
    stop_tracking(task);
    return Unit{};
  }

  Result<Unit> take_back(store::Task task, std::int64_t alive) {
    const auto reason = "stale: no sign of life since " + iso8601(alive);
    if (task.status == TaskStatus::kInReview) {
      auto moved = move_task(tx_, task, TaskStatus::kInProgress, reason, owner_of(task));
      if (!moved) return moved;
    }
    if (auto moved = move_task(tx_, task, TaskStatus::kTodo, reason, owner_of(task)); !moved) return moved;
    swept_.released.push_back(std::move(task.id));
    return Unit{};
  }

  store::Tx& tx_;
  const StaleSweep& request_;
  SweptTasks swept_;
};

}  // namespace

Result<store::Task> heartbeat(store::Tx& tx, const Heartbeat& request) {
  auto task = find_task(tx, request.task_id);
  if (!task) return fail(task);
  if (auto current = check_fence(*task, request.fence); !current) return fail(current);
  if (!task->assignee_agent_id) return fail(Errc::kConflict, "nobody owns the task", "not_claimed");
  if (task->status != TaskStatus::kInProgress) {
    return fail(Errc::kConflict, "the task is " + std::string(to_text(task->status)) + ", not in progress", "status");
  }
  task->updated_at = tx.now_ms;
  if (request.lease_ms && !run_of(tx, *task)) {  // a run of this daemon has no use for one
    task->lease_ms = request.lease_ms;
    task->lease_check_at = tx.now_ms + *request.lease_ms;
  }
  tx.tasks.save(*task);
  return task;
}

std::optional<std::int64_t> lease_expires_at(const store::Task& task) {
  if (!is_leased_work(task)) return std::nullopt;
  return task.updated_at + *task.lease_ms;
}

std::optional<std::int64_t> lease_expires_at(const store::View& view, const store::Task& task) {
  if (!is_leased_work(task)) return std::nullopt;
  const auto event = view.events.find(task.last_event_seq);
  return std::max(task.updated_at, event ? event->ts : 0) + *task.lease_ms;
}

Result<SweptTasks> sweep_stale(store::Tx& tx, const StaleSweep& request) { return Sweep(tx, request).carry_out(); }

std::int64_t swept_up_to(const store::View& view) { return view.marks.get(kMark); }

}  // namespace baton::board
