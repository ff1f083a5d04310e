// A run, from its start to its one end.
//
// `finish` ends it. A Run that is destroyed without having been finished ends as failed, so that no way out of a
// plugin's code leaves a run hanging; when the host has ended it first, the destructor does nothing.
//
// A second finish changes nothing, but one of the two was wrong: the host counts it as misbehaviour, as it does for a
// plugin in C, and the validator's no-event-after-finish fails.
#pragma once

#include "../ext/run.h"
#include "host.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baton::plugin {

struct Outcome {
  std::uint32_t result = BATON_RESULT_FAILED;
  std::uint32_t error_class = BATON_ERROR_NONE;
  bool retryable = false;
  std::int64_t retry_after_ns = -1;
  std::string summary, detail;
};

inline Outcome failed(std::uint32_t error_class, std::string detail) {
  Outcome outcome;
  outcome.error_class = error_class;
  outcome.detail = std::move(detail);
  return outcome;
}

struct Usage {
  std::uint32_t cost_basis = BATON_COST_UNKNOWN;
  std::int64_t tokens_in = -1, tokens_cached = -1, tokens_out = -1, tokens_reasoning = -1, cost_micros = -1;
};

// baton.run/1
class Runs {
 public:
  using Table = baton_host_run;
  static constexpr const char* kId = BATON_EXT_RUN;
  static constexpr size_t kSize = sizeof(Table);
  Runs(Host host, const Table* table) noexcept : host_(host), table_(table) {}
  Host host() const noexcept { return host_; }
  const Table* table() const noexcept { return table_; }

 private:
  Host host_;
  const Table* table_;
};

class Run {
 public:
  // What the run and the runtime's table share, so that each knows when the run is over.
  struct Core {
    Runs runs;
    baton_run id;
    bool armed = false;     // run_start has accepted it, and nobody has ended it
    bool finished = false;  // the plugin has ended it

    void end(const Outcome& outcome) noexcept {
      armed = false;
      baton_outcome raw{};
      raw.size = sizeof(raw);
      raw.result = outcome.result;
      raw.error_class = outcome.error_class;
      raw.retryable = outcome.retryable ? 1 : 0;
      raw.retry_after_ns = outcome.retry_after_ns;
      raw.summary = str(outcome.summary);
      raw.detail = str(outcome.detail);
      finished = true;
      runs.table()->finish(runs.host().raw(), id, &raw);
    }
  };

  explicit Run(std::shared_ptr<Core> core) noexcept : core_(std::move(core)) {}
  Run(Run&&) noexcept = default;
  Run& operator=(Run&&) = delete;
  ~Run() {
    if (!core_ || !core_->armed) return;
    core_->end(failed(BATON_ERROR_INTERNAL, "the plugin dropped the run without an outcome"));
  }

  baton_run id() const noexcept { return core_->id; }
  bool finished() const noexcept { return core_->finished; }

  Status text(std::string_view text, std::uint32_t channel = BATON_CHANNEL_ANSWER) {
    auto event = make<baton_event_text>(BATON_EVENT_TEXT);
    event.channel = channel;
    event.text = str(text);
    return emit(event.head);
  }
  Status tool_call(std::string_view call_id, std::string_view name, std::string_view args_json) {
    auto event = make<baton_event_tool_call>(BATON_EVENT_TOOL_CALL);
    event.call_id = str(call_id);
    event.name = str(name);
    event.args_json = str(args_json);
    return emit(event.head);
  }
  Status tool_result(std::string_view call_id, bool ok, std::string_view text) {
    auto event = make<baton_event_tool_result>(BATON_EVENT_TOOL_RESULT);
    event.ok = ok ? 1 : 0;
    event.call_id = str(call_id);
    event.text = str(text);
    return emit(event.head);
  }
  Status status(std::string_view text, std::uint32_t phase = BATON_PHASE_OTHER, std::int64_t retry_in_ns = 0) {
    auto event = make<baton_event_status>(BATON_EVENT_STATUS);
    event.phase = phase;
    event.retry_in_ns = retry_in_ns;
    event.text = str(text);
    return emit(event.head);
  }
  Status usage(const Usage& usage) {
    auto event = make<baton_event_usage>(BATON_EVENT_USAGE);
    event.cost_basis = usage.cost_basis;
    event.tokens_in = usage.tokens_in;
    event.tokens_cached = usage.tokens_cached;
    event.tokens_out = usage.tokens_out;
    event.tokens_reasoning = usage.tokens_reasoning;
    event.cost_micros = usage.cost_micros;
    return emit(event.head);
  }
  Status session(std::string_view display_id, std::string_view resume) {
    auto event = make<baton_event_session>(BATON_EVENT_SESSION);
    event.display_id = str(display_id);
    event.resume = str(resume);
    return emit(event.head);
  }
  Status custom(std::string_view name, std::string_view json) {
    auto event = make<baton_event_custom>(BATON_EVENT_CUSTOM);
    event.name = str(name);
    event.json = str(json);
    return emit(event.head);
  }

  // Ends the run, once: a second outcome is dropped and counted by the host. Where two may race (an exit and a cancel),
  // ask finished() first.
  void finish(const Outcome& outcome) noexcept { core_->end(outcome); }

 private:
  // Structs of the ABI grow at their end: they are made of zeros, and then told what is known here.
  template <class Event>
  static Event make(std::uint32_t kind) noexcept {
    Event event{};
    event.head.size = sizeof(Event);
    event.head.kind = kind;
    return event;
  }
  Status emit(const baton_event& head) noexcept {
    return core_->runs.table()->emit(core_->runs.host().raw(), core_->id, &head);
  }

  std::shared_ptr<Core> core_;
};

struct ProbeResult {
  bool ready = false;
  std::uint32_t error_class = BATON_ERROR_NONE;
  std::string version, account, hint;
  std::vector<std::string> models;
};

// An open question "are you usable?"; answered once.
class Probe {
 public:
  Probe(Runs runs, baton_op op) noexcept : runs_(runs), op_(op) {}

  void answer(const ProbeResult& result) const {
    std::vector<baton_str> models;
    for (const auto& model : result.models) models.push_back(str(model));
    baton_probe raw{};
    raw.size = sizeof(raw);
    raw.ready = result.ready ? 1 : 0;
    raw.error_class = result.error_class;
    raw.version = str(result.version);
    raw.account = str(result.account);
    raw.hint = str(result.hint);
    raw.models = models.empty() ? nullptr : models.data();
    raw.model_count = models.size();
    runs_.table()->probed(runs_.host().raw(), op_, &raw);
  }

 private:
  Runs runs_;
  baton_op op_;
};

}  // namespace baton::plugin
