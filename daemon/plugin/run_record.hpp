// One run on the host's side, from run_start to run_release and the listener's last call.
//
// What a plugin reports is queued and handed to the listener in a later turn, so that the listener may do what it likes
// (cancel, start another run) while the plugin is not on the stack. A run ends exactly once: by the plugin, or by the
// host when a cancel took too long. The host cancels by itself after too long a silence and at the request's deadline.
//
//   starting ──run_start ok──▶ living ──finish / host──▶ ended ──run_release──▶ released ──▶ on_end
//
// Between ended and released its processes die: nobody hears of the end before they are gone, or given up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "baton/ext/run.h"
#include "baton/ext/runtime.h"
#include "plugin/abi_events.hpp"
#include "plugin/tool_service.hpp"
#include "process/keeper.hpp"
#include "reactor/timer.hpp"
#include "runtime/runtime.hpp"

namespace baton::plugin {

class Instance;

class RunRecord : public std::enable_shared_from_this<RunRecord> {
 public:
  RunRecord(Instance& instance, const runtime::Request& request, runtime::Listener& listener);
  RunRecord(const RunRecord&) = delete;
  RunRecord& operator=(const RunRecord&) = delete;

  // Calls run_start. After an error nothing is heard, and nothing lives once its processes are gone.
  Result<Unit> start(baton_run handle, const runtime::Request& request);
  bool is_empty() const { return !cell() || cell()->is_empty(); }
  // run_start refused it, and processes that it started nevertheless are being ended: the refusal becomes the end of
  // the run, told when they are gone.
  void refuse(const Error& error, runtime::Listener& listener);

  // From the plugin. What cannot be read is not added. Nor is it when `fits` is false, because more waits to be
  // delivered than may: the caller ends the run then.
  struct Emitted {
    Translation read;
    bool fits = true;
  };
  Emitted emit(const baton_event* raw);
  // From a table of the host, which asks for room before it begins something.
  bool has_room(std::size_t size) const;
  void report(runtime::Event event, std::size_t size);
  void finish(runtime::Outcome outcome);

  // From the executor.
  void cancel(runtime::CancelReason reason);
  void hold(bool held);
  Result<Unit> input(runtime::Input input);
  void abandon();  // the listener hears nothing any more, the run is cancelled

  // It waits for something of the host's, a question or a tool: the silence watchdog rests until the last one is over.
  void begin_wait() { ++waits_; }
  void end_wait();

  void orphan();  // the instance dies without having ended its runs

  bool held() const { return held_; }
  const std::string& home() const { return home_; }
  const ToolScope& scope() const { return scope_; }
  const std::shared_ptr<process::Cell>& cell() const { return scope_.cell; }
  baton_run handle() const { return handle_; }

 private:
  enum class Phase : std::uint8_t { kStarting, kLiving, kEnded, kReleased };

  void end_when_empty();
  void queued(std::size_t size);
  void wake();
  void turn();
  void release();
  void deliver();
  void watch_silence();
  void restart_silence();
  void check_silence();
  void cancel_because(std::string why);
  void tell_cancel();
  void end_overdue();
  void add_usage();
  void post_inputs();
  void hand_inputs();
  runtime::Outcome judged(runtime::Outcome outcome) const;

  Instance& instance_;  // outlives every phase before kReleased
  runtime::Listener* listener_;
  baton_run handle_{};
  void* state_ = nullptr;  // the plugin's
  Phase phase_ = Phase::kStarting;
  bool empty_ = false;  // since it ended: its processes are gone
  bool turn_posted_ = false;
  bool held_ = false;
  bool refused_ = false;  // the plugin knows nothing of it
  std::string home_;
  ToolScope scope_;  // who it is, where it works, what holds its processes together
  std::size_t waits_ = 0;
  std::vector<runtime::Event> events_, spare_;
  std::size_t waiting_bytes_ = 0;      // of events_
  std::deque<runtime::Input> inputs_;  // not taken yet
  bool inputs_posted_ = false;
  bool handing_ = false;  // the plugin is being given one
  runtime::Outcome outcome_;

  std::optional<runtime::CancelReason> cancel_;
  std::int64_t cancel_deadline_ns_ = 0;
  bool cancel_told_ = false;
  std::string overdue_;        // why the host cancelled by itself; empty: it did not
  std::int64_t waits_ns_ = 0;  // what the events of this turn ask for
  std::int64_t quiet_until_ns_ = 0;
  std::unique_ptr<reactor::Deadline> silence_, deadline_, cancel_limit_;
};

}  // namespace baton::plugin
