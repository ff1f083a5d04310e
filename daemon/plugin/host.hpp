// All plugins of the daemon: finds libraries, makes the configured instances, offers them as runtimes, ends them.
//
// host.cpp makes instances, host_switch.cpp switches them off and on, host_describe.cpp tells of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "plugin/crash_log.hpp"
#include "plugin/instance.hpp"
#include "plugin/loader.hpp"
#include "plugin/plugin_runtime.hpp"
#include "plugin/rule_approvals.hpp"
#include "plugin/settings.hpp"
#include "plugin/stall_watch.hpp"
#include "plugin/stdout_watch.hpp"
#include "plugin/switches.hpp"
#include "plugin/system_http.hpp"
#include "process/ledger.hpp"
#include "reactor/event.hpp"
#include "reactor/loop.hpp"
#include "reactor/scope.hpp"
#include "reactor/semaphore.hpp"
#include "runtime/runtime.hpp"

namespace baton::plugin {

// What people are shown of plugins.
struct Description {
  struct LibraryPart {
    std::string file;
    std::optional<Manifest> manifest;
    std::optional<Refusal> refusal;
    bool loaded = false;
    bool cached = false;  // known from an earlier start
    double probe_ms = 0;  // how long the look at it took; 0: there was none
  };
  struct InstancePart {
    std::string name, plugin;
    std::string_view state;          // one word: host_describe.cpp
    std::optional<Refusal> refusal;  // nothing: it takes runs
    runtime::Health health;
    std::vector<std::string_view> capabilities;  // by the names of the flags
    std::size_t runs = 0, processes = 0, timers = 0, file_operations = 0, http_exchanges = 0;
    std::size_t watches = 0, wakeups = 0, approvals = 0, tool_calls = 0;
    std::size_t store_keys = 0, store_bytes = 0;
    std::vector<std::pair<std::string, bool>> secrets;  // granted, and whether there is a value
    Misbehaviour misbehaviour;                          // of the instance, or of the last one when there is none
    std::vector<Crash> crashes;                         // of the daemon, inside of it or of its library
    std::optional<SetupInfo> setup;
  };
  bool safe_mode = false;
  std::vector<LibraryPart> libraries;
  std::vector<InstancePart> instances;
};

// {"safeMode": ..., "libraries": [...], "instances": [...]}
std::string to_json(const Description& description);
// The instance of that name alone; "null" when there is none.
std::string to_json(const Description& description, std::string_view instance);

class Host {
 public:
  // All but the settings outlive the host. `ledger` may be null (tests).
  Host(reactor::Loop& loop, const Clock& clock, process::Ledger* ledger, PluginSettings settings);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Once, before load(), on the thread that runs the loop: from here on a crash inside a plugin is written down, a
  // stall is told, a fork is ended, and what comes to standard output is counted. For a process that is the daemon's.
  void contain();

  // Once. What is refused is logged and described; it never stops the daemon. Waits at most a second for the first
  // probes.
  reactor::Task<> load();

  // Those that take runs, in the order of the configuration. They live as long as the host, on_change() tells when it
  // is others.
  std::vector<runtime::Runtime*> runtimes() const;
  void on_change(std::function<void()> action) { on_change_ = std::move(action); }
  // Those that are refused or switched off.
  std::vector<runtime::Registry::Absent> absent() const;
  Description describe() const;

  // Cancels the runs of an instance and ends it, also over restarts. kNotFound; kConflict: it is on its way up or down,
  // or the daemon is stopping; kIo: that it is off cannot be kept. One that is off already is fine.
  reactor::Task<Result<Unit>> disable(std::string name);
  // Makes an instance again that was switched off, is quarantined or was refused, and forgets its crashes. As
  // disable(); kConflict with the refusal's code as reason: it was refused again.
  reactor::Task<Result<Unit>> enable(std::string name);

  // Cancels the runs, lets each instance come to rest (5 s) and destroys it. Before the destructor, while the loop
  // runs.
  reactor::Task<> shut_down();

 private:
  struct Slot {
    InstanceSettings settings;
    std::optional<Refusal> refusal = {};
    std::unique_ptr<Instance> instance = {};
    std::unique_ptr<PluginRuntime> runtime = {};  // since the first instance
    bool changing = false;                        // on its way up or down
    std::size_t asking = 0;                       // probes of the instance that are open
    Misbehaviour before = {};                     // of the last instance
  };

  // host.cpp
  void open_state();
  reactor::Task<> prepare(Slot& slot);
  void set_up(Slot& slot);
  Accepted<Library> library_for(const InstanceSettings& settings);
  Accepted<std::unique_ptr<Instance>> make(Slot& slot);
  Accepted<std::string> private_directory(const std::string& name) const;
  void ask(Slot& slot);
  reactor::Task<> ask_task(Slot& slot);
  reactor::Task<> wait_for_answers();
  void take_output(std::string_view bytes);
  // host_switch.cpp
  Result<Slot*> changeable(std::string_view name);
  reactor::Task<> take_down(Slot& slot, runtime::CancelReason reason);
  reactor::Task<> bring_up(Slot& slot);
  void changed(Slot& slot, bool changing);
  // host_describe.cpp
  Description::InstancePart describe(const Slot& slot) const;
  std::string_view state_of(const Slot& slot) const;
  std::vector<Crash> crashes_of(const Slot& slot) const;

  SystemChildren children_;
  SystemHttp http_;
  Surroundings around_;
  process::Ledger* ledger_;
  PluginSettings settings_;
  RuleApprovals rules_;
  bool opened_ = false, stopping_ = false;
  CrashLog crashes_;
  Switches switches_;
  Loader loader_;
  reactor::Semaphore trials_;
  std::vector<Slot> slots_;
  std::function<void()> on_change_;
  std::size_t open_questions_ = 0;
  std::uint64_t nameless_output_ = 0;  // writes to standard output by whoever is no instance
  reactor::Event answered_;            // a probe has ended
  reactor::Event settled_;             // a slot does not change any more
  reactor::Scope scope_;
  std::optional<StdoutWatch> stdout_;
  std::optional<StallWatch> stall_;
};

}  // namespace baton::plugin
