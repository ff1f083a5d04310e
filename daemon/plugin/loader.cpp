#include "plugin/loader.hpp"

#include <algorithm>
#include <cstddef>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "plugin/permissions.hpp"
#include "plugin/place.hpp"
#include "plugin/probe.hpp"
#include "reactor/scope.hpp"

namespace baton::plugin {
namespace {

namespace fs = std::filesystem;

constexpr int kAtOnce = 4;  // probes: a start shall not occupy a whole machine

// In the order of their names, so that two starts find the same.
std::vector<fs::path> libraries_in(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
    if (entry->path().extension() == ".so") files.push_back(entry->path());
  }
  if (error) log::info("plugins: {}: {}", directory.native(), error.message());
  std::ranges::sort(files);
  return files;
}

// Everything but the library that an answer depends on: this build of the daemon, by the program that it probes with.
std::string cache_version(const std::string& version, const fs::path& probe_program) {
  const auto probe = stamp_of(probe_program).value_or(FileStamp{});
  return fmt::format("{}, ABI {}.{}, probe {}:{}:{}", version, BATON_ABI_RELEASE, BATON_ABI_MINOR_LATEST, probe.inode,
                     probe.size, probe.modified_ns);
}

}  // namespace

Loader::Loader(reactor::Loop& loop, process::Ledger* ledger, Settings settings)
    : loop_(loop),
      ledger_(ledger),
      settings_(std::move(settings)),
      cache_(cache_version(settings_.version, settings_.probe_program)),
      places_(loop, kAtOnce),
      again_(loop, 1) {}

reactor::Task<> Loader::scan() {
  for (const auto& directory : settings_.directories) {
    for (auto& file : libraries_in(directory)) {
      found_.emplace_back();
      found_.back().file = std::move(file);
    }
  }
  if (!settings_.cache_file.empty()) cache_.read(settings_.cache_file);
  reactor::Scope looks(loop_);
  for (std::size_t index = 0; index < found_.size(); ++index) looks.spawn(look_at(index));
  co_await looks.drained();
  for (std::size_t index = 0; index < found_.size(); ++index) settle(index);
  if (!settings_.cache_file.empty()) cache_.write(settings_.cache_file);
}

reactor::Task<> Loader::look_again(std::string plugin) {
  const auto turn = co_await again_.acquire();  // another may be looking at this one
  const Found* known = find(plugin);
  std::vector<std::size_t> indexes;
  for (std::size_t index = 0; index < found_.size(); ++index) {
    const Found& one = found_[index];
    const bool meant = known != nullptr ? known == &one : !one.manifest;
    if (meant && one.refusal && !one.library) indexes.push_back(index);
  }
  co_await look_again_at(std::move(indexes));
}

reactor::Task<> Loader::look_again_at(std::vector<std::size_t> indexes) {
  reactor::Scope looks(loop_);
  for (const auto index : indexes) {
    Found fresh;
    fresh.file = std::move(found_[index].file);
    found_[index] = std::move(fresh);
    looks.spawn(look_at(index));
  }
  co_await looks.drained();
  for (const auto index : indexes) settle(index);
}

reactor::Task<> Loader::look_at(std::size_t index) {
  const auto place = co_await places_.acquire();
  auto trusted = trusted_file(found_[index].file);
  if (!trusted) {
    found_[index].refusal = std::move(trusted.error());
    co_return;
  }
  auto manifest = co_await examined(*trusted, index);  // in any case: people name it by its id
  if (manifest) {
    found_[index].manifest = std::move(*manifest);
  } else {
    found_[index].refusal = std::move(manifest.error());
  }
  if (auto why = settings_.refuse ? settings_.refuse(*trusted) : std::nullopt) found_[index].refusal = std::move(why);
}

// The stamp is taken before the probe: what changes meanwhile is probed again at the next start.
reactor::Task<Accepted<Manifest>> Loader::examined(fs::path file, std::size_t index) {
  const auto stamp = stamp_of(file);
  if (stamp) {
    if (auto known = cache_.find(file, *stamp)) {
      found_[index].cached = true;
      co_return *std::move(known);
    }
  }
  const auto began = std::chrono::steady_clock::now();
  auto answer = co_await probe_library(loop_, ledger_, settings_.probe_program, file);
  found_[index].probe_took = std::chrono::steady_clock::now() - began;
  if (stamp) cache_.keep(file, *stamp, answer);
  co_return answer;
}

// What can only be said when all are known, in their order.
void Loader::settle(std::size_t index) {
  Found& found = found_[index];
  if (found.manifest && !found.refusal) {
    if (auto needs = check_needs(*found.manifest); !needs) found.refusal = std::move(needs.error());
    const auto wins = [&](const Found& other) {  // the first of an id, or one that is in use already
      const bool same = other.manifest && other.manifest->id == found.manifest->id && !other.refusal;
      return same && (&other < &found || (&other > &found && other.library));
    };
    if (const auto other = std::ranges::find_if(found_, wins); other != found_.end())
      found.refusal = Refusal{RefusalCode::kDuplicateId,
                              fmt::format("{} is given by {} already", found.manifest->id, other->file.native())};
  }
  if (found.refusal)
    log::warn("plugin {} is refused ({}): {}", found.file.native(), to_text(found.refusal->code), found.refusal->text);
}

Accepted<Library> Loader::load(std::string_view plugin) {
  const Found* known = find(plugin);
  if (known == nullptr)
    return refuse(RefusalCode::kNotFound, fmt::format("there is no plugin {} in {}", plugin, where()));
  Found* found = &found_[static_cast<std::size_t>(known - found_.data())];
  if (found->refusal) return tl::unexpected(*found->refusal);
  if (!found->manifest) return refuse(RefusalCode::kNotFound, fmt::format("{} is being looked at", plugin));
  if (!found->library) {
    auto file = trusted_file(found->file);  // time has passed since the probe
    if (!file) return tl::unexpected(std::move(file.error()));
    auto library = [&] {
      const Stay inside(lasting(file->native()), "dlopen", nullptr);  // constructors of the library run
      return open_library(*file);
    }();
    if (library && library->manifest != *found->manifest)
      library = refuse(RefusalCode::kBadDescriptor, "it says something else than it did when it was probed");
    if (!library) {
      found->refusal = library.error();
      return library;
    }
    found->library = std::move(*library);
  }
  return *found->library;
}

fs::path Loader::file_of(std::string_view plugin) const {
  const Found* found = find(plugin);
  std::error_code error;
  auto file = found == nullptr ? fs::path() : fs::canonical(found->file, error);
  return error ? fs::path() : file;
}

// One that is not refused goes first: the id of a duplicate leads to the other.
const Loader::Found* Loader::find(std::string_view plugin) const {
  const auto has_id = [&](const Found& one) { return one.manifest && one.manifest->id == plugin; };
  const auto good = std::ranges::find_if(found_, [&](const Found& one) { return has_id(one) && !one.refusal; });
  if (good != found_.end()) return &*good;
  const auto by_id = std::ranges::find_if(found_, has_id);
  if (by_id != found_.end()) return &*by_id;
  const auto by_file = std::ranges::find_if(
      found_, [&](const Found& one) { return one.file.filename() == plugin || one.file.stem() == plugin; });
  return by_file == found_.end() ? nullptr : &*by_file;
}

std::string Loader::where() const {
  std::string all;
  for (const auto& directory : settings_.directories) all += (all.empty() ? "" : ", ") + directory.native();
  const auto refused = std::ranges::count_if(found_, [](const Found& one) { return one.refusal.has_value(); });
  return fmt::format("{} ({} libraries, {} refused)", all.empty() ? "no directory" : all, found_.size(), refused);
}

}  // namespace baton::plugin
