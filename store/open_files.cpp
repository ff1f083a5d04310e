#include "store/open_files.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace baton::store {
namespace {

std::filesystem::path log_of(const std::filesystem::path& database) { return database.string() + "-wal"; }

bool has_content(const std::filesystem::path& file) {
  struct stat found {};
  return ::stat(file.c_str(), &found) == 0 && found.st_size > 0;
}

}  // namespace

OpenFiles OpenFiles::of(const std::filesystem::path& database) {
  std::error_code error;  // the current directory may change
  OpenFiles files;
  for (auto& path : {std::filesystem::absolute(database, error), std::filesystem::absolute(log_of(database), error)}) {
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0) files.files_.push_back({path, found.st_dev, found.st_ino});
  }
  return files;
}

Result<Unit> OpenFiles::check() const {
  for (const auto& file : files_) {
    struct stat found {};
    const bool asked = ::stat(file.path.c_str(), &found) == 0;
    const bool gone = !asked && (errno == ENOENT || errno == ENOTDIR);
    const bool another = asked && (found.st_dev != file.device || found.st_ino != file.number);
    if (!gone && !another) continue;
    return fail(Errc::kUnavailable,
                fmt::format("{} was {} while it was in use: nothing can be written any more", file.path.string(),
                            gone ? "removed" : "replaced"),
                "state_lost");
  }
  return Unit{};
}

Result<Unit> check_log_has_database(const std::filesystem::path& database) {
  if (has_content(database) || !has_content(log_of(database))) return Unit{};
  return fail(
      Errc::kIo,
      fmt::format("{0} is gone or empty, but its log {0}-wal is there and may hold what was written last; bring the "
                  "file or a backup back, or move the log away to begin anew",
                  database.string()),
      "database_lost");
}

}  // namespace baton::store
