// The writer's side of the database: one connection, one transaction at a time.
#pragma once

#include <filesystem>
#include <memory>

#include "base/ids.hpp"
#include "store/backend.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/reader.hpp"
#include "store/sqlite/tables.hpp"

namespace baton::store::sqlite {

class SqliteBackend final : public Backend {
 public:
  // The connection is open for writing and its schema up to date. `ids` is what scripts draw from.
  SqliteBackend(std::unique_ptr<Connection> connection, std::unique_ptr<IdSource> ids);

  Result<Tx*> begin(std::int64_t now_ms) override;
  Result<Unit> save_point() override;
  void undo_to_save_point() override;
  const Error* failure() const override { return connection_->failure(); }
  Result<Unit> commit() override;
  void roll_back() override;

  Connection& connection() { return *connection_; }
  const CommitCount& commits() const { return commits_; }  // any thread

 private:
  // A statement of the transaction itself; its failure is kept like any other.
  Result<Unit> control(Statement& statement);

  std::unique_ptr<Connection> connection_;
  std::unique_ptr<IdSource> ids_;
  Statement begin_;
  Statement save_point_;
  Statement release_;
  Statement undo_;
  Statement commit_;
  Statement roll_back_;
  Tables tables_;
  Tx tx_;
  bool has_save_point_ = false;
  // Where the event log ended: on disk, and when the running script began.
  LogEnd committed_;
  LogEnd save_pointed_;
  CommitCount commits_ = 0;
};

// Opens or creates the file, brings it to the newest schema. Errors as store::open().
Result<std::unique_ptr<SqliteBackend>> open_backend(const std::filesystem::path& file, std::unique_ptr<IdSource> ids);

}  // namespace baton::store::sqlite
