// The plugin libraries in the configured directories: each one looked at in a process of its own, the ones that are
// wanted loaded.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plugin/library.hpp"
#include "plugin/refusal.hpp"
#include "process/ledger.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::plugin {

class Loader {
 public:
  // A library that was found. It has a manifest or a refusal.
  struct Found {
    std::filesystem::path file;
    std::optional<Manifest> manifest;
    std::optional<Refusal> refusal;
    std::optional<Library> library;  // loaded into this process
  };

  Loader(reactor::Loop& loop, process::Ledger* ledger, std::vector<std::filesystem::path> directories,
         std::filesystem::path probe_program);

  // Looks at each "*.so", once, before load(). A directory that is not there is an empty one.
  reactor::Task<> scan();

  // Loads the library with this plugin id or file name (with or without ".so") into the process, or gives it again.
  Accepted<Library> load(std::string_view plugin);

  const std::vector<Found>& found() const { return found_; }

 private:
  reactor::Task<> look_at(std::filesystem::path file);
  Found* find(std::string_view plugin);
  std::string where() const;

  reactor::Loop& loop_;
  process::Ledger* ledger_;
  std::vector<std::filesystem::path> directories_;
  std::filesystem::path probe_program_;
  std::vector<Found> found_;
};

}  // namespace baton::plugin
