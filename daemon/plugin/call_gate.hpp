// The door through which the host calls into a plugin.
//
// One call at a time: the host never enters a plugin that is on the stack already, because everything that a plugin
// causes is delivered in a later turn. The door also times (by the machine's clock, whatever time the loop obeys) each
// call, keeps the text of a failure until its status was read, and says where the daemon is (place.hpp), so that a
// crash and a stall have a name.
#pragma once

#include <atomic>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/bug.hpp"
#include "baton/base.h"
#include "plugin/fork_guard.hpp"
#include "plugin/masker.hpp"
#include "plugin/place.hpp"

namespace baton::plugin {

// How often an instance broke the rules. Shown to people; a configured limit quarantines it.
struct Misbehaviour {
  std::uint64_t stale_handle = 0;   // used something that had ended
  std::uint64_t late_call = 0;      // reported or finished a run that had ended
  std::uint64_t broken_text = 0;    // text that is not UTF-8
  std::uint64_t broken_struct = 0;  // an argument that breaks the contract
  std::uint64_t slow_call = 0;      // more than 50 ms in one call
  std::uint64_t missing_end = 0;    // the host had to finish a run
  std::uint64_t wrong_thread = 0;   // called from another thread than the reactor
  std::uint64_t stall = 0;          // 5 s and more in one call; a slow call too
  std::uint64_t event_flood = 0;    // a run was ended for more events than may wait
  std::uint64_t stray_child = 0;    // forked
  std::uint64_t stray_thread = 0;   // left a thread behind after destroy
  std::uint64_t stdout_write = 0;   // wrote to the daemon's standard output
  std::uint64_t blocking_call = 0;  // debug builds: the thread gave up the processor in one call. Not misbehaviour by
                                    // itself, since a page fault or a contended lock does so too

  std::uint64_t total() const {
    return stale_handle + late_call + broken_text + broken_struct + slow_call + missing_end + wrong_thread + stall +
           event_flood + stray_child + stray_thread + stdout_write;
  }
};

class CallGate {
 public:
  // Belongs to the thread that makes it.
  explicit CallGate(std::string_view instance);
  CallGate(const CallGate&) = delete;  // last_visitor() compares it
  CallGate& operator=(const CallGate&) = delete;

  template <class Call>
  auto enter(const char* what, Call&& call) {
    const Visit visit(*this, what);
    return std::forward<Call>(call)();
  }
  bool inside() const { return inside_; }
  // What failures say is masked by it; it outlives the gate.
  void mask_with(const Masker& masker) { masker_ = &masker; }
  bool on_its_thread() {  // counts when not. Any thread
    const bool is = std::this_thread::get_id() == thread_;
    if (!is) ++wrong_thread_;
    return is;
  }

  // Keeps `text` for the status that the plugin is about to return; returns `code`.
  baton_status explain(baton_status code, std::string_view text);
  // The same, and counts what is the plugin's fault: INVALID and UNSUPPORTED as a broken struct, STALE.
  baton_status refuse(baton_status code, std::string_view text);
  // The text for the failing status that the last call returned.
  std::string failure(baton_status code) const;

  Misbehaviour& counters() { return counters_; }
  Misbehaviour counted() const;

 private:
  class Visit {  // in the header, since each line that an agent prints makes one
   public:
    Visit(CallGate& gate, const char* what)
        : gate_(gate),
          what_(what),
          forks_(forks_in_plugins()),
          switches_(voluntary_switches()),
          stay_(gate.instance_, what, &gate),
          began_ns_(tick_ns()) {
      require(!gate.inside_, "a plugin is entered while it is on the stack");
      gate.inside_ = true;
      gate.failure_.clear();
    }
    ~Visit() {
      gate_.inside_ = false;
      const auto ticks_ns = tick_ns() - began_ns_;
      gate_.counters_.stray_child += forks_in_plugins() - forks_;
      if (voluntary_switches() != switches_) ++gate_.counters_.blocking_call;
      if (ticks_ns >= kLongCallNs) gate_.judge(what_, ticks_ns);
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    CallGate& gate_;
    const char* what_;
    std::uint64_t forks_, switches_;
    Stay stay_;
    std::int64_t began_ns_;  // by the coarse clock
  };
  void judge(const char* what, std::int64_t ticks_ns);

  static constexpr std::int64_t kLongCallNs = 5'000'000;  // design: logged
  // The clock that the kernel moves at each tick (1 to 10 ms): an exact one costs three times as much, and the gate
  // reads it twice for each line that an agent prints. Not the daemon's Clock: a call takes real time, also where time
  // is played.
  static std::int64_t tick_ns() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
  }
#ifdef NDEBUG
  static std::uint64_t voluntary_switches() { return 0; }  // asking would cost more than a call
#else
  static std::uint64_t voluntary_switches();  // how often this thread gave up the processor by itself
#endif

  const char* instance_;  // for ever
  std::thread::id thread_ = std::this_thread::get_id();
  bool inside_ = false;
  std::string failure_;
  const Masker* masker_ = nullptr;
  Misbehaviour counters_;
  std::atomic<std::uint64_t> wrong_thread_{0};
};

const char* status_text(baton_status code);

}  // namespace baton::plugin
