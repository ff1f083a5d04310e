#include "worktree/marker.hpp"

#include "base/text.hpp"
#include "git/parse.hpp"
#include "worktree/small_file.hpp"

namespace baton::worktree {
namespace {

std::filesystem::path file_of(const git::Checkout& checkout) { return checkout.git_dir / "baton-task"; }

}  // namespace

std::string render_marker(const Marker& marker) {
  std::string text = "task " + marker.task_id.value + "\n";
  if (!marker.complete()) return text;
  if (!marker.base_commit.empty()) text += "base " + marker.base_commit + "\n";
  text += "baseline " + marker.baseline_commit + "\n";
  for (const auto& name : marker.user_files) text += "user " + name + "\n";
  return text;
}

std::optional<Marker> parse_marker(std::string_view text) {
  Marker marker;
  for (const auto line : text::lines(text)) {
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos) continue;
    const auto key = line.substr(0, blank);
    const auto value = line.substr(blank + 1);
    if (key == "task") marker.task_id = TaskId(value);
    if (key == "base" && git::is_commit_id(value)) marker.base_commit = value;
    if (key == "baseline" && git::is_commit_id(value)) marker.baseline_commit = value;
    if (key == "user") marker.user_files.emplace_back(value);
  }
  if (marker.task_id.empty()) return std::nullopt;
  return marker;
}

std::optional<Marker> read_marker(const git::Checkout& checkout) {
  const auto text = small_file(file_of(checkout));
  return text ? parse_marker(*text) : std::nullopt;
}

Result<Unit> write_marker(const git::Checkout& checkout, const Marker& marker) {
  return put_file(file_of(checkout), render_marker(marker));
}

}  // namespace baton::worktree
