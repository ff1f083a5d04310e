#include "store/sqlite/backend.hpp"

#include <utility>

#include "base/bug.hpp"

namespace baton::store::sqlite {

SqliteBackend::SqliteBackend(std::unique_ptr<Connection> connection, std::unique_ptr<IdSource> ids)
    : connection_(std::move(connection)),
      ids_(std::move(ids)),
      begin_(*connection_, "BEGIN IMMEDIATE"),
      save_point_(*connection_, "SAVEPOINT script"),
      release_(*connection_, "RELEASE script"),
      undo_(*connection_, "ROLLBACK TO script"),
      commit_(*connection_, "COMMIT"),
      roll_back_(*connection_, "ROLLBACK"),
      tables_(*connection_),
      tx_{tables_.tasks,  tables_.comments, tables_.executions,   tables_.workspaces, tables_.dependencies,
          tables_.events, tables_.posts,    tables_.kept_answers, tables_.marks,      0,
          *ids_} {
  committed_ = tables_.events.end();
  tables_.events.continue_from(committed_);
}

Result<Tx*> SqliteBackend::begin(std::int64_t now_ms) {
  require(!connection_->in_transaction(), "store: a transaction inside a transaction");
  connection_->forget_failure();
  if (auto begun = control(begin_); !begun) return fail(begun);
  tx_.now_ms = now_ms;
  save_pointed_ = committed_;
  has_save_point_ = false;
  return &tx_;
}

// One savepoint at a time: the one of the script before is released, its work stays part of the group.
Result<Unit> SqliteBackend::save_point() {
  if (has_save_point_) {
    if (auto released = control(release_); !released) return released;
  }
  has_save_point_ = false;
  if (auto placed = control(save_point_); !placed) return placed;
  has_save_point_ = true;
  save_pointed_ = tables_.events.end();
  tables_.posts.begin_script();
  return Unit{};
}

// kInternal is a rule of the database that this script broke. All else is a disk, and after it SQLite may have given up
// the whole transaction already: the failure stays, and with it every statement stays without effect.
void SqliteBackend::undo_to_save_point() {
  const bool concerns_group = failure() != nullptr && failure()->code != Errc::kInternal;
  if (concerns_group || !connection_->in_transaction()) return;
  connection_->forget_failure();
  if (auto undone = control(undo_); !undone) return;
  tables_.events.continue_from(save_pointed_);
  tables_.posts.undo_script();
}

Result<Unit> SqliteBackend::commit() {
  commits_.fetch_add(1);
  auto committed = control(commit_);
  if (committed) {
    committed_ = tables_.events.end();
  } else {
    roll_back();
  }
  commits_.fetch_add(1);
  return committed;
}

void SqliteBackend::roll_back() {
  connection_->forget_failure();
  if (connection_->in_transaction()) roll_back_.run().finish();
  require(!connection_->in_transaction(), "sqlite: a transaction that cannot be rolled back");
  connection_->forget_failure();
  tables_.events.continue_from(committed_);
  tables_.posts.undo_group();
}

Result<Unit> SqliteBackend::control(Statement& statement) {
  statement.run().finish();
  if (const Error* failed = failure()) return fail(*failed);
  return Unit{};
}

}  // namespace baton::store::sqlite
