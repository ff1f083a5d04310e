#include "worktree/merge_back.hpp"

#include <system_error>
#include <utility>
#include <vector>

#include "base/fault_point.hpp"
#include "reactor/timer.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostNames = 10'000;
constexpr std::size_t kSlice = 64;

std::vector<fs::path> entries_of(const fs::path& directory) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error))
    entries.push_back(entry->path().filename());
  return entries;
}

// A link counts as a thing of its own: it is never followed.
fs::file_type type_of(const fs::path& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type();
}

}  // namespace

reactor::Task<Result<RestoredFiles>> merge_back(reactor::Loop& loop, fs::path from, fs::path to) {
  RestoredFiles restored;
  std::vector<fs::path> directories{fs::path()};  // relative; each one behind the one that it lies in
  std::size_t looked_at = 0;
  std::error_code error;
  for (std::size_t i = 0; i < directories.size(); ++i) {
    const fs::path directory = directories[i];
    for (const auto& name : entries_of(from / directory)) {
      if (++looked_at > kMostNames)
        co_return fail(Errc::kTooLarge, from.string() + " holds too many names to be merged; repeat to go on",
                       "too_many");
      if (looked_at % kSlice == 0) co_await reactor::sleep_for(loop, std::chrono::nanoseconds(0));
      const fs::path relative = directory / name;
      const auto there = type_of(to / relative);
      if (there == fs::file_type::not_found) {
        fs::rename(from / relative, to / relative, error);
        if (error) co_return fail(Errc::kIo, "cannot move " + (from / relative).string() + ": " + error.message());
        ++restored.moved;
        fault_point("restore.one_moved");
      } else if (there == fs::file_type::directory && type_of(from / relative) == fs::file_type::directory) {
        directories.push_back(relative);
      } else {
        restored.conflicts.push_back(relative.string());
      }
    }
  }
  for (auto directory = directories.rbegin(); directory != directories.rend(); ++directory)
    fs::remove(from / *directory, error);  // only when it is empty
  co_return restored;
}

}  // namespace baton::worktree
