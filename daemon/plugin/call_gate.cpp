#include "plugin/call_gate.hpp"

#include "base/bug.hpp"
#include "base/log.hpp"
#include "base/text.hpp"

namespace baton::plugin {
namespace {

constexpr std::int64_t kLongCallNs = 5'000'000, kSlowCallNs = 50'000'000;  // design: logged, counted
constexpr std::size_t kFailureText = 4096;

}  // namespace

CallGate::CallGate(const Clock& clock, std::string instance) : clock_(clock), instance_(std::move(instance)) {}

CallGate::Visit::Visit(CallGate& gate, const char* what)
    : gate_(gate), what_(what), began_ns_(gate.clock_.monotonic_ns()) {
  require(!gate.inside_, "a plugin is entered while it is on the stack");
  gate.inside_ = true;
  gate.failure_.clear();
}

CallGate::Visit::~Visit() {
  gate_.inside_ = false;
  const auto took_ns = gate_.clock_.monotonic_ns() - began_ns_;
  if (took_ns < kLongCallNs) return;
  if (took_ns >= kSlowCallNs) ++gate_.counters_.slow_call;
  log::write(took_ns >= kSlowCallNs ? log::Level::kWarn : log::Level::kDebug,
             fmt::format("plugin {}: {} took {} ms", gate_.instance_, what_, took_ns / 1'000'000));
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
