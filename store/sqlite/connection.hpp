// One connection to the database file, and the first thing that went wrong on it.
//
// The failure is sticky: after it every statement does nothing and finds nothing, so that transaction scripts need not
// ask after each operation (see tx.hpp); who runs the script asks once, and forgets the failure before the next one.
//
// SQLite's own mutexes are off: a connection belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"

struct sqlite3;

namespace baton::store::sqlite {

class Connection {
 public:
  enum class Mode : std::uint8_t { kReadOnly, kReadWrite, kExisting };

  // kReadWrite creates the file, for its owner's eyes only, when it is not there. kExisting does not, and falls back to
  // reading when the file may not be written; unlike kReadOnly it tidies up the log when it was the last. None looks
  // into the file.
  static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& file, Mode mode);
  ~Connection();  // after all of its statements
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  sqlite3* handle() const { return handle_; }
  const std::string& file() const { return file_; }
  bool in_transaction() const;

  const Error* failure() const { return failure_ ? &*failure_ : nullptr; }
  // Keeps the first. `code` is what SQLite returned just now.
  void note_failure(int code);
  void note_failure(Error error);
  void forget_failure() { failure_.reset(); }

  // SQL without parameters: settings, migrations. These neither heed nor set the sticky failure.
  Result<Unit> execute(const std::string& sql);
  Result<std::int64_t> integer(const std::string& sql);  // first column of the first row, which must be there
  Result<std::string> text(const std::string& sql);

 private:
  Connection(sqlite3* handle, std::string file) : handle_(handle), file_(std::move(file)) {}

  sqlite3* handle_;
  std::string file_;
  std::optional<Error> failure_;
};

}  // namespace baton::store::sqlite
