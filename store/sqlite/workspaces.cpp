// Checkouts of tasks. A task may have had several; the newest row is the one that counts (contract §1.4).
#include <fmt/format.h>

#include "store/sqlite/tables.hpp"

namespace baton::store::sqlite {
namespace {

constexpr const char* kFixedColumns = "id, task_id, created_at, tenant_id";
constexpr const char* kStateColumns =
    "repo_path, branch, worktree_path, status, last_used_at, baseline_commit, base_commit, user_files";
constexpr const char* kFixedMarks = "?, ?, ?, ?";
constexpr const char* kStateMarks = "?, ?, ?, ?, ?, ?, ?, ?";

template <class Row, class Visit>
void each_fixed_column(Row& workspace, Visit&& visit) {
  visit(workspace.id);
  visit(workspace.task_id);
  visit(workspace.created_at);
  visit(workspace.tenant_id);
}

template <class Row, class Visit>
void each_state_column(Row& workspace, Visit&& visit) {
  visit(workspace.repo_path);
  visit(workspace.branch);
  visit(workspace.worktree_path);
  visit(workspace.status);
  visit(workspace.last_used_at);
  visit(workspace.baseline_commit);
  visit(workspace.base_commit);
  visit(workspace.user_files);
}

}  // namespace

Workspaces::Workspaces(Connection& connection)
    : connection_(connection),
      newest_of_(connection, fmt::format("SELECT {}, {} FROM workspaces WHERE task_id = ? ORDER BY n DESC LIMIT 1",
                                         kFixedColumns, kStateColumns)),
      repositories_(connection, "SELECT n, repo_path FROM workspaces WHERE n > ? ORDER BY n LIMIT ?"),
      insert_(connection, fmt::format("INSERT INTO workspaces ({}, {}) VALUES ({}, {})", kFixedColumns, kStateColumns,
                                      kFixedMarks, kStateMarks)),
      save_(connection, fmt::format("UPDATE workspaces SET ({}) = ({}) WHERE id = ?", kStateColumns, kStateMarks)) {}

std::optional<Workspace> Workspaces::newest_of(const TaskId& task) const {
  auto run = newest_of_.run(task);
  if (!run.next()) return std::nullopt;
  Workspace workspace;
  auto columns = run.columns();
  each_fixed_column(workspace, columns);
  each_state_column(workspace, columns);
  return workspace;
}

RepositoryPage Workspaces::repositories(std::int64_t after, std::size_t limit) const {
  RepositoryPage page;
  std::size_t rows = 0;
  auto run = repositories_.run(after, static_cast<std::int64_t>(limit));
  for (; run.next(); ++rows) {
    page.next = run.integer(0);
    if (page.paths.empty() || page.paths.back() != run.text(1)) page.paths.emplace_back(run.text(1));
  }
  if (rows < limit) page.next = 0;
  return page;
}

void Workspaces::insert(const Workspace& workspace) {
  insert_
      .run_with([&](Binder& bind) {
        each_fixed_column(workspace, bind);
        each_state_column(workspace, bind);
      })
      .finish();
}

void Workspaces::save(const Workspace& workspace) {
  const int saved = save_
                        .run_with([&](Binder& bind) {
                          each_state_column(workspace, bind);
                          bind(workspace.id);
                        })
                        .finish();
  if (saved == 0) {
    connection_.note_failure(
        {Errc::kInternal, fmt::format("workspace {} is not there to be saved", workspace.id.value)});
  }
}

}  // namespace baton::store::sqlite
