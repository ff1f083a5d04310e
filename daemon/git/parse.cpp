#include "git/parse.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/text.hpp"

namespace baton::git {
namespace {

// Takes what stands before the next `end` from `text`, and the end mark; all of it when there is none.
std::string_view take_until(std::string_view& text, char end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const auto piece = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return piece;
}

std::string_view after_words(std::string_view text, int count) {
  for (; count > 0; --count) take_until(text, ' ');
  return text;
}

std::string_view take_last_line(std::string_view& text) {
  const std::size_t at = text.rfind('\n');
  const auto line = at == std::string_view::npos ? text : text.substr(at + 1);
  text = at == std::string_view::npos ? std::string_view() : text.substr(0, at);
  return line;
}

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void read_header(std::string_view record, Status& status) {
  const auto kind = take_until(record, ' ');
  if (kind == "branch.oid" && is_commit_id(record)) status.head = record;
  if (kind == "branch.head" && record != "(detached)") status.branch = record;
}

}  // namespace

bool is_commit_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::optional<Resolved> parse_resolved(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  Resolved resolved;
  auto line = take_last_line(text);
  for (int ids = 0; ids < 2 && is_commit_id(line); ++ids) {
    resolved.branch_tip = std::exchange(resolved.commit, std::string(line));
    line = take_last_line(text);
  }
  if ((line != "true" && line != "false") || !text.starts_with('/')) return std::nullopt;
  resolved.bare = line == "true";
  resolved.common_dir = std::string(text);
  return resolved;
}

Status parse_status(std::string_view text) {
  Status status;
  while (!text.empty()) {
    auto record = take_until(text, '\0');
    const auto kind = take_until(record, ' ');
    if (kind == "#") read_header(record, status);
    if (kind == "1" || kind == "2" || kind == "u") {
      status.changed = true;
      if (kind != "1" || !record.starts_with(".D")) status.edited = true;
    }
    if (kind == "2") take_until(text, '\0');  // where it was renamed from
    if (kind == "?") (record.ends_with('/') ? status.nested : status.untracked).emplace_back(record);
    if (kind == "!") status.ignored.emplace_back(record);
  }
  return status;
}

std::vector<FileChange> parse_numstat(std::string_view text) {
  std::vector<FileChange> changes;
  while (!text.empty()) {
    auto record = take_until(text, '\0');
    const auto insertions = take_until(record, '\t');
    const auto deletions = take_until(record, '\t');
    FileChange change;
    change.binary = insertions == "-";
    if (!change.binary) {
      change.insertions = number(insertions);
      change.deletions = number(deletions);
    }
    if (record.empty()) {  // a rename: old and new name follow
      take_until(text, '\0');
      record = take_until(text, '\0');
    }
    change.path = record;
    changes.push_back(std::move(change));
  }
  return changes;
}

std::vector<Registered> parse_worktrees(std::string_view text) {
  std::vector<Registered> found;
  while (!text.empty()) {
    auto record = take_until(text, '\0');
    const auto key = take_until(record, ' ');
    if (key == "worktree") found.push_back({std::string(record), {}, {}});
    if (found.empty()) continue;
    if (key == "HEAD") found.back().head = record;
    if (key == "branch") found.back().branch = record;
  }
  return found;
}

std::vector<Ref> parse_refs(std::string_view text) {
  std::vector<Ref> refs;
  for (auto line : text::lines(text)) {
    const auto commit = take_until(line, ' ');
    refs.push_back({std::string(line), std::string(commit)});
  }
  return refs;
}

std::vector<DescribedRef> parse_described_refs(std::string_view text) {
  std::vector<DescribedRef> refs;
  while (!text.empty()) {
    if (text.front() == '\n') text.remove_prefix(1);  // between two records
    if (text.empty()) break;
    DescribedRef ref;
    ref.name = take_until(text, '\0');
    ref.commit = take_until(text, '\0');
    ref.committed_s = number(take_until(text, '\0'));
    ref.subject = take_until(text, '\0');
    refs.push_back(std::move(ref));
  }
  return refs;
}

std::vector<std::string> parse_gitlinks(std::string_view text) {
  std::vector<std::string> paths;
  while (!text.empty()) {
    auto record = take_until(text, '\0');
    if (!record.starts_with("160000 ")) continue;
    take_until(record, '\t');
    paths.emplace_back(record);
  }
  return paths;
}

std::vector<std::string> parse_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) names.emplace_back(take_until(text, '\0'));
  return names;
}

std::vector<std::pair<std::string, std::uint64_t>> parse_disk_usage(std::string_view text) {
  std::vector<std::pair<std::string, std::uint64_t>> sizes;
  while (!text.empty()) {
    auto record = take_until(text, '\0');
    const auto bytes = number(take_until(record, '\t'));
    sizes.emplace_back(std::string(record), static_cast<std::uint64_t>(bytes));
  }
  return sizes;
}

IndexFlags parse_index(std::string_view text) {
  IndexFlags index;
  while (!text.empty()) {
    auto record = take_until(text, '\0');
    const auto tag = take_until(record, ' ');
    const auto mode = take_until(record, ' ');
    take_until(record, '\t');  // the object and the stage
    if (tag == "S" || tag == "s") index.skipped.emplace_back(record);
    if (tag.size() == 1 && tag.front() >= 'a' && tag.front() <= 'z') index.assumed.emplace_back(record);
    if (mode == "160000") index.submodules.emplace_back(record);
  }
  return index;
}

std::vector<std::string> parse_ignored(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const auto name = take_until(text, '\0');
    const bool below = !names.empty() && names.back().ends_with('/') && name.starts_with(names.back());
    if (!below) names.emplace_back(name);
  }
  return names;
}

std::optional<Commit> parse_oldest(std::string_view text, std::string_view author, std::string_view subject) {
  std::optional<Commit> oldest;
  while (!text.empty()) {
    if (text.front() == '\n') text.remove_prefix(1);  // between two records
    auto ids = take_until(text, '\0');
    const auto by = take_until(text, '\0');
    const auto about = take_until(text, '\0');
    if (by != author || about != subject) continue;
    const auto id = take_until(ids, ' ');
    oldest = Commit{std::string(id), std::string(take_until(ids, ' '))};
  }
  return oldest;
}

std::optional<std::string> parse_blob(std::string_view text) {
  auto head = take_until(text, '\n');
  const auto kind = after_words(head, 1);
  if (!kind.starts_with("blob ")) return std::nullopt;
  const auto size = static_cast<std::size_t>(number(after_words(kind, 1)));
  return std::string(text.substr(0, size));
}

}  // namespace baton::git
