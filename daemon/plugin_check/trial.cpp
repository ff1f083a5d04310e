#include "plugin_check/trial.hpp"

#include <chrono>

#include "plugin_check/bench.hpp"

namespace baton::plugin_check {
namespace {

// Less than the host waits for a silent run: who ends then was ended by the host.
constexpr auto kByItself = std::chrono::minutes(1);

}  // namespace

Trial try_life(const Subject& subject, plugin::Stage* stage, std::size_t refused_writes) {
  Trial trial;
  auto library = accepted_library(subject);
  if (!library) {
    trial.refusal = library.error().reason;
    return trial;
  }
  trial.loaded = true;
  Bench bench(subject, stage);
  bench.children().refuse_writes(refused_writes);
  const auto made = bench.create_with(*std::move(library), "check", subject.config_json);
  if (!made) {
    trial.refusal = made.error().text;
    return trial;
  }
  trial.created = true;
  plugin::Instance& instance = **made;
  bench.probe(instance);
  KeptRun& first = bench.start(instance, bench.request("Say hello."));
  trial.ended = bench.settle([&] { return first.ended() || !first.handle; }, kByItself);
  trial.how = first.how();
  if (first.handle && !first.ended()) first.handle->cancel(runtime::CancelReason::kUser);

  KeptRun& second = bench.start(instance, bench.request("Say hello again."));
  if (second.handle) second.handle->cancel(runtime::CancelReason::kUser);
  bench.settle([&] { return (first.ended() || !first.handle) && (second.ended() || !second.handle); });
  trial.broken = misbehaviour_of(instance);
  trial.rested = bench.end(instance);
  return trial;
}

}  // namespace baton::plugin_check
