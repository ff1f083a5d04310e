// One instance of a plugin: what create made, and everything that the host keeps for it.
//
// Life: create → probe* → runs → end (cancel the runs, quiesce, destroy). An instance whose plugin does not quiesce in
// time is not destroyed, and one whose plugin left a thread behind is not freed: both are kept until the process ends,
// because the plugin may still use the host's pointer; its calls are refused.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "baton/entry.h"
#include "baton/ext/runtime.h"
#include "baton/host.h"
#include "plugin/call_gate.hpp"
#include "plugin/host_approval.hpp"
#include "plugin/host_core.hpp"
#include "plugin/host_files.hpp"
#include "plugin/host_http.hpp"
#include "plugin/host_process.hpp"
#include "plugin/host_run.hpp"
#include "plugin/host_secret.hpp"
#include "plugin/host_store.hpp"
#include "plugin/host_timer.hpp"
#include "plugin/host_tools.hpp"
#include "plugin/host_wakeup.hpp"
#include "plugin/host_watch.hpp"
#include "plugin/library.hpp"
#include "plugin/refusal.hpp"
#include "plugin/settings.hpp"
#include "plugin/setup_info.hpp"
#include "plugin/surroundings.hpp"
#include "plugin/thread_census.hpp"
#include "process/keeper.hpp"
#include "reactor/event.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::plugin {

class Instance {
 public:
  // `store_file`: what baton.store/1 keeps; empty: nothing outlives the instance.
  Instance(const Surroundings& around, InstanceSettings settings, Library library, std::string data_dir,
           std::string store_file = {});
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  // Reads its secrets and its store, calls create and caps. kCreateFailed, kBadDescriptor (it offers no runtime).
  Accepted<Unit> create();
  // Asks whether it is usable; sets health(). One at a time, others end at once.
  reactor::Task<> probe();
  // Cancels the runs for this reason and destroys. False when the plugin did not quiesce.
  reactor::Task<bool> end(runtime::CancelReason reason);
  // After create() has refused, or end(): the plugin may still use what it was given. Such an object is never freed.
  bool must_stay() const { return plugin_ != nullptr || stray_threads_ > 0; }

  const std::string& name() const { return settings_.name; }
  const InstanceSettings& settings() const { return settings_; }
  const Manifest& manifest() const { return library_.manifest; }
  const std::string& data_dir() const { return data_dir_; }
  const runtime::Capabilities& capabilities() const { return capabilities_; }
  const runtime::Health& health() const { return health_; }
  // How people get it ready; nothing: the plugin does not say.
  const std::optional<SetupInfo>& setup() const { return setup_; }
  Misbehaviour misbehaviour() const { return gate_.counted(); }
  bool is_quarantined() const;
  std::string quarantine_text() const;  // why it is, and what ends it
  bool takes_runs() const { return plugin_ != nullptr && !ending_; }
  // Called in a turn of its own when a run said that the login was lost.
  void on_ask_again(std::function<void()> action) { on_ask_again_ = std::move(action); }

  // ---- for the host's tables ----
  static Instance& of(const baton_host* host) { return *static_cast<Instance*>(host->impl); }
  // Nothing is served any more. Any thread.
  bool is_over() const { return over_; }
  // Null on another thread than the reactor, and after the instance's end.
  static Instance* usable(const baton_host* host);
  reactor::Loop& loop() { return around_.loop; }
  const Clock& clock() const { return around_.clock; }
  const Surroundings& around() const { return around_; }
  Children& children() { return around_.children; }
  // The table that this instance is shown for `id`; null: none.
  const void* table_for(std::string_view id);
  // Null when nobody keeps what leaves its session.
  std::shared_ptr<process::Cell> open_cell(std::string name, std::string subject);
  CallGate& gate() { return gate_; }
  ThreadCensus& threads() { return threads_; }
  Operations& operations() { return operations_; }
  HostRun& runs() { return runs_; }
  HostProcess& processes() { return processes_; }
  HostTimer& timers() { return timers_; }
  HostFiles& files() { return files_; }
  HostWatch& watches() { return watches_; }
  HostWakeup& wakeups() { return wakeups_; }
  HostStore& store() { return store_; }
  HostSecret& secrets() { return secrets_; }
  HostApproval& approvals() { return approvals_; }
  HostTools& tools() { return tools_; }
  HostHttp& exchanges() { return exchanges_; }

  // ---- for its runs ----
  const baton_runtime& table() const { return table_; }  // the plugin's: slots that it does not know are empty
  baton_plugin* plugin() { return plugin_; }
  std::chrono::nanoseconds cancel_limit() const;
  void close_of(baton_run run);
  void hold(baton_run run, bool held);
  void end_run(baton_run run, runtime::Outcome outcome) { runs_.end(run, std::move(outcome)); }
  void run_is_over(const RunRecord& record);
  void ask_again();

 private:
  Accepted<Unit> read_capabilities();
  void read_setup_info();
  void look_at_quarantine();
  reactor::Task<OpAnswer> ask(const char* what, std::chrono::nanoseconds limit,
                              std::function<baton_status(baton_op)> call);
  void close_all();
  void destroy();
  void be_over(const char* after);

  const Surroundings around_;
  InstanceSettings settings_;
  Library library_;
  std::string data_dir_, store_file_;
  CallGate gate_;
  baton_host host_;
  baton_runtime table_{};
  baton_plugin* plugin_ = nullptr;
  runtime::Capabilities capabilities_;
  runtime::Health health_;
  bool quarantine_told_ = false;
  std::optional<SetupInfo> setup_;
  ThreadCensus threads_;
  bool probing_ = false;
  bool ending_ = false;
  std::atomic<bool> over_{false};  // read by threads that the plugin left behind
  std::size_t stray_threads_ = 0;
  std::function<void()> on_ask_again_;
  reactor::Event run_over_;
  Operations operations_;
  HostRun runs_{*this};
  HostProcess processes_{*this};
  HostTimer timers_{*this};
  HostFiles files_{*this};
  HostWatch watches_{*this};
  HostWakeup wakeups_{*this};
  HostStore store_{*this};
  HostSecret secrets_{*this};
  HostApproval approvals_{*this};
  HostTools tools_{*this};
  HostHttp exchanges_{*this};
};

// Frees one that came to nothing or has ended; one that must stay is kept until the process ends.
void let_go(std::unique_ptr<Instance> instance);

}  // namespace baton::plugin
