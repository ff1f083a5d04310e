// Copies of the database file that are whole, and the look whether one is.
//
// They open the file themselves and may run beside a daemon that writes it: a backup is one snapshot, taken with
// SQLite's backup API under a read transaction. They block for as long as the file is long: not for the reactor.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace baton::store {

struct BackupFacts {
  std::int64_t bytes = 0;
  std::int64_t schema_version = 0;
  std::int64_t tasks = 0;
  std::int64_t last_event = 0;  // seq of the newest event
};

// Writes a copy of `database` to `to`, which must not exist: into a temporary file beside it, checked, flushed, then
// renamed, so that `to` is whole or not there. kNotFound: no database. kConflict: `to` exists, or the database is not
// ours. kNoSpace, kIo.
Result<BackupFacts> back_up(const std::filesystem::path& database, const std::filesystem::path& to);

struct RestoredFacts {
  BackupFacts restored;
  std::filesystem::path kept;  // where the former database is now; empty: there was none
};

// Puts a copy of `from` in the place of `database`; the former one is kept beside it as
// "<name>.before-restore-<time>". `from` is checked first, and nothing is changed when it is damaged, foreign or newer
// than this program. The caller holds the instance lock: nobody has the database open.
Result<RestoredFacts> restore(const std::filesystem::path& from, const std::filesystem::path& database);

// kConflict "restore_interrupted" when there is no `database` but a former one: a restore was killed after it had moved
// that one away and before the copy stood there, and whoever opened the name now would begin an empty board.
Result<Unit> no_interrupted_restore(const std::filesystem::path& database);

struct CheckReport {
  BackupFacts facts;
  std::vector<std::string> problems;  // sentences; empty: all is well. At most 100
};

// SQLite's own integrity and foreign-key checks, then the board's rules that the database cannot hold by itself:
// counted blockers, chains of events, heads, owners. Reads only. kNotFound, kIo, kConflict (not ours, newer).
Result<CheckReport> check(const std::filesystem::path& database);

}  // namespace baton::store
