#include "store/backup.hpp"

#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "store/new_file.hpp"
#include "store/sqlite/check.hpp"
#include "store/sqlite/copy.hpp"
#include "store/sqlite/existing.hpp"

namespace baton::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostProblems = 100;
constexpr std::string_view kFormer = ".before-restore-";

bool is_there(const fs::path& file) {
  std::error_code error;
  return fs::exists(fs::symlink_status(file, error));
}

fs::path with_suffix(const fs::path& file, std::string_view suffix) { return file.string() + std::string(suffix); }

bool has_logs(const fs::path& database) {
  return is_there(with_suffix(database, "-wal")) || is_there(with_suffix(database, "-journal"));
}

// "board.db.before-restore-20250131T101500Z", and a number when there was a restore in the same second.
fs::path name_for_former(const fs::path& database) {
  const ::time_t now = SystemClock().unix_ms() / 1000;
  ::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[sizeof "20250131T101500Z"];
  ::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
  const auto name = with_suffix(database, fmt::format("{}{}", kFormer, text));
  fs::path free = name;
  for (int copy = 2; is_there(free) || has_logs(free); ++copy) free = with_suffix(name, fmt::format("-{}", copy));
  return free;
}

bool looks_like_database(const fs::path& file) {
  constexpr char kMagic[] = "SQLite format 3";  // with the NUL (https://www.sqlite.org/fileformat.html, 1.3)
  std::array<char, sizeof kMagic> head{};
  std::ifstream in(file, std::ios::binary);
  return in.read(head.data(), head.size()) && std::equal(head.begin(), head.end(), kMagic);
}

// Brings commits that only the log has into the file, as the next start would have done, so that the file is the whole
// of the former board. What is no database any more keeps its log untouched: it may be all that can be saved.
void fold_log(const fs::path& database) {
  if (!looks_like_database(database)) return;
  auto former = sqlite::Connection::open(database, sqlite::Connection::Mode::kExisting);
  if (former) (void)(*former)->execute("PRAGMA busy_timeout = 5000; PRAGMA wal_checkpoint(TRUNCATE)");
}

// Takes away what SQLite would apply to whatever file stands there, and keeps it beside the former one.
Result<Unit> move_logs(const fs::path& database, const fs::path& kept) {
  for (const auto* suffix : {"-wal", "-journal"}) {
    if (!is_there(with_suffix(database, suffix))) continue;
    if (auto moved = rename_to_new(with_suffix(database, suffix), with_suffix(kept, suffix)); !moved) return moved;
  }
  ::unlink(with_suffix(database, "-shm").c_str());  // an index of the log, made anew for each
  return flush_folder_of(database);
}

// After a replacement that failed: as if nothing had been tried, unless the new file is there all the same.
void take_back(const fs::path& database, const fs::path& kept) {
  std::error_code error;
  if (!is_there(database)) fs::rename(kept, database, error);
  if (fs::equivalent(database, kept, error)) fs::remove(kept, error);
}

// The file alone holds everything: there is no moment in which the name stands for nothing.
Result<Unit> swap(NewFile& file, const fs::path& database, const fs::path& kept) {
  if (::link(database.c_str(), kept.c_str()) != 0) {
    if (auto moved = rename_to_new(database, kept); !moved) return moved;
  }
  auto replaced = file.replace();
  if (!replaced) take_back(database, kept);
  return replaced;
}

// After a swap that failed half-way: the former files under their names again.
void take_all_back(const fs::path& database, const fs::path& kept) {
  for (const auto* suffix : {"", "-wal", "-journal"}) {
    const auto name = with_suffix(database, suffix);
    const auto held = with_suffix(kept, suffix);
    std::error_code error;
    if (is_there(held) && !is_there(name)) fs::rename(held, name, error);
  }
}

// The log goes with its file, before another one stands under the name. Killed in between, there is no database under
// it, and the next start says so (no_interrupted_restore).
Result<Unit> swap_with_logs(NewFile& file, const fs::path& database, const fs::path& kept) {
  const auto moved = [&]() -> Result<Unit> {
    if (!is_there(database)) return Unit{};
    return rename_to_new(database, kept);
  };
  auto swapped = moved();
  if (swapped) swapped = move_logs(database, kept);
  if (swapped) swapped = file.publish();
  if (!swapped) take_all_back(database, kept);
  return swapped;
}

}  // namespace

Result<BackupFacts> back_up(const fs::path& database, const fs::path& to) {
  if (is_there(to)) return fail(Errc::kConflict, fmt::format("{} exists already", to.string()), "file_exists");
  auto file = NewFile::beside(to);
  if (!file) return fail(file);
  auto facts = sqlite::copy_database(database, file->path());
  if (!facts) return facts;
  if (auto published = file->publish(); !published) return fail(published);
  return facts;
}

Result<RestoredFacts> restore(const fs::path& from, const fs::path& database) {
  std::error_code error;
  if (fs::equivalent(from, database, error)) {
    return fail(Errc::kConflict, fmt::format("{} is the database itself", from.string()), "same_file");
  }
  auto file = NewFile::beside(database);
  if (!file) return fail(file);
  auto facts = sqlite::copy_database(from, file->path());
  if (!facts) return fail(facts);
  const bool had_one = is_there(database);
  const auto kept = name_for_former(database);
  if (had_one) fold_log(database);
  auto swapped = had_one && !has_logs(database) ? swap(*file, database, kept) : swap_with_logs(*file, database, kept);
  if (!swapped) return fail(swapped);
  return RestoredFacts{*facts, had_one ? kept : fs::path()};
}

Result<Unit> no_interrupted_restore(const fs::path& database) {
  if (is_there(database)) return Unit{};
  const auto begin = database.filename().string() + std::string(kFormer);
  fs::path newest;
  std::error_code error;
  for (fs::directory_iterator entry(database.parent_path(), error), end; !error && entry != end;
       entry.increment(error)) {
    const auto name = entry->path().filename().string();
    const bool is_log = name.ends_with("-wal") || name.ends_with("-journal") || name.ends_with("-shm");
    if (!name.starts_with(begin) || is_log) continue;
    newest = std::max(newest, entry->path());
  }
  if (newest.empty()) return Unit{};
  return fail(Errc::kConflict,
              fmt::format("there is no {0}, but {1} of a restore that was interrupted: restore a backup, or rename {1} "
                          "(with the -wal beside it, if any), or move it away to begin an empty board",
                          database.string(), newest.string()),
              "restore_interrupted");
}

Result<CheckReport> check(const fs::path& database) {
  CheckReport report;
  auto connection = sqlite::open_existing(database);
  if (!connection) return fail(connection);
  if (auto begun = (*connection)->execute("BEGIN"); !begun) return fail(begun);
  auto damages = sqlite::damages_of(**connection, kMostProblems);
  if (!damages) return fail(damages);
  report.problems = *std::move(damages);
  auto facts = sqlite::facts_of(**connection);
  if (facts) report.facts = *facts;
  if (!report.problems.empty()) return report;
  if (!facts) return fail(facts);
  auto broken = sqlite::broken_rules_of(**connection, kMostProblems);
  if (!broken) return fail(broken);
  report.problems = *std::move(broken);
  return report;
}

}  // namespace baton::store
