#include "plugin/call_gate.hpp"

#include <ctime>

#include <sys/resource.h>

#include "base/log.hpp"
#include "base/text.hpp"

namespace baton::plugin {
namespace {

constexpr std::int64_t kStallNs = 5'000'000'000;  // stall_watch.hpp tells of it meanwhile
constexpr std::int64_t kSlowCallNs = 50'000'000;  // design: counted

std::int64_t length_of_tick() {
  static const std::int64_t length = [] {
    timespec resolution{};
    ::clock_getres(CLOCK_MONOTONIC_COARSE, &resolution);
    return resolution.tv_sec * 1'000'000'000 + resolution.tv_nsec;
  }();
  return length;
}

constexpr std::size_t kFailureText = 4096;

}  // namespace

CallGate::CallGate(std::string_view instance) : instance_(lasting(instance)) {}

#ifndef NDEBUG
std::uint64_t CallGate::voluntary_switches() {
  rusage usage{};
  ::getrusage(RUSAGE_THREAD, &usage);
  return static_cast<std::uint64_t>(usage.ru_nvcsw);
}
#endif

void CallGate::judge(const char* what, std::int64_t ticks_ns) {
  const auto took_ns = ticks_ns - length_of_tick();  // at the least
  if (took_ns >= kSlowCallNs) ++counters_.slow_call;
  if (took_ns >= kStallNs) ++counters_.stall;
  log::write(took_ns >= kSlowCallNs ? log::Level::kWarn : log::Level::kDebug,
             fmt::format("plugin {}: {} took {} ms or more", instance_, what, took_ns / 1'000'000));
}

baton_status CallGate::explain(baton_status code, std::string_view text) {
  failure_ = text::head(text::repaired_utf8(text.substr(0, kFailureText)), kFailureText);
  if (masker_ != nullptr) masker_->mask(failure_);
  return code;
}

baton_status CallGate::refuse(baton_status code, std::string_view text) {
  if (code == BATON_E_INVALID || code == BATON_E_UNSUPPORTED) ++counters_.broken_struct;
  if (code == BATON_E_STALE) ++counters_.stale_handle;
  return explain(code, text);
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
