#include "plugin/run_record.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include "base/log.hpp"
#include "plugin/abi_values.hpp"
#include "plugin/instance.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kWaitingEvents = 16 * 1024 * 1024;  // ext/run.h promises it
constexpr std::size_t kInputText = 1024 * 1024, kWaitingInputs = 64;
constexpr std::size_t kKeptEvents = 256;  // room that a run keeps between two turns; 64 lines fill one read of a pipe

// The ABI's view of a request, valid as long as the request.
class BorrowedRequest {
 public:
  explicit BorrowedRequest(const runtime::Request& from) {
    for (const auto& server : from.mcp) mcp_.push_back({str(server.name), str(server.url), str(server.bearer)});
    for (const auto& [name, value] : from.env) env_.push_back({str(name), str(value)});
    for (const auto& tool : from.blocked_tools) blocked_.push_back(str(tool));
    raw_ = {.size = sizeof(baton_run_request),
            .mode = static_cast<std::uint32_t>(from.mode),
            .agent = str(from.agent),
            .task = str(from.task),
            .attempt = str(from.attempt),
            .prompt_system = str(from.prompt_system),
            .prompt_context = str(from.prompt_context),
            .prompt_turn = str(from.prompt_turn),
            .model = str(from.model),
            .cwd = str(from.cwd),
            .home_dir = str(from.home_dir),
            .resume = str(from.resume),
            .mcp = mcp_.data(),
            .mcp_count = mcp_.size(),
            .env = env_.data(),
            .env_count = env_.size(),
            .blocked_tools = blocked_.data(),
            .blocked_tool_count = blocked_.size(),
            .max_turns = from.max_turns,
            .reserved = 0,
            .max_cost_micros = from.max_cost_micros,
            .deadline = from.deadline_ns,
            .seed = from.seed};
  }
  BorrowedRequest(const BorrowedRequest&) = delete;
  BorrowedRequest& operator=(const BorrowedRequest&) = delete;
  const baton_run_request* raw() const { return &raw_; }

 private:
  std::vector<baton_mcp_server> mcp_;
  std::vector<baton_field> env_;
  std::vector<baton_str> blocked_;
  baton_run_request raw_{};
};

}  // namespace

RunRecord::RunRecord(Instance& instance, const runtime::Request& request, runtime::Listener& listener)
    : instance_(instance),
      listener_(&listener),
      home_(request.home_dir),
      scope_{.runtime = instance.name(),
             .agent = request.agent,
             .task = request.task,
             .attempt = request.attempt,
             .cwd = request.cwd,
             .blocked = request.blocked_tools,
             .cell = instance.open_cell("run " + request.attempt, request.task)} {}

Result<Unit> RunRecord::start(baton_run handle, const runtime::Request& request) {
  handle_ = handle;
  const BorrowedRequest borrowed(request);
  instance_.threads().before();
  const auto status = instance_.gate().enter(
      "run_start", [&] { return instance_.table().run_start(instance_.plugin(), handle, borrowed.raw(), &state_); });
  instance_.threads().after();
  if (status < BATON_OK) {
    phase_ = Phase::kReleased;
    listener_ = nullptr;
    return fail(errc_of(status), fmt::format("{}: {}", instance_.name(), instance_.gate().failure(status)));
  }
  if (phase_ == Phase::kEnded) return Unit{};  // finished inside run_start; the turn that follows is posted already
  phase_ = Phase::kLiving;
  watch_silence();
  if (request.deadline_ns >= 0) {
    const auto left = std::max<std::int64_t>(0, request.deadline_ns - instance_.clock().monotonic_ns());
    deadline_ = std::make_unique<reactor::Deadline>(instance_.loop(), std::chrono::nanoseconds(left),
                                                    [this] { cancel_because("its time was over"); });
  }
  return Unit{};
}

// Read into its place in the queue, since an agent's words come in very many small events.
RunRecord::Emitted RunRecord::emit(const baton_event* raw) {
  auto& event = events_.emplace_back();
  Emitted emitted{.read = read_event(raw, event)};
  emitted.fits = has_room(emitted.read.size);
  if (emitted.read.status != BATON_OK || !emitted.fits) {
    events_.pop_back();
    return emitted;
  }
  if (const auto* status = std::get_if<runtime::StatusEvent>(&event)) {
    if (!inputs_.empty() && !handing_) post_inputs();  // it may have become able to take them
    waits_ns_ = std::max(waits_ns_, status->retry_in_ns);
  }
  queued(emitted.read.size);
  return emitted;
}

bool RunRecord::has_room(std::size_t size) const {
  return waiting_bytes_ + sizeof(runtime::Event) + size <= kWaitingEvents;
}

void RunRecord::report(runtime::Event event, std::size_t size) {
  events_.push_back(std::move(event));
  queued(size);
}

void RunRecord::queued(std::size_t size) {
  waiting_bytes_ += sizeof(runtime::Event) + size;
  instance_.secrets().masker().mask(events_.back());
  wake();
}

void RunRecord::finish(runtime::Outcome outcome) {
  outcome_ = judged(std::move(outcome));
  instance_.secrets().masker().mask(outcome_);
  phase_ = Phase::kEnded;
  silence_.reset();
  deadline_.reset();
  cancel_limit_.reset();
  instance_.close_of(handle_);
  end_when_empty();
}

void RunRecord::refuse(const Error& error, runtime::Listener& listener) {
  refused_ = true;
  listener_ = &listener;
  phase_ = Phase::kEnded;
  events_.clear();
  waiting_bytes_ = 0;
  outcome_ = {};
  outcome_.error_class = error.code == Errc::kInvalid ? runtime::ErrorClass::kConfig : runtime::ErrorClass::kInternal;
  outcome_.detail = error.what;
  end_when_empty();
}

void RunRecord::end_when_empty() {
  const auto gone = [self = shared_from_this()] {
    if (self->phase_ == Phase::kReleased) return;  // the daemon ends
    self->empty_ = true;
    self->add_usage();
    self->wake();
  };
  if (cell()) return cell()->when_empty(gone);
  gone();
}

// What the kernel counted. That it ended something for want of memory explains a failure as nothing else does.
void RunRecord::add_usage() {
  if (!cell()) return;
  const auto usage = cell()->usage();
  outcome_.memory_peak = usage.memory_peak.value_or(-1);
  if (!usage.out_of_memory || outcome_.end == runtime::EndKind::kSuccess) return;
  const auto why = process::out_of_memory_text(usage);
  outcome_.detail = outcome_.detail.empty() ? why : why + "\n" + outcome_.detail;
}

// What the host knows of the run's end goes before what the plugin made of it.
runtime::Outcome RunRecord::judged(runtime::Outcome outcome) const {
  const bool reached = outcome.end == runtime::EndKind::kSuccess || outcome.end == runtime::EndKind::kLimit;
  if (reached || !cancel_) return outcome;
  if (overdue_.empty()) {
    outcome.end = runtime::EndKind::kCancelled;
    return outcome;
  }
  outcome.end = runtime::EndKind::kFailed;
  outcome.error_class = runtime::ErrorClass::kTimeout;
  outcome.detail = outcome.detail.empty() ? overdue_ : overdue_ + "\n" + outcome.detail;
  return outcome;
}

// Heard of in a later turn.
void RunRecord::wake() {
  if (std::exchange(turn_posted_, true)) return;
  instance_.loop().post([self = shared_from_this()] { self->turn(); });
}

void RunRecord::turn() {
  turn_posted_ = false;
  if (phase_ == Phase::kReleased) return;  // run_start had refused it
  const bool last = phase_ == Phase::kEnded && empty_;
  if (last) release();
  if (last || !held_) deliver();
  if (last && listener_ != nullptr) std::exchange(listener_, nullptr)->on_end(outcome_);
}

void RunRecord::release() {
  phase_ = Phase::kReleased;
  if (!refused_)
    instance_.gate().enter("run_release", [&] { instance_.table().run_release(instance_.plugin(), state_); });
  state_ = nullptr;
  instance_.run_is_over(*this);
}

void RunRecord::deliver() {
  if (events_.empty()) return;
  // Once for all of this turn: the clock costs as much as an event.
  const auto next_ns = instance_.clock().monotonic_ns() + instance_.settings().silence.count();
  quiet_until_ns_ = std::max(quiet_until_ns_, next_ns + std::exchange(waits_ns_, 0));
  // What the listener causes comes in a later turn, so nobody adds to these; the room for them is used again.
  std::vector<runtime::Event> events = std::move(spare_);
  events.swap(events_);
  waiting_bytes_ = 0;
  for (const auto& event : events) {
    if (listener_ != nullptr) listener_->on_event(event);
  }
  events.clear();
  if (events.capacity() <= kKeptEvents) spare_ = std::move(events);
}

void RunRecord::watch_silence() {
  const auto silence = instance_.settings().silence.count();
  if (silence <= 0) return;
  restart_silence();
  silence_ = std::make_unique<reactor::Deadline>(instance_.loop(), std::chrono::nanoseconds(silence),
                                                 [this] { check_silence(); });
}

void RunRecord::end_wait() {
  if (waits_ == 0 || --waits_ > 0) return;
  restart_silence();
}

void RunRecord::restart_silence() {
  quiet_until_ns_ = std::max(quiet_until_ns_, instance_.clock().monotonic_ns() + instance_.settings().silence.count());
}

void RunRecord::check_silence() {
  const auto silence = instance_.settings().silence.count();
  const auto left = waits_ > 0 || held_ ? silence : quiet_until_ns_ - instance_.clock().monotonic_ns();
  if (left > 0) {
    silence_ = std::make_unique<reactor::Deadline>(instance_.loop(), std::chrono::nanoseconds(left),
                                                   [this] { check_silence(); });
    return;
  }
  using Seconds = std::chrono::duration<double>;
  cancel_because(
      fmt::format("no event for {:g} s", std::chrono::duration_cast<Seconds>(instance_.settings().silence).count()));
}

void RunRecord::cancel_because(std::string why) {
  if (phase_ != Phase::kLiving || cancel_) return;
  overdue_ = std::move(why);
  cancel(runtime::CancelReason::kTime);
}

void RunRecord::cancel(runtime::CancelReason reason) {
  if (phase_ != Phase::kLiving || cancel_) return;
  cancel_ = reason;
  const auto limit = instance_.cancel_limit();
  cancel_deadline_ns_ = instance_.clock().monotonic_ns() + limit.count();
  cancel_limit_ = std::make_unique<reactor::Deadline>(instance_.loop(), limit, [this] { end_overdue(); });
  // In a turn of its own: whoever cancels may be called by whomever.
  instance_.loop().post([self = shared_from_this()] { self->tell_cancel(); });
}

void RunRecord::tell_cancel() {
  if (phase_ != Phase::kLiving) return;
  const auto reason = static_cast<std::uint32_t>(*cancel_);
  instance_.gate().enter(
      "run_cancel", [&] { instance_.table().run_cancel(instance_.plugin(), state_, reason, cancel_deadline_ns_); });
}

void RunRecord::end_overdue() {
  ++instance_.gate().counters().missing_end;
  runtime::Outcome outcome;
  outcome.end = runtime::EndKind::kCancelled;
  outcome.detail = "the runtime did not end after it was asked to";
  instance_.end_run(handle_, std::move(outcome));
}

Result<Unit> RunRecord::input(runtime::Input input) {
  if (phase_ != Phase::kLiving) return fail(Errc::kConflict, "the run has ended");  // and its instance may be gone
  const auto& able = instance_.capabilities();
  const bool steers = input.mode == runtime::Input::Mode::kSteer;
  if (!(steers ? able.steer : able.follow_up))
    return fail(Errc::kInvalid,
                fmt::format("{} takes no input {}", instance_.name(), steers ? "in mid-run" : "as a next turn"));
  if (input.text.size() > kInputText || inputs_.size() >= kWaitingInputs)
    return fail(Errc::kTooLarge, "an input is at most 1 MiB, and at most 64 wait");
  inputs_.push_back(std::move(input));
  post_inputs();
  return Unit{};
}

void RunRecord::post_inputs() {
  if (std::exchange(inputs_posted_, true)) return;
  instance_.loop().post([self = shared_from_this()] { self->hand_inputs(); });
}

// STATE means "not now": what waits is offered again after the next status event. Any other answer ends the input.
void RunRecord::hand_inputs() {
  inputs_posted_ = false;
  while (phase_ == Phase::kLiving && !inputs_.empty()) {
    const auto& first = inputs_.front();
    const baton_run_input raw{
        .size = sizeof(baton_run_input), .mode = static_cast<std::uint32_t>(first.mode), .text = str(first.text)};
    handing_ = true;
    const auto status = instance_.gate().enter(
        "run_input", [&] { return instance_.table().run_input(instance_.plugin(), state_, &raw); });
    handing_ = false;
    if (status == BATON_E_STATE) return;
    if (status < BATON_OK)
      log::warn("plugin {}: did not take an input: {}", instance_.name(), instance_.gate().failure(status));
    inputs_.pop_front();
  }
}

void RunRecord::hold(bool held) {
  if (phase_ != Phase::kLiving || held_ == held) return;
  held_ = held;
  instance_.hold(handle_, held);
  if (held) return;
  restart_silence();
  if (!events_.empty()) wake();
}

void RunRecord::orphan() {
  phase_ = Phase::kReleased;
  listener_ = nullptr;
  scope_.cell.reset();
  silence_.reset();
  deadline_.reset();
  cancel_limit_.reset();
}

void RunRecord::abandon() {
  listener_ = nullptr;
  cancel(runtime::CancelReason::kUser);
}

}  // namespace baton::plugin
