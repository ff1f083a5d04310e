#include "plugin/host_run.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "plugin/abi_events.hpp"
#include "plugin/abi_values.hpp"
#include "plugin/host_tables.hpp"
#include "plugin/instance.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kModels = 256, kProbeText = 4096;

std::string short_text(baton_str text) { return text::repaired_utf8(text::head(view(text), kProbeText)); }

bool is_readable(const baton_probe& probe) {
  if (!readable(probe.version) || !readable(probe.account) || !readable(probe.hint)) return false;
  if (probe.model_count > kModels || (probe.models == nullptr && probe.model_count > 0)) return false;
  return std::all_of(probe.models, probe.models + probe.model_count, readable);
}

}  // namespace

HostRun::~HostRun() {
  for (const auto& record : unreleased_) record->orphan();
}

Result<std::shared_ptr<RunRecord>> HostRun::start(const runtime::Request& request, runtime::Listener& listener) {
  const auto max_runs = instance_.capabilities().max_runs;
  if (max_runs > 0 && unreleased_.size() >= max_runs)
    return fail(Errc::kUnavailable, fmt::format("{} runs as many tasks as it can ({})", instance_.name(), max_runs));
  auto record = std::make_shared<RunRecord>(instance_, request, listener);
  const baton_run handle{alive_.insert(record)};
  if (handle.id == 0) return fail(Errc::kUnavailable, fmt::format("{} has too many runs", instance_.name()));
  unreleased_.push_back(record);
  auto started = record->start(handle, request);
  if (!started) {
    alive_.take(handle.id);
    instance_.close_of(handle);
    if (record->is_empty()) {
      is_over(*record);
      return fail(started);
    }
    record->refuse(started.error(), listener);
  }
  return record;
}

baton_status HostRun::emit(baton_run run, const baton_event* event) {
  auto& gate = instance_.gate();
  const auto* found = alive_.find(run.id);
  if (found == nullptr) {
    ++gate.counters().late_call;
    return gate.explain(BATON_E_STALE, "emit: the run has ended");
  }
  const auto [read, fits] = (*found)->emit(event);
  if (read.status != BATON_OK) {
    ++gate.counters().broken_struct;
    return gate.explain(read.status, read.why);
  }
  if (read.repaired) ++gate.counters().broken_text;
  if (fits) return BATON_OK;
  ++gate.counters().event_flood;
  runtime::Outcome outcome;
  outcome.error_class = runtime::ErrorClass::kProtocol;
  outcome.detail = "more than 16 MiB of events at once";
  end(run, std::move(outcome));
  return gate.explain(BATON_E_LIMIT, "emit: more than 16 MiB of events wait; the run is over");
}

baton_status HostRun::finish(baton_run run, const baton_outcome* outcome) {
  auto& gate = instance_.gate();
  if (!is_alive(run)) {
    ++gate.counters().late_call;
    return gate.explain(BATON_E_STALE, "finish: the run has ended");
  }
  runtime::Outcome value;
  const auto translated = read_outcome(outcome, value);
  if (translated.status != BATON_OK) {
    ++gate.counters().broken_struct;
    return gate.explain(translated.status, translated.why);
  }
  if (translated.repaired) ++gate.counters().broken_text;
  const bool lost_login = value.error_class == runtime::ErrorClass::kAuth;
  end(run, std::move(value));
  if (lost_login) instance_.ask_again();
  return BATON_OK;
}

bool HostRun::end(baton_run run, runtime::Outcome outcome) {
  const auto* found = alive_.find(run.id);
  if (found == nullptr) return false;
  const auto record = *found;
  record->finish(std::move(outcome));  // alive still: what it breaks off is told to the run
  alive_.take(run.id);
  return true;
}

baton_status HostRun::probed(baton_op op, const baton_probe* raw) {
  auto& gate = instance_.gate();
  baton_probe probe{};
  auto status = read_struct(raw, raw == nullptr ? 0 : raw->size, probe);
  if (status == BATON_OK && !is_readable(probe)) status = BATON_E_INVALID;
  if (status != BATON_OK) {
    ++gate.counters().broken_struct;
    return gate.explain(status, "probed: the answer breaks the contract");
  }
  OpAnswer answer;
  answer.health = {.probed = true,
                   .ready = probe.ready != 0,
                   .version = short_text(probe.version),
                   .account = short_text(probe.account),
                   .hint = short_text(probe.hint)};
  const auto& masker = instance_.secrets().masker();
  for (auto* shown : {&answer.health.version, &answer.health.account, &answer.health.hint}) masker.mask(*shown);
  for (std::size_t index = 0; index < probe.model_count; ++index) {
    answer.models.push_back(short_text(probe.models[index]));
    masker.mask(answer.models.back());
  }
  if (instance_.operations().end(op, std::move(answer))) return BATON_OK;
  ++gate.counters().stale_handle;
  return BATON_E_STALE;
}

void HostRun::is_over(const RunRecord& record) {
  instance_.tools().forget_list(record.handle());
  std::erase_if(unreleased_, [&](const auto& kept) { return kept.get() == &record; });
}

RunRecord* HostRun::find(baton_run run) {
  const auto* record = alive_.find(run.id);
  return record == nullptr ? nullptr : record->get();
}

bool HostRun::is_held(baton_run run) {
  const auto* record = alive_.find(run.id);
  return record != nullptr && (*record)->held();
}

std::string HostRun::home_of(baton_run run) {
  const auto* record = alive_.find(run.id);
  return record != nullptr ? (*record)->home() : std::string();
}

std::shared_ptr<process::Cell> HostRun::cell_of(baton_run run) {
  const auto* record = alive_.find(run.id);
  return record != nullptr ? (*record)->cell() : nullptr;
}

void HostRun::cancel_all(runtime::CancelReason reason) {
  for (const auto handle : alive_.handles()) (*alive_.find(handle))->cancel(reason);
}

namespace {

template <class Call>
baton_status of(const baton_host* host, Call&& call) noexcept {
  auto* instance = Instance::usable(host);
  return instance == nullptr ? BATON_E_STATE : call(instance->runs());
}

}  // namespace

const baton_host_run kHostRun{.size = sizeof(baton_host_run),
                              .reserved = 0,
                              .emit =
                                  [](const baton_host* host, baton_run run, const baton_event* event) noexcept {
                                    return of(host, [&](HostRun& runs) { return runs.emit(run, event); });
                                  },
                              .finish =
                                  [](const baton_host* host, baton_run run, const baton_outcome* outcome) noexcept {
                                    return of(host, [&](HostRun& runs) { return runs.finish(run, outcome); });
                                  },
                              .probed =
                                  [](const baton_host* host, baton_op op, const baton_probe* probe) noexcept {
                                    return of(host, [&](HostRun& runs) { return runs.probed(op, probe); });
                                  }};

}  // namespace baton::plugin
