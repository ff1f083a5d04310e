#include "plugin/call_gate.hpp"

#include <ctime>

#include <sys/resource.h>

#include "base/bug.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "plugin/fork_guard.hpp"

namespace baton::plugin {
namespace {

constexpr std::int64_t kStallNs = 5'000'000'000;                           // stall_watch.hpp tells of it meanwhile
constexpr std::int64_t kLongCallNs = 5'000'000, kSlowCallNs = 50'000'000;  // design: logged, counted

// The clock that the kernel moves at each tick (1 to 10 ms): an exact one costs three times as much, and the gate reads
// it twice for each line that an agent prints. Not the daemon's Clock: a call takes real time, also where time is
// played.
std::int64_t tick_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

std::int64_t length_of_tick() {
  static const std::int64_t length = [] {
    timespec resolution{};
    ::clock_getres(CLOCK_MONOTONIC_COARSE, &resolution);
    return resolution.tv_sec * 1'000'000'000 + resolution.tv_nsec;
  }();
  return length;
}

constexpr std::size_t kFailureText = 4096;

#ifdef NDEBUG
constexpr bool kLooksForBlocking = false;
#else
constexpr bool kLooksForBlocking = true;
#endif

// How often this thread gave up the processor by itself; 0 in release builds, where asking would cost more than a call.
std::uint64_t voluntary_switches() {
  if constexpr (!kLooksForBlocking) return 0;
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return static_cast<std::uint64_t>(usage.ru_nvcsw);
}

}  // namespace

CallGate::CallGate(std::string_view instance) : instance_(lasting(instance)) {}

CallGate::Visit::Visit(CallGate& gate, const char* what)
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

CallGate::Visit::~Visit() {
  gate_.inside_ = false;
  const auto ticks_ns = tick_ns() - began_ns_;
  gate_.counters_.stray_child += forks_in_plugins() - forks_;
  if (kLooksForBlocking && voluntary_switches() != switches_) ++gate_.counters_.blocking_call;
  if (ticks_ns >= kLongCallNs) gate_.judge(what_, ticks_ns - length_of_tick());  // so long at the least
}

void CallGate::judge(const char* what, std::int64_t took_ns) {
  if (took_ns >= kSlowCallNs) ++counters_.slow_call;
  if (took_ns >= kStallNs) ++counters_.stall;
  log::write(took_ns >= kSlowCallNs ? log::Level::kWarn : log::Level::kDebug,
             fmt::format("plugin {}: {} took {} ms or more", instance_, what, took_ns / 1'000'000));
}

bool CallGate::on_its_thread() {
  if (std::this_thread::get_id() == thread_) return true;
  ++wrong_thread_;
  return false;
}

baton_status CallGate::explain(baton_status code, std::string_view text) {
  failure_ = text::head(text::repaired_utf8(text.substr(0, kFailureText)), kFailureText);
  if (masker_ != nullptr) masker_->mask(failure_);
  return code;
}

std::string CallGate::failure(baton_status code) const { return failure_.empty() ? status_text(code) : failure_; }

Misbehaviour CallGate::counted() const {
  Misbehaviour all = counters_;
  all.wrong_thread = wrong_thread_;
  return all;
}

const char* status_text(baton_status code) {
  switch (code) {
    case BATON_OK: return "ok";
    case BATON_E_INVALID: return "an argument breaks the contract";
    case BATON_E_UNSUPPORTED: return "not supported";
    case BATON_E_STALE: return "it has ended already";
    case BATON_E_STATE: return "not allowed now";
    case BATON_E_LIMIT: return "a limit is exceeded";
    case BATON_E_DENIED: return "not granted";
    case BATON_E_NOT_FOUND: return "not found";
    case BATON_E_AGAIN: return "the queue is full";
    case BATON_E_IO: return "the system refused";
    case BATON_E_TIMEOUT: return "out of time";
    case BATON_E_INTERNAL: return "internal error";
    default: return "unknown status";
  }
}

}  // namespace baton::plugin
