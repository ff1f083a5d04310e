#include "worktree/ending.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>

#include "base/text.hpp"
#include "git/parse.hpp"
#include "worktree/small_file.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSuffix = ".ending";

fs::path file_of(const Site& site) { return orphans_of(site) / (site.task_id.value + kSuffix); }

}  // namespace

Result<Unit> note_ending(const Site& site, const Ending& ending) {
  std::error_code error;
  fs::create_directories(orphans_of(site), error);
  return put_file(file_of(site), "tip " + ending.tip + "\nbaseline " + ending.baseline + "\n");
}

bool is_ending_file(std::string_view name) { return name.ends_with(kSuffix); }

std::optional<Ending> noted_ending(const Site& site) {
  const auto text = small_file(file_of(site));
  if (!text) return std::nullopt;
  Ending ending;
  for (const auto line : text::lines(*text)) {
    const auto value = line.substr(std::min(line.size(), line.find(' ') + 1));
    if (line.starts_with("tip ")) ending.tip = value;
    if (line.starts_with("baseline ")) ending.baseline = value;
  }
  if (!git::is_commit_id(ending.tip) || !git::is_commit_id(ending.baseline)) return std::nullopt;
  return ending;
}

}  // namespace baton::worktree
