#include "worktree/ignored.hpp"

#include <algorithm>
#include <array>
#include <system_error>

#include <fmt/format.h>

#include "base/limits.hpp"
#include "base/log.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

// Directories that compilers, package managers and test runners fill. Short on purpose: what is missing here is kept,
// which costs space; what is here by mistake would be lost.
constexpr std::array<std::string_view, 18> kBuildOutput = {
    "node_modules", "__pycache__", ".venv", "venv", ".tox",    ".nox",  ".eggs", ".pytest_cache", ".mypy_cache",
    ".ruff_cache",  "target",      "build", "dist", ".gradle", ".next", ".nuxt", ".turbo",        ".parcel-cache"};

// The first place of the kind that is free.
fs::path free_place(const Site& site) {
  std::error_code error;
  for (int n = 1;; ++n) {
    fs::path place = orphans_of(site) / fmt::format("{}.ignored.{}", site.task_id.value, n);
    if (!fs::exists(fs::symlink_status(place, error))) return place;
  }
}

Error too_many(const Site& site, const std::vector<std::string>& work) {
  return {Errc::kConflict,
          fmt::format("the worktree {} holds {} ignored files, which no commit keeps: {}; move or delete them",
                      site.path.string(), work.size(), named(work)),
          "ignored_files"};
}

}  // namespace

bool is_build_output(std::string_view path) {
  for (std::size_t slash = 0; (slash = path.find('/')) != std::string_view::npos; path.remove_prefix(slash + 1)) {
    if (std::ranges::find(kBuildOutput, path.substr(0, slash)) != kBuildOutput.end()) return true;
  }
  return false;
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

reactor::Task<Result<SetAside>> SetAside::ignored_of(git::Git& git, Site site, git::Checkout checkout) {
  const auto work = co_await ignored_work(git, checkout);
  if (!work) co_return fail(work.error());
  if (work->size() > limits::kIgnoredKept) co_return fail(too_many(site, *work));
  SetAside aside;
  if (work->empty()) co_return aside;
  const fs::path place = free_place(site);
  for (const auto& name : *work) {
    const fs::path path = name.ends_with('/') ? name.substr(0, name.size() - 1) : name;
    auto moved = aside.move(checkout.path / path, place / path);
    if (moved) continue;
    aside.put_back();
    co_return fail(moved);
  }
  log::warn("task {}: ignored files are kept in {}: {}", site.task_id.value, place.string(), named(*work));
  co_return aside;
}

Result<Unit> SetAside::move(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(from, error))) return Unit{};  // a temporary file that went meanwhile
  fs::create_directories(to.parent_path(), error);
  if (!error) fs::rename(from, to, error);
  if (!error) {
    moved_.emplace_back(from, to);
    return Unit{};
  }
  const bool full = error == std::errc::no_space_on_device;
  return fail(full ? Errc::kNoSpace : Errc::kConflict,
              fmt::format("{} is ignored, so that no commit keeps it, and cannot be moved to {}: {}", from.string(),
                          to.string(), error.message()),
              "ignored_files");
}

void SetAside::put_back() const {
  for (const auto& [from, to] : moved_) {
    std::error_code error;
    if (!fs::exists(fs::symlink_status(from, error))) fs::rename(to, from, error);
    if (error) log::error("{} is kept as {}: {}", from.string(), to.string(), error.message());
  }
}

}  // namespace baton::worktree
