// Puts a task on the board.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

// Lengths were checked by the caller against the contract's limits (§1.3).
struct NewTask {
  std::string title = {};
  std::optional<std::string> description = {};
  store::TaskStatus status = store::TaskStatus::kTodo;
  std::int64_t priority = 0;
  std::optional<std::string> team_id = {};
  std::optional<std::string> assignee_runtime = {};
  std::optional<TaskId> parent_task_id = {};
  std::optional<std::string> source_delegation_id = {};
  std::optional<std::string> tenant_id = {};
  std::optional<std::string> kind = {};
  std::optional<std::int64_t> lease_ms = {};  // for one that is in progress from the start
};

// kNotFound "parent_not_found" when the parent is not on the board.
Result<store::Task> create_task(store::Tx& tx, const NewTask& request);

}  // namespace baton::board
