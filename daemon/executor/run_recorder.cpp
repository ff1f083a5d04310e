#include "executor/run_recorder.hpp"

#include <algorithm>
#include <utility>

#include "base/json_writer.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "board/event_log.hpp"

namespace baton::executor {
namespace {

constexpr double kMicrosPerUnit = 1'000'000.0;
constexpr std::size_t kEventText = 4000;  // of a tool's arguments or result; the transcript is elsewhere

template <class Fill>
std::string object(Fill fill) {
  std::string text;
  json::Writer json(text);
  json.object();
  fill(json);
  json.end();
  return text;
}

std::optional<std::int64_t> known(std::int64_t number) {
  return number < 0 ? std::nullopt : std::optional<std::int64_t>(number);
}

std::optional<double> known_cost(std::int64_t micros) {
  return micros < 0 ? std::nullopt : std::optional<double>(static_cast<double>(micros) / kMicrosPerUnit);
}

}  // namespace

RunRecorder::RunRecorder(reactor::Loop& loop, const Clock& clock, board::Board& board, board::Lease lease)
    : clock_(clock), board_(board), lease_(std::move(lease)), end_(loop), alive_until_ns_(clock.monotonic_ns()) {}

void RunRecorder::on_event(const runtime::Event& event) {
  alive_until_ns_ = std::max(alive_until_ns_, clock_.monotonic_ns());
  std::visit([this](const auto& one) { record(one); }, event);
}

std::int64_t RunRecorder::alive_until_ns() {
  if (flow_->held) alive_until_ns_ = std::max(alive_until_ns_, clock_.monotonic_ns());
  return alive_until_ns_;
}

void RunRecorder::on_end(const runtime::Outcome& outcome) {
  outcome_ = outcome;
  end_.notify_all();
}

reactor::Task<runtime::Outcome> RunRecorder::ended() {
  while (!outcome_) co_await end_.wait();
  co_return *outcome_;
}

void RunRecorder::record(const runtime::TextEvent& event) {
  if (event.reasoning) return;
  words_ += event.text;
  if (words_.size() > 2 * limits::kSummary) words_ = text::tail(words_, limits::kSummary);
}

void RunRecorder::record(const runtime::ToolCallEvent& event) {
  log(board::event::kToolCall, object([&](json::Writer& json) {
        json.field("execId", lease_.execution_id.value).field("toolCallId", event.call_id).field("name", event.name);
        json.field("input", text::head(event.args_json, kEventText));
      }));
}

void RunRecorder::record(const runtime::ToolResultEvent& event) {
  log(board::event::kToolResult, object([&](json::Writer& json) {
        json.field("execId", lease_.execution_id.value).field("toolCallId", event.call_id);
        json.field("isError", !event.ok).field("output", text::head(event.text, kEventText));
      }));
}

void RunRecorder::record(const runtime::StatusEvent& event) {
  if (event.retry_in_ns > 0) alive_until_ns_ = clock_.monotonic_ns() + event.retry_in_ns;
}

void RunRecorder::record(const runtime::UsageEvent& event) {
  usage_ = event;
  log(board::event::kCost, object([&](json::Writer& json) {
        json.field("execId", lease_.execution_id.value).field("costUsd", known_cost(event.cost_micros));
        json.field("inputTokens", known(event.tokens_in)).field("outputTokens", known(event.tokens_out));
        json.field("estimated", event.estimated);
      }));
}

void RunRecorder::record(const runtime::SessionEvent& event) {
  session_ = event.resume;
  log(board::event::kSession, object([&](json::Writer& json) {
        json.field("execId", lease_.execution_id.value).field("displayId", event.display_id);
      }));
}

void RunRecorder::record(const runtime::CustomEvent& event) {
  if (event.name.find('.') == std::string::npos) return;  // reverse DNS, so that it cannot pass for one of the board's
  log(event.name, object([&](json::Writer& json) {
        json.field("execId", lease_.execution_id.value).field("report", text::head(event.json, kEventText));
      }));
}

void RunRecorder::log(std::string_view kind, std::string data) {
  constexpr std::size_t kHoldAt = 256;
  board_.write([lease = lease_, kind = std::string(kind),
                data = std::move(data)](store::Tx& tx) { return board::note_run_event(tx, lease, kind, data); },
               [flow = flow_](const Result<Unit>& result) { written(*flow, result); });
  if (++flow_->in_flight < kHoldAt || flow_->held || flow_->run == nullptr) return;
  flow_->held = true;
  flow_->run->hold(true);
}

void RunRecorder::written(Flow& flow, const Result<Unit>& result) {
  constexpr std::size_t kGoOnAt = 64;
  --flow.in_flight;
  if (!result && !std::exchange(flow.lost, true)) {
    baton::log::warn("events of a run are not recorded: {}", result.error().what);
  }
  if (!flow.held || flow.in_flight > kGoOnAt) return;
  flow.held = false;
  if (flow.run != nullptr) flow.run->hold(false);
}

void fill_usage(board::ExecutionEnd& end, const std::optional<runtime::UsageEvent>& usage) {
  if (!usage) return;
  end.input_tokens = known(usage->tokens_in);
  end.output_tokens = known(usage->tokens_out);
  end.cache_read = known(usage->tokens_cached);
  end.cost_usd = known_cost(usage->cost_micros);
}

}  // namespace baton::executor
