#include "store/sqlite/connection.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

#include <fmt/format.h>

#include "base/bug.hpp"
#include "store/sqlite/error.hpp"
#include "store/sqlite/memory.hpp"

namespace baton::store::sqlite {
namespace {

// Counting allocations costs a process-wide lock for each of them (feasibility Q5). Only before SQLite's first use.
void configure_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    ::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    use_stocked_memory();
  });
}

// Ahead of SQLite: it makes files that everybody may read, and its word for any reason is "unable to open database
// file".
Result<Unit> ensure_file(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return fail(Errc::kIo, fmt::format("cannot open {} for writing: {}", file, std::strerror(errno)), "database_io");
  }
  ::close(descriptor);
  return Unit{};
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file, Mode mode) {
  configure_library();
  std::error_code error;
  const std::string name = std::filesystem::absolute(file, error).string();  // never ":memory:" or "file:..."
  if (error) return fail(Errc::kIo, fmt::format("cannot open {}: {}", file.string(), error.message()), "database_io");
  if (mode == Mode::kReadWrite) {
    if (auto there = ensure_file(name); !there) return fail(there);
  }
  const int access = mode == Mode::kReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  sqlite3* handle = nullptr;
  const int code = ::sqlite3_open_v2(name.c_str(), &handle, access | SQLITE_OPEN_NOMUTEX, nullptr);
  require(handle != nullptr, "sqlite3_open_v2: no memory");
  std::unique_ptr<Connection> connection(new Connection(handle, name));
  if (code != SQLITE_OK) return fail(error_of(handle, code, name));
  ::sqlite3_extended_result_codes(handle, 1);
  ::sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return connection;
}

Connection::~Connection() {
  const int code = ::sqlite3_close(handle_);
  require(code == SQLITE_OK, "sqlite: a statement outlives its connection");
}

bool Connection::in_transaction() const { return ::sqlite3_get_autocommit(handle_) == 0; }

void Connection::note_failure(int code) {
  if (!failure_) failure_ = error_of(handle_, code, file_);
}

void Connection::note_failure(Error error) {
  if (!failure_) failure_ = std::move(error);
}

Result<Unit> Connection::execute(const std::string& sql) {
  const int code = ::sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return fail(error_of(handle_, code, file_));
  return Unit{};
}

Result<std::string> Connection::text(const std::string& sql) {
  sqlite3_stmt* statement = nullptr;
  int code = ::sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr);
  std::string found;
  if (code == SQLITE_OK) {
    code = ::sqlite3_step(statement);
    if (code == SQLITE_ROW) found = reinterpret_cast<const char*>(::sqlite3_column_text(statement, 0));
  }
  Result<std::string> answer = std::move(found);
  if (code != SQLITE_ROW) answer = fail(error_of(handle_, code, file_));
  ::sqlite3_finalize(statement);
  return answer;
}

Result<std::int64_t> Connection::integer(const std::string& sql) {
  auto digits = text(sql);
  if (!digits) return fail(digits);
  return std::strtoll(digits->c_str(), nullptr, 10);
}

}  // namespace baton::store::sqlite
