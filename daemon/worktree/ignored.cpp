#include "worktree/ignored.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <system_error>

#include <fmt/format.h>

#include "base/fault_point.hpp"
#include "base/json_writer.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "reactor/timer.hpp"
#include "worktree/salvage.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

// Directories that compilers, package managers and test runners fill. Short on purpose: what is missing here is kept,
// which costs space; what is here by mistake would be lost.
constexpr std::array<std::string_view, 18> kBuildOutput = {
    "node_modules", "__pycache__", ".venv", "venv", ".tox",    ".nox",  ".eggs", ".pytest_cache", ".mypy_cache",
    ".ruff_cache",  "target",      "build", "dist", ".gradle", ".next", ".nuxt", ".turbo",        ".parcel-cache"};

// Those of them that mean other things too.
constexpr std::array<std::string_view, 3> kWords = {"build", "dist", "target"};
constexpr std::uint64_t kSmall = 1024 * 1024;  // bytes: notes are smaller, what a compiler makes is mostly not
constexpr std::size_t kFewWords = 100;     // such names that are measured; where there are more, a build was at work
constexpr std::size_t kSlice = 64;         // names moved between two turns of the loop
constexpr std::size_t kLargestNamed = 10;  // in a refusal

template <std::size_t count>
bool holds(const std::array<std::string_view, count>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What is ignored, with its size: work, and what may be work and is small.
reactor::Task<Result<std::vector<SizedPath>>> worth_keeping(git::Git& git, git::Checkout checkout) {
  auto found = co_await git.ignored(checkout);
  if (!found) co_return fail(found);
  const auto doubtful = static_cast<std::size_t>(std::count_if(found->begin(), found->end(), may_be_work));
  std::erase_if(*found, [&](const std::string& path) {
    return is_build_output(path) && (doubtful > kFewWords || !may_be_work(path));
  });
  auto sizes = co_await git.disk_usage(checkout.path, *found);
  if (!sizes) co_return fail(sizes);
  std::vector<SizedPath> kept;
  for (std::size_t i = 0; i < found->size(); ++i) {
    if (is_build_output((*found)[i]) && (*sizes)[i] > kSmall) continue;
    kept.push_back({std::move((*found)[i]), (*sizes)[i]});
  }
  co_return kept;
}

// Beyond the rule's bytes or the limit of names, from the largest on.
std::vector<SizedPath> take_excess(std::vector<SizedPath>& kept, const IgnoredRule& rule) {
  std::stable_sort(kept.begin(), kept.end(), [](const SizedPath& a, const SizedPath& b) { return a.bytes < b.bytes; });
  std::uint64_t total = 0;
  std::size_t fits = 0;
  for (; fits < std::min(kept.size(), limits::kIgnoredKept); ++fits) {
    total += kept[fits].bytes;
    if (rule.most_bytes > 0 && total > rule.most_bytes) break;
  }
  std::vector<SizedPath> excess(kept.rbegin(), kept.rend() - static_cast<std::ptrdiff_t>(fits));
  kept.resize(fits);
  std::erase_if(excess, [](const SizedPath& one) { return is_build_output(one.path); });  // never worth a refusal
  return excess;
}

std::string to_json(const std::vector<SizedPath>& paths) {
  std::string text;
  json::Writer json(text);
  json.array();
  for (const auto& [path, bytes] : paths) {
    json.object().field("path", text::repaired_utf8(path)).field("bytes", static_cast<std::int64_t>(bytes)).end();
  }
  json.end();
  return text;
}

// `all` begins with what is too much, the largest first; `kept` has the smaller ones, the smallest first.
Error too_much(const Site& site, const std::vector<SizedPath>& kept, std::vector<SizedPath> all) {
  all.insert(all.end(), kept.rbegin(), kept.rend());
  std::uint64_t bytes = 0;
  std::vector<std::string> names;
  for (const auto& one : all) {
    bytes += one.bytes;
    names.push_back(one.path);
  }
  Error error{Errc::kConflict,
              fmt::format("the worktree {} holds {} ignored files and directories ({} KiB), which no commit keeps and "
                          "which are more than is kept aside; the largest: {}; move or delete them, or force it",
                          site.path.string(), all.size(), bytes / 1024, named(names)),
              "ignored_files"};
  all.resize(std::min(all.size(), kLargestNamed));
  error.details.push_back({"largest", to_json(all)});
  return error;
}

// Numbers are shared with refs, so that <task>/<n> names one thing (salvage.hpp).
reactor::Task<Result<fs::path>> free_place(git::Git& git, Site site) {
  const auto refs = co_await git.refs_below(site.repository, std::string(kSalvageRefs) + site.task_id.value + "/");
  if (!refs) co_return fail(refs.error());
  co_return salvage_set(site, free_number(site, *refs));
}

}  // namespace

bool is_build_output(std::string_view path) {
  for (std::size_t slash = 0; (slash = path.find('/')) != std::string_view::npos; path.remove_prefix(slash + 1)) {
    if (holds(kBuildOutput, path.substr(0, slash))) return true;
  }
  return false;
}

bool may_be_work(std::string_view path) {
  if (!is_build_output(path)) return false;
  for (std::size_t slash = 0; (slash = path.find('/')) != std::string_view::npos; path.remove_prefix(slash + 1)) {
    const auto name = path.substr(0, slash);
    if (holds(kBuildOutput, name) && !holds(kWords, name)) return false;
  }
  return true;
}

reactor::Task<Result<std::vector<std::string>>> ignored_work(git::Git& git, git::Checkout checkout) {
  auto found = co_await git.ignored(std::move(checkout));
  if (found) std::erase_if(*found, is_build_output);
  co_return found;
}

std::string named(const std::vector<std::string>& paths) {
  constexpr std::size_t kNamed = 5;
  std::string text;
  for (std::size_t i = 0; i < std::min(paths.size(), kNamed); ++i) text += (i == 0 ? "" : ", ") + paths[i];
  if (paths.size() > kNamed) text += fmt::format(" and {} more", paths.size() - kNamed);
  return text;
}

reactor::Task<Result<SetAside>> SetAside::ignored_of(git::Git& git, Site site, git::Checkout checkout,
                                                     IgnoredRule rule) {
  auto kept = co_await worth_keeping(git, checkout);
  if (!kept) co_return fail(kept);
  SetAside aside;
  aside.left_ = take_excess(*kept, rule);
  if (!aside.left_.empty() && !rule.force) co_return fail(too_much(site, *kept, std::move(aside.left_)));
  for (const auto& [path, bytes] : aside.left_)
    log::warn("task {}: {} ({} bytes) is ignored and goes with the worktree, by force", site.task_id.value, path,
              bytes);
  if (kept->empty()) co_return aside;
  const auto place = co_await free_place(git, site);
  if (!place) co_return fail(place.error());
  const auto moved = co_await aside.move_all(git.loop(), checkout.path, *place, *kept);
  if (!moved) {
    co_await aside.put_back(git.loop());
    co_return fail(moved.error());
  }
  log::warn("task {}: {} ignored files and directories are kept in {}", site.task_id.value, kept->size(),
            place->string());
  co_return aside;
}

reactor::Task<Result<Unit>> SetAside::move_all(reactor::Loop& loop, fs::path from, fs::path to,
                                               std::vector<SizedPath> kept) {
  for (std::size_t i = 0; i < kept.size(); ++i) {
    if (i % kSlice == kSlice - 1) co_await reactor::sleep_for(loop, std::chrono::nanoseconds(0));
    const std::string& name = kept[i].path;
    const fs::path path = name.ends_with('/') ? name.substr(0, name.size() - 1) : name;
    if (auto moved = move(from / path, to / path); !moved) co_return moved;
  }
  co_return Unit{};
}

Result<Unit> SetAside::move(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(from, error))) return Unit{};  // a temporary file that went meanwhile
  fs::create_directories(to.parent_path(), error);
  if (!error) fs::rename(from, to, error);
  if (!error) {
    moved_.emplace_back(from, to);
    fault_point("removal.one_ignored_moved");
    return Unit{};
  }
  const bool full = error == std::errc::no_space_on_device;
  return fail(full ? Errc::kNoSpace : Errc::kConflict,
              fmt::format("{} is ignored, so that no commit keeps it, and cannot be moved to {}: {}", from.string(),
                          to.string(), error.message()),
              "ignored_files");
}

reactor::Task<> SetAside::put_back(reactor::Loop& loop) const {
  for (std::size_t i = 0; i < moved_.size(); ++i) {
    if (i % kSlice == kSlice - 1) co_await reactor::sleep_for(loop, std::chrono::nanoseconds(0));
    const auto& [from, to] = moved_[i];
    std::error_code error;
    if (!fs::exists(fs::symlink_status(from, error))) fs::rename(to, from, error);
    if (error) log::error("{} is kept as {}: {}", from.string(), to.string(), error.message());
  }
}

}  // namespace baton::worktree
