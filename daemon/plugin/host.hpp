// All plugins of the daemon: finds libraries, makes the configured instances, offers them as runtimes, ends them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "plugin/instance.hpp"
#include "plugin/loader.hpp"
#include "plugin/plugin_runtime.hpp"
#include "plugin/rule_approvals.hpp"
#include "plugin/settings.hpp"
#include "process/ledger.hpp"
#include "reactor/event.hpp"
#include "reactor/loop.hpp"
#include "reactor/scope.hpp"
#include "runtime/runtime.hpp"

namespace baton::plugin {

// What people are shown of plugins.
struct Description {
  struct LibraryPart {
    std::string file;
    std::optional<Manifest> manifest;
    std::optional<Refusal> refusal;
    bool loaded = false;
  };
  struct InstancePart {
    std::string name, plugin;
    std::optional<Refusal> refusal;  // nothing: it takes runs
    runtime::Health health;
    std::size_t runs = 0, processes = 0, timers = 0, file_operations = 0;
    std::size_t watches = 0, wakeups = 0, approvals = 0, tool_calls = 0;
    std::size_t store_keys = 0, store_bytes = 0;
    std::vector<std::pair<std::string, bool>> secrets;  // granted, and whether there is a value
    std::optional<SetupInfo> setup;
    Misbehaviour misbehaviour;
  };
  std::vector<LibraryPart> libraries;
  std::vector<InstancePart> instances;
};

// {"libraries": [...], "instances": [...]}
std::string to_json(const Description& description);

class Host {
 public:
  // All but the settings outlive the host. `ledger` may be null (tests).
  Host(reactor::Loop& loop, const Clock& clock, process::Ledger* ledger, PluginSettings settings);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Once. What is refused is logged and described; it never stops the daemon. Waits at most a second for the first
  // probes.
  reactor::Task<> load();

  // In the order of the configuration; valid until shut_down().
  std::vector<runtime::Runtime*> runtimes() const;
  Description describe() const;

  // Cancels the runs, lets each instance come to rest (5 s) and destroys it. Before the destructor, while the loop
  // runs.
  reactor::Task<> shut_down();

 private:
  struct Slot {
    InstanceSettings settings;
    std::optional<Refusal> refusal;
    std::unique_ptr<Instance> instance;
    std::unique_ptr<PluginRuntime> runtime;
  };

  void set_up(Slot& slot);
  Accepted<std::unique_ptr<Instance>> make(const InstanceSettings& settings);
  Accepted<std::string> private_directory(const std::string& name) const;
  void ask(Instance& instance);
  reactor::Task<> ask_task(Instance& instance);
  reactor::Task<> end_task(Slot& slot);
  reactor::Task<> wait_for_answers();

  SystemChildren children_;
  Surroundings around_;
  PluginSettings settings_;
  RuleApprovals rules_;
  Loader loader_;
  std::vector<Slot> slots_;
  std::size_t open_questions_ = 0;
  reactor::Event answered_;
  reactor::Scope scope_;
};

}  // namespace baton::plugin
