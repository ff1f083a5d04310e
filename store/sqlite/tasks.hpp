// The board's main table over one connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "store/sqlite/statement.hpp"
#include "store/sqlite/task_lists.hpp"
#include "store/tx.hpp"

namespace baton::store::sqlite {

class Tasks final : public TaskTable {
 public:
  explicit Tasks(Connection& connection);

  std::optional<Task> find(const TaskId& id) const override;
  TaskPage list(const TaskFilter& filter, std::optional<TaskCursor> after, std::size_t limit) const override;
  std::vector<Ancestor> ancestors(const TaskId& id, std::size_t limit) const override;
  void insert(const Task& task) override;
  void save(const Task& task) override;
  std::optional<Task> claim(const ClaimUpdate& update) override;
  std::vector<Task> lease_due(std::int64_t now_ms, std::size_t limit) const override;

 private:
  Connection& connection_;
  mutable TaskLists lists_;
  mutable Statement find_;
  mutable Statement ancestor_;
  mutable Statement lease_due_;
  Statement insert_;
  Statement save_;
  Statement move_;
  Statement watch_lease_;
  Statement claim_;
};

}  // namespace baton::store::sqlite
