// The tables of tx.hpp over one connection; each class has its own source. All statements are prepared once and kept.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "store/sqlite/events.hpp"
#include "store/sqlite/kept_answers.hpp"
#include "store/sqlite/marks.hpp"
#include "store/sqlite/posts.hpp"
#include "store/sqlite/statement.hpp"
#include "store/sqlite/tasks.hpp"
#include "store/tx.hpp"

namespace baton::store::sqlite {

class Comments final : public CommentTable {
 public:
  explicit Comments(Connection& connection);

  std::vector<Comment> of_task(const TaskId& task) const override;
  HistoryPage<Comment> newest_of(const TaskId& task, std::optional<std::int64_t> before) const override;
  void insert(const Comment& comment) override;

 private:
  mutable Statement of_task_;
  mutable Statement newest_of_;
  Statement insert_;
};

class Executions final : public ExecutionTable {
 public:
  explicit Executions(Connection& connection);

  std::optional<Execution> find(const ExecutionId& id) const override;
  std::vector<Execution> of_task(const TaskId& task) const override;
  HistoryPage<Execution> newest_of(const TaskId& task, std::optional<std::int64_t> before) const override;
  std::vector<Execution> running_of(const TaskId& task) const override;
  std::vector<Execution> leased() const override;
  std::optional<ExecutionId> leased_at(const TaskId& task, std::int64_t fence) const override;
  void insert(const Execution& execution) override;
  void save(const Execution& execution) override;

 private:
  Connection& connection_;
  mutable Statement find_;
  mutable Statement of_task_;
  mutable Statement running_of_;
  mutable Statement newest_of_;
  mutable Statement leased_;
  mutable Statement leased_at_;
  Statement insert_;
  Statement save_;
};

class Workspaces final : public WorkspaceTable {
 public:
  explicit Workspaces(Connection& connection);

  std::optional<Workspace> newest_of(const TaskId& task) const override;
  RepositoryPage repositories(std::int64_t after, std::size_t limit) const override;
  void insert(const Workspace& workspace) override;
  void save(const Workspace& workspace) override;

 private:
  Connection& connection_;
  mutable Statement newest_of_;
  mutable Statement repositories_;
  Statement insert_;
  Statement save_;
};

class Dependencies final : public DependencyTable {
 public:
  explicit Dependencies(Connection& connection);

  std::vector<TaskId> blockers_of(const TaskId& task, std::size_t limit) const override;
  std::vector<TaskId> dependents_of(const TaskId& task, std::size_t limit) const override;
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

// All of them over one connection, which must outlive them.
struct Tables {
  explicit Tables(Connection& connection)
      : tasks(connection),
        comments(connection),
        executions(connection),
        workspaces(connection),
        dependencies(connection),
        events(connection),
        posts(connection),
        kept_answers(connection),
        marks(connection) {}

  View view() const {
    return {tasks, comments, executions, workspaces, dependencies, events, posts, kept_answers, marks};
  }

  Tasks tasks;
  Comments comments;
  Executions executions;
  Workspaces workspaces;
  Dependencies dependencies;
  Events events;
  Posts posts;
  KeptAnswers kept_answers;
  Marks marks;
};

}  // namespace baton::store::sqlite
