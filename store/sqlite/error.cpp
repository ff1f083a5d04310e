#include "store/sqlite/error.hpp"

#include <sqlite3.h>

#include <cerrno>
#include <cstring>
#include <string>

#include <fmt/format.h>

namespace baton::store::sqlite {
namespace {

constexpr int kPrimaryCode = 0xFF;  // the rest of an extended code is detail

// SQLite knows ENOSPC of write() as a full disk; a quota, or no room for the log's index, it reports as I/O errors.
bool is_full(int code, int system_errno) {
  if (code == SQLITE_FULL) return true;
  return code == SQLITE_IOERR && (system_errno == ENOSPC || system_errno == EDQUOT);
}

std::string cause(sqlite3* database, int system_errno) {
  std::string text = sqlite3_errmsg(database);
  if (system_errno != 0) text += fmt::format(": {}", std::strerror(system_errno));
  return text;
}

}  // namespace

Error error_of(sqlite3* database, int code, std::string_view file) {
  const int primary = code & kPrimaryCode;
  const int system_errno = primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN ? sqlite3_system_errno(database) : 0;
  if (is_full(primary, system_errno)) {
    return {Errc::kNoSpace, fmt::format("there is no room left on the disk of {}", file), "disk_full"};
  }
  switch (primary) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::kUnavailable, fmt::format("{} is locked by another program", file), "database_locked"};
    case SQLITE_NOTADB: return {Errc::kIo, fmt::format("{} is not a database", file), "not_a_database"};
    case SQLITE_CORRUPT:
      return {Errc::kIo, fmt::format("{} is damaged; restore it from a backup", file), "database_damaged"};
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM: return {Errc::kIo, fmt::format("{}: {}", file, cause(database, system_errno)), "database_io"};
    default:
      return {Errc::kInternal, fmt::format("{}: {} (SQLite code {})", file, sqlite3_errmsg(database),
                                           sqlite3_extended_errcode(database))};
  }
}

}  // namespace baton::store::sqlite
