// The plugin libraries in the configured directories: each one looked at in a process of its own, or known from an
// earlier look, and the ones that are wanted loaded.
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/library.hpp"
#include "plugin/probe_cache.hpp"
#include "plugin/refusal.hpp"
#include "process/ledger.hpp"
#include "reactor/loop.hpp"
#include "reactor/semaphore.hpp"
#include "reactor/task.hpp"

namespace baton::plugin {

class Loader {
 public:
  // A library that was found. Without a manifest it has a refusal; with one it may have one: its id is known then.
  struct Found {
    std::filesystem::path file;
    std::optional<Manifest> manifest;
    std::optional<Refusal> refusal;
    std::optional<Library> library;  // loaded into this process
    bool cached = false;             // known from an earlier start
    std::chrono::nanoseconds probe_took{0};
  };

  struct Settings {
    std::vector<std::filesystem::path> directories;
    std::filesystem::path probe_program;
    std::filesystem::path cache_file;  // of what probes found; empty: nothing is kept
    std::string version;               // of the daemon
    // Why a library may not be loaded, whatever it is; by its real path.
    std::function<std::optional<Refusal>(const std::filesystem::path&)> refuse = {};
  };

  Loader(reactor::Loop& loop, process::Ledger* ledger, Settings settings);

  // Looks at each "*.so", once, before load(): four at a time. A directory that is not there is an empty one. Reads and
  // writes the cache, which blocks for two small files.
  reactor::Task<> scan();

  // Looks once more at the library that load(plugin) refuses, unless it is loaded. Where none is known by this name,
  // at all that are refused and have not told their id. One call after the other.
  reactor::Task<> look_again(std::string plugin);

  // Loads the library with this plugin id or file name (with or without ".so") into the process, or gives it again.
  Accepted<Library> load(std::string_view plugin);

  // The real path of the library that load(plugin) means; empty: there is none.
  std::filesystem::path file_of(std::string_view plugin) const;

  const std::vector<Found>& found() const { return found_; }

 private:
  reactor::Task<> look_at(std::size_t index);
  reactor::Task<> look_again_at(std::vector<std::size_t> indexes);
  reactor::Task<Accepted<Manifest>> examined(std::filesystem::path file, std::size_t index);
  void settle(std::size_t index);
  const Found* find(std::string_view plugin) const;
  std::string where() const;

  reactor::Loop& loop_;
  process::Ledger* ledger_;
  const Settings settings_;
  ProbeCache cache_;
  reactor::Semaphore places_, again_;
  std::vector<Found> found_;
};

}  // namespace baton::plugin
