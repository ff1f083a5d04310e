#include <utility>

#include <fmt/format.h>

#include "store/guarded_backend.hpp"
#include "store/open_files.hpp"
#include "store/sqlite/backend.hpp"
#include "store/sqlite/migrations.hpp"
#include "store/sqlite/reader.hpp"
#include "store/store.hpp"

namespace baton::store {
namespace sqlite {
namespace {

// What each one is for: SCHEMA.md. In front of journal_mode, which may have to wait for a lock.
constexpr const char* kSettings =
    "PRAGMA busy_timeout = 2000;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA wal_autocheckpoint = 4000;"
    "PRAGMA journal_size_limit = 67108864;"
    "PRAGMA cache_size = -32768;"
    "PRAGMA secure_delete = FAST;"
    "PRAGMA temp_store = MEMORY";

Result<Unit> use_write_ahead_log(Connection& connection) {
  auto mode = connection.text("PRAGMA journal_mode = WAL");
  if (!mode) return fail(mode);
  if (*mode != "wal") {
    return fail(Errc::kIo,
                fmt::format("{} cannot have a write-ahead log: its file system lacks shared memory (a network share?)",
                            connection.file()));
  }
  return Unit{};
}

Result<Unit> prepare(Connection& connection) {
  if (auto ours = check_origin(connection); !ours) return ours;
  if (auto set = connection.execute(kSettings); !set) return set;
  if (auto logged = use_write_ahead_log(connection); !logged) return logged;
  return migrate(connection);
}

}  // namespace

Result<std::unique_ptr<SqliteBackend>> open_backend(const std::filesystem::path& file, std::unique_ptr<IdSource> ids) {
  auto connection = Connection::open(file, Connection::Mode::kReadWrite);
  if (!connection) return fail(connection);
  if (auto prepared = prepare(**connection); !prepared) return fail(prepared);
  auto backend = std::make_unique<SqliteBackend>(std::move(*connection), std::move(ids));
  if (const Error* failed = backend->failure()) return fail(*failed);
  return backend;
}

}  // namespace sqlite

Result<Opened> open(const std::filesystem::path& file, const Clock& clock, std::function<void()> wake) {
  if (auto whole = check_log_has_database(file); !whole) return fail(whole);
  auto backend = sqlite::open_backend(file, std::make_unique<UuidSource>());
  if (!backend) return fail(backend);
  auto reader = sqlite::open_reader(file, &(*backend)->commits());
  if (!reader) return fail(reader);
  const auto files = OpenFiles::of(file);  // after the first read, which made the log
  auto guarded = std::make_unique<GuardedBackend>(*std::move(backend), files);
  return Opened{std::make_unique<Writer>(std::move(guarded), clock, std::move(wake)), std::move(*reader), files};
}

}  // namespace baton::store
