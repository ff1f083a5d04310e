// The tables of tx.hpp over one connection; each class has its own file. All statements are prepared once and kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/sqlite/statement.hpp"
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

 private:
  TaskPage newest(const TaskFilter& filter, std::optional<TaskCursor> after, std::size_t limit) const;
  TaskPage ready(const std::optional<std::string>& team, std::optional<TaskCursor> after, std::size_t limit) const;

  Connection& connection_;
  mutable Statement find_;
  mutable Statement newest_;
  mutable Statement newest_of_team_;
  mutable Statement ready_same_priority_;
  mutable Statement ready_from_priority_;
  mutable Statement ready_of_team_same_priority_;
  mutable Statement ready_of_team_from_priority_;
  mutable Statement ancestor_;
  Statement insert_;
  Statement save_;
  Statement move_;
  Statement claim_;
};

class Comments final : public CommentTable {
 public:
  explicit Comments(Connection& connection);

  std::vector<Comment> of_task(const TaskId& task) const override;
  void insert(const Comment& comment) override;

 private:
  mutable Statement of_task_;
  Statement insert_;
};

class Executions final : public ExecutionTable {
 public:
  explicit Executions(Connection& connection);

  std::optional<Execution> find(const ExecutionId& id) const override;
  std::vector<Execution> of_task(const TaskId& task) const override;
  std::vector<Execution> leased() const override;
  void insert(const Execution& execution) override;
  void save(const Execution& execution) override;

 private:
  Connection& connection_;
  mutable Statement find_;
  mutable Statement of_task_;
  mutable Statement leased_;
  Statement insert_;
  Statement save_;
};

class Workspaces final : public WorkspaceTable {
 public:
  explicit Workspaces(Connection& connection);

  std::optional<Workspace> newest_of(const TaskId& task) const override;
  void insert(const Workspace& workspace) override;
  void save(const Workspace& workspace) override;

 private:
  Connection& connection_;
  mutable Statement newest_of_;
  Statement insert_;
  Statement save_;
};

class Dependencies final : public DependencyTable {
 public:
  explicit Dependencies(Connection& connection);

  std::vector<TaskId> blockers_of(const TaskId& task) const override;
  std::vector<TaskId> dependents_of(const TaskId& task) const override;
  bool reaches(const TaskId& from, const TaskId& to) const override;
  bool insert(const TaskId& task, const TaskId& depends_on) override;
  bool erase(const TaskId& task, const TaskId& depends_on) override;

 private:
  mutable Statement blockers_of_;
  mutable Statement dependents_of_;
  mutable Statement reaches_;
  Statement insert_;
  Statement erase_;
};

class Events final : public EventTable {
 public:
  explicit Events(Connection& connection);

  std::int64_t last_seq() const override;
  std::vector<Event> after(std::int64_t seq, const EventFilter& filter, std::size_t limit) const override;
  std::int64_t append(const Event& event) override;

  // Who appends tells the last number given, so that it need not be looked up for each event. It is told again after an
  // undo.
  void continue_from(std::int64_t last_seq) { last_seq_ = last_seq; }

 private:
  std::vector<Event> of_task(std::int64_t seq, const EventFilter& filter, std::size_t limit) const;

  std::optional<std::int64_t> last_seq_;  // nothing: not an appender
  mutable Statement newest_;
  mutable Statement after_;
  mutable Statement at_;
  mutable Statement chain_head_;
  mutable Statement chain_link_;
  Statement insert_;
  Statement set_chain_head_;
};

// All of them over one connection, which must outlive them.
struct Tables {
  explicit Tables(Connection& connection)
      : tasks(connection),
        comments(connection),
        executions(connection),
        workspaces(connection),
        dependencies(connection),
        events(connection) {}

  Tasks tasks;
  Comments comments;
  Executions executions;
  Workspaces workspaces;
  Dependencies dependencies;
  Events events;
};

}  // namespace baton::store::sqlite
