#include "worktree/salvage.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "worktree/small_file.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

// 0 for what is no number that we would write.
int number_in(std::string_view digits) {
  int value = 0;
  const auto end = digits.data() + digits.size();
  const auto read = std::from_chars(digits.data(), end, value);
  return read.ptr == end && read.ec == std::errc() && value > 0 ? value : 0;
}

std::string folder_of(const Site& site) { return std::string(kSalvageRefs) + site.task_id.value + "/"; }

int highest_set(const Site& site) {
  int highest = 0;
  std::error_code error;
  for (fs::directory_iterator entry(orphans_of(site), error), end; !error && entry != end; entry.increment(error)) {
    const auto name = name_in_file(entry->path().filename().string(), "ignored");
    if (name.task == site.task_id.value) highest = std::max(highest, name.n);
  }
  return highest;
}

// The time of the ref; without it the ref counts as made when it is first seen. So where a new one cannot be written,
// an old one goes.
void note_time(const Site& site, int n) {
  std::error_code error;
  fs::create_directories(orphans_of(site), error);
  const auto noted = put_file(salvage_time(site, n), "");
  if (noted) return;
  log::warn("{}", noted.error().what);
  fs::remove(salvage_time(site, n), error);
}

void tell(const Site& site, const std::string& commit, const std::string& ref) {
  log::info("task {}: commit {} is kept as {}", site.task_id.value, commit, ref);
}

}  // namespace

SalvageName name_in_ref(std::string_view ref) {
  if (!ref.starts_with(kSalvageRefs)) return {};
  ref.remove_prefix(kSalvageRefs.size());
  const auto slash = ref.find('/');
  if (slash == std::string_view::npos || !is_safe_id(ref.substr(0, slash))) return {};
  return {std::string(ref.substr(0, slash)), number_in(ref.substr(slash + 1))};
}

SalvageName name_in_file(std::string_view file_name, std::string_view kind) {
  const auto dot = file_name.rfind('.');
  if (dot == std::string_view::npos) return {};
  const int n = number_in(file_name.substr(dot + 1));
  const auto before = file_name.substr(0, dot);
  const std::string suffix = "." + std::string(kind);
  if (n == 0 || !before.ends_with(suffix)) return {};
  const auto task = before.substr(0, before.size() - suffix.size());
  if (!is_safe_id(task)) return {};  // also what is being forgotten (salvaged.cpp)
  return {std::string(task), n};
}

std::string salvage_ref(const TaskId& task, int n) { return fmt::format("{}{}/{}", kSalvageRefs, task.value, n); }
fs::path salvage_set(const Site& site, int n) {
  return orphans_of(site) / fmt::format("{}.ignored.{}", site.task_id.value, n);
}
fs::path salvage_time(const Site& site, int n) {
  return orphans_of(site) / fmt::format("{}.ref.{}", site.task_id.value, n);
}

int free_number(const Site& site, const std::vector<git::Ref>& refs) {
  int highest = highest_set(site);
  for (const auto& ref : refs) highest = std::max(highest, name_in_ref(ref.name).n);
  return highest + 1;
}

reactor::Task<Result<std::string>> keep_commit(git::Git& git, Site site, std::string commit) {
  const auto kept = co_await git.refs_below(site.repository, folder_of(site));
  if (!kept) co_return fail(kept.error());
  for (const auto& ref : *kept) {
    const int n = name_in_ref(ref.name).n;
    if (ref.commit != commit || n == 0) continue;
    note_time(site, n);  // it is needed from now on, however long it was there
    co_return ref.name;
  }
  const int n = free_number(site, *kept);
  std::string name = salvage_ref(site.task_id, n);
  note_time(site, n);
  const auto made = co_await git.create_ref(site.repository, name, commit);
  if (!made) co_return fail(made.error());
  tell(site, commit, name);
  co_return name;
}

// Most tasks have nothing salvaged yet, so the first number is tried without asking git for the others.
reactor::Task<Result<std::string>> retire_branch(git::Git& git, Site site, std::string tip) {
  const git::RefChange end{.name = "refs/heads/" + site.branch, .expected = tip};
  const int first = free_number(site, {});
  std::string name = salvage_ref(site.task_id, first);
  note_time(site, first);
  std::vector<git::RefChange> changes{{.name = name, .commit = tip}, end};
  auto changed = co_await git.change_refs(site.repository, changes);
  if (!changed) {
    auto kept = co_await keep_commit(git, site, tip);
    if (!kept) co_return fail(kept);
    name = std::move(*kept);
    changes = {end};
    changed = co_await git.change_refs(site.repository, std::move(changes));
    if (!changed) co_return fail(changed);
  }
  tell(site, tip, name);
  co_return name;
}

}  // namespace baton::worktree
