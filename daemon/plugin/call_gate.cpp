#include "plugin/call_gate.hpp"

#include <ctime>

#include <sys/resource.h>

#include "base/bug.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "plugin/fork_guard.hpp"

namespace baton::plugin {
namespace {

constexpr std::int64_t kLongCallNs = 5'000'000, kSlowCallNs = 50'000'000;  // design: logged, counted
constexpr std::int64_t kStallNs = 5'000'000'000;                           // stall_watch.hpp tells of it meanwhile
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

// The time of the last tick: a fifth of what the exact time costs, which would be most of what a call costs.
std::int64_t in_ns(const timespec& time) { return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec; }
std::int64_t coarse_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return in_ns(now);
}
// How far it may be behind: 4 ms on most machines. A call is said to have taken as long as it did for certain.
std::int64_t tick_ns() {
  static const std::int64_t tick = [] {
    timespec resolution{};
    ::clock_getres(CLOCK_MONOTONIC_COARSE, &resolution);
    return in_ns(resolution);
  }();
  return tick;
}

}  // namespace

CallGate::CallGate(std::string instance) : instance_(std::move(instance)) {}

CallGate::Visit::Visit(CallGate& gate, const char* what)
    : gate_(gate),
      what_(what),
      forks_(forks_in_plugins()),
      switches_(voluntary_switches()),
      stay_(gate.instance_.c_str(), what, &gate),
      began_ns_(coarse_ns()) {
  require(!gate.inside_, "a plugin is entered while it is on the stack");
  gate.inside_ = true;
  gate.failure_.clear();
}

CallGate::Visit::~Visit() {
  gate_.inside_ = false;
  const auto took_ns = coarse_ns() - began_ns_ - tick_ns();
  gate_.counters_.stray_child += forks_in_plugins() - forks_;
  if (kLooksForBlocking && voluntary_switches() != switches_) ++gate_.counters_.blocking_call;
  if (took_ns >= kLongCallNs) gate_.judge(what_, took_ns);
}

void CallGate::judge(const char* what, std::int64_t took_ns) {
  if (took_ns >= kSlowCallNs) ++counters_.slow_call;
  if (took_ns >= kStallNs) ++counters_.stall;
  log::write(took_ns >= kSlowCallNs ? log::Level::kWarn : log::Level::kDebug,
             fmt::format("plugin {}: {} took {} ms", instance_, what, took_ns / 1'000'000));
}

bool CallGate::on_its_thread() {
  if (std::this_thread::get_id() == thread_) return true;
  ++wrong_thread_;
  return false;
}

baton_status CallGate::explain(baton_status code, std::string_view text) {
  failure_ = text::head(text::repaired_utf8(text.substr(0, kFailureText)), kFailureText);
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
