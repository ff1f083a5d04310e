#include "board/judgement.hpp"

#include <string>
#include <string_view>

#include "board/move.hpp"
#include "board/read.hpp"
#include "board/status.hpp"

namespace baton::board {
namespace {

constexpr std::string_view kFolder = "judging/";

std::string mark_of(const TaskId& task) { return std::string(kFolder) + task.value; }

}  // namespace

Result<store::Task> begin_judgement(store::Tx& tx, const TaskId& id, std::int64_t fence) {
  const auto before = find_task(tx, id);
  if (!before) return fail(before.error());
  auto task = begin_review(tx, id, fence);
  if (task && before->status != TaskStatus::kInReview) tx.marks.set(mark_of(id), fence);
  return task;
}

Result<Settled> end_judgement(store::Tx& tx, const TaskId& id, std::int64_t fence, const Settlement& settlement) {
  tx.marks.drop(mark_of(id));
  return settle_task(tx, id, fence, settlement);
}

bool is_being_judged(const store::View& view, const store::Task& task) {
  return task.status == TaskStatus::kInReview && view.marks.get(mark_of(task.id)) == task.fence;
}

Result<std::vector<TaskId>> recover_judgements(store::Tx& tx, const Undead& undead) {
  std::vector<TaskId> recovered;
  for (const auto& mark : tx.marks.below(kFolder)) {
    const TaskId id(mark.substr(kFolder.size()));
    const auto fence = tx.marks.get(mark);
    tx.marks.drop(mark);
    auto task = tx.tasks.find(id);
    if (!task || task->fence != fence || task->status != TaskStatus::kInReview || task->dropped) continue;
    if (const auto alive = undead.find(id); alive != undead.end()) {
      const auto blocked = settle_task(tx, id, task->fence, blocked_by_undead(alive->second));
      if (!blocked) return fail(blocked.error());
      recovered.push_back(id);
      continue;
    }
    const auto moved = move_task(tx, *task, TaskStatus::kInProgress, "recovery: the daemon ended while it was judged",
                                 owner_of(*task));
    if (!moved) return fail(moved.error());
    recovered.push_back(id);
  }
  return recovered;
}

}  // namespace baton::board
