#include "plugin/loader.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "plugin/permissions.hpp"
#include "plugin/probe.hpp"

namespace baton::plugin {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

Loader::Loader(reactor::Loop& loop, process::Ledger* ledger, std::vector<fs::path> directories, fs::path probe_program)
    : loop_(loop), ledger_(ledger), directories_(std::move(directories)), probe_program_(std::move(probe_program)) {}

reactor::Task<> Loader::scan() {
  for (const auto& directory : directories_) {
    const auto files = libraries_in(directory);
    for (const auto& file : files) co_await look_at(file);
  }
}

reactor::Task<> Loader::look_at(fs::path file) {
  Found found;
  found.file = file;
  auto trusted = trusted_file(file);
  if (!trusted) {
    found.refusal = std::move(trusted.error());
  } else {
    auto manifest = co_await probe_library(loop_, ledger_, probe_program_, *trusted);
    if (!manifest) {
      found.refusal = std::move(manifest.error());
    } else if (const auto* other = find(manifest->id); other != nullptr && other->manifest) {
      found.refusal = Refusal{RefusalCode::kDuplicateId,
                              fmt::format("{} is given by {} already", manifest->id, other->file.native())};
    } else {
      found.manifest = std::move(*manifest);
    }
  }
  if (found.refusal)
    log::warn("plugin {} is refused ({}): {}", file.native(), to_text(found.refusal->code), found.refusal->text);
  found_.push_back(std::move(found));
}

Accepted<Library> Loader::load(std::string_view plugin) {
  Found* found = find(plugin);
  if (found == nullptr)
    return refuse(RefusalCode::kNotFound, fmt::format("there is no plugin {} in {}", plugin, where()));
  if (found->refusal) return tl::unexpected(*found->refusal);
  if (!found->library) {
    auto file = trusted_file(found->file);  // time has passed since the probe
    if (!file) return tl::unexpected(std::move(file.error()));
    auto library = open_library(*file);
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

Loader::Found* Loader::find(std::string_view plugin) {
  const auto by_id =
      std::ranges::find_if(found_, [&](const Found& one) { return one.manifest && one.manifest->id == plugin; });
  if (by_id != found_.end()) return &*by_id;
  const auto by_file = std::ranges::find_if(
      found_, [&](const Found& one) { return one.file.filename() == plugin || one.file.stem() == plugin; });
  return by_file == found_.end() ? nullptr : &*by_file;
}

std::string Loader::where() const {
  std::string all;
  for (const auto& directory : directories_) all += (all.empty() ? "" : ", ") + directory.native();
  const auto refused = std::ranges::count_if(found_, [](const Found& one) { return one.refusal.has_value(); });
  return fmt::format("{} ({} libraries, {} refused)", all.empty() ? "no directory" : all, found_.size(), refused);
}

}  // namespace baton::plugin
