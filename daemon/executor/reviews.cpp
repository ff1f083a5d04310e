#include "executor/reviews.hpp"

#include <utility>

#include "board/workspace.hpp"
#include "worktree/layout.hpp"

namespace baton::executor {
namespace {

Result<store::Workspace> workspace_at(board::Board& board, const TaskId& task) {
  return board.read([&](const store::View& view) { return board::workspace_of(view, task); });
}

}  // namespace

reactor::Task<Result<worktree::Review>> Reviews::open(TaskId task, std::string revision) {
  const auto row = workspace_at(services_.board, task);
  if (!row) co_return fail(row.error());
  if (revision.empty()) revision = "refs/heads/" + row->branch.value_or(worktree::branch_of(task));
  co_return co_await services_.worktrees.provision_review(row->repo_path, std::move(revision));
}

reactor::Task<Result<Unit>> Reviews::close(TaskId task, std::string id) {
  const auto row = workspace_at(services_.board, task);
  if (!row) co_return fail(row.error());
  co_return co_await services_.worktrees.remove_review(row->repo_path, std::move(id));
}

}  // namespace baton::executor
