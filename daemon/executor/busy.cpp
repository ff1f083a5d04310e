#include "executor/busy.hpp"

#include <fmt/format.h>

namespace baton::executor {

BusyTasks::Hold::~Hold() {
  if (table_ != nullptr) table_->held_.erase(task_);
}

Result<BusyTasks::Hold> BusyTasks::hold(const TaskId& task, std::string_view what) {
  const auto [at, taken] = held_.emplace(task, what);
  if (!taken) return fail(Errc::kConflict, fmt::format("{} is going on for this task", at->second), "busy");
  Hold hold(*this, task);
  if (auto alive = undead_ ? undead_(task) : std::nullopt)
    return fail(Errc::kConflict, *std::move(alive), "undead_worker");
  return hold;
}

std::string_view BusyTasks::holder(const TaskId& task) const {
  const auto found = held_.find(task);
  return found == held_.end() ? std::string_view() : found->second;
}

}  // namespace baton::executor
