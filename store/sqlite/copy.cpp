// The copy is made in one step, under one read transaction. With a write-ahead log that stops nobody, it only keeps the
// log from being folded into the file meanwhile. In smaller steps the copy would begin anew whenever another process
// writes between two of them, and beside a busy daemon never end.
#include "store/sqlite/copy.hpp"

#include <sqlite3.h>

#include <memory>
#include <vector>

#include <fmt/format.h>

#include "store/sqlite/check.hpp"
#include "store/sqlite/connection.hpp"
#include "store/sqlite/error.hpp"
#include "store/sqlite/existing.hpp"

namespace baton::store::sqlite {
namespace {

constexpr int kPrimaryCode = 0xFF;

// Both sides report through the target's connection; only a bad source is told by the code.
Error copy_error(const Connection& from, const Connection& to, int code) {
  const int primary = code & kPrimaryCode;
  const bool is_source = primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || code == SQLITE_IOERR_READ;
  return error_of(to.handle(), code, is_source ? from.file() : to.file());
}

Result<Unit> copy_pages(Connection& from, Connection& to) {
  sqlite3_backup* copy = ::sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (copy == nullptr) return fail(error_of(to.handle(), ::sqlite3_errcode(to.handle()), to.file()));
  const int step = ::sqlite3_backup_step(copy, -1);
  const int finished = ::sqlite3_backup_finish(copy);
  if (step == SQLITE_DONE && finished == SQLITE_OK) return Unit{};
  return fail(copy_error(from, to, finished != SQLITE_OK ? finished : step));
}

// The target is thrown away when anything fails, so it needs no journal, and it is flushed as a whole. With the pages
// came the mark of a write-ahead log; without it the copy can be read where nothing can be written beside it.
Result<std::unique_ptr<Connection>> copy_to(Connection& from, const std::filesystem::path& file) {
  auto to = Connection::open(file, Connection::Mode::kReadWrite);
  if (!to) return fail(to);
  if (auto set = (*to)->execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"); !set) return fail(set);
  if (auto copied = copy_pages(from, **to); !copied) return fail(copied);
  auto mode = (*to)->text("PRAGMA journal_mode = DELETE");
  if (!mode) return fail(mode);
  if (*mode != "delete")
    return fail(Errc::kInternal, fmt::format("{} keeps the journal mode {}", (*to)->file(), *mode));
  return to;
}

Error damaged(const Connection& from, const std::string& how) {
  return {Errc::kIo, fmt::format("{} is damaged: {}", from.file(), how), "database_damaged"};
}

// What is wrong with the pages of a copy was wrong with them before.
Error of_source(const Connection& from, const Error& error) {
  return error.reason == "database_damaged" ? damaged(from, "its pages cannot be read") : error;
}

}  // namespace

Result<BackupFacts> copy_database(const std::filesystem::path& from, const std::filesystem::path& to) {
  auto source = open_existing(from);
  if (!source) return fail(source);
  auto target = copy_to(**source, to);
  if (!target) return fail(of_source(**source, target.error()));
  auto damages = damages_of(**target, 1);
  if (!damages) return fail(of_source(**source, damages.error()));
  if (!damages->empty()) return fail(damaged(**source, damages->front()));
  return facts_of(**target);
}

}  // namespace baton::store::sqlite
