// Group conduct: how long the plugin stays in a call, and what it does there.
//
// A machine under load must not change what is found. Time is the thread's own computing time, not the clock's, unless
// the thread went to sleep by itself; and a call is at fault only when the worst one of its kind is so in each of three
// rounds, after a first one that counts not (pages of the library are read from the disk when they are used first).
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "plugin_check/check.hpp"
#include "plugin_check/scene.hpp"

namespace baton::plugin_check {
namespace {

constexpr int kRounds = 3;
constexpr std::int64_t kBudgetNs = 50'000'000;  // GUIDE.md: a call of 50 ms counts as misbehaviour
constexpr std::size_t kPrompt = 1024 * 1024, kManyLines = 4'000;

using Worst = std::map<std::string, std::int64_t>;  // by kind of call

Worst worst_of(const Witness& witness, std::int64_t Visit::*measure) {
  Worst worst;
  for (const Visit& visit : witness.visits()) worst[visit.what] = std::max(worst[visit.what], visit.*measure);
  return worst;
}

// For each kind of call the best of the rounds' worst ones.
template <class Round>
Worst steady_worst(Witness& witness, std::int64_t Visit::*measure, const Round& round) {
  round();
  Worst steady;
  for (int number = 0; number < kRounds; ++number) {
    witness.forget();
    round();
    const auto worst = worst_of(witness, measure);
    for (const auto& [what, value] : worst) steady[what] = number == 0 ? value : std::min(steady[what], value);
    for (auto& [what, value] : steady)
      if (!worst.contains(what)) value = 0;
  }
  return steady;
}

void cancel_one(Scene& scene) {
  KeptRun& run = scene.start(scene.request());
  scene.bench().turn();
  if (!run.handle) return;
  run.handle->cancel(runtime::CancelReason::kUser);
  scene.bench().settle([&] { return run.ended(); });
}

Finding no_blocking(const Subject& subject) {
  Witness witness;
  Scene scene(subject, &witness);
  const KeptRun& run = scene.run();
  if (scene.instance() == nullptr || !run.refusal.empty()) return *scene.untried(run);
  const auto worst = steady_worst(witness, &Visit::waits, [&] {
    scene.run();
    cancel_one(scene);
    scene.bench().probe(*scene.instance());
  });
  for (const auto& [what, waits] : worst) {
    if (waits > 0)
      return fault(fmt::format("{} gives up the processor {} times: it sleeps, or waits for a file or another thread",
                               what, waits));
  }
  return pass();
}

// A long prompt, and a program that says much.
void say_much(Script& script) {
  const std::string line = first_line(script);
  std::string much;
  for (std::size_t count = 0; count < kManyLines; ++count) much += kWords;
  script.pieces.insert(script.pieces.begin(), {{.bytes = line}, {.bytes = std::move(much)}});
}

Finding callback_budget(const Subject& subject) {
  Witness witness;
  witness.be_impatient(kBudgetNs);
  Scene scene(subject, &witness);
  scene.play("happy", say_much);
  const auto request = scene.request(std::string(kPrompt, 'p'));
  const KeptRun& run = scene.run(request);
  if (scene.instance() == nullptr || !run.refusal.empty()) return *scene.untried(run);
  const auto worst = steady_worst(witness, &Visit::cpu_ns, [&] {
    if (!witness.too_slow().empty()) return;
    scene.run(request);
    scene.bench().forget();
  });
  if (!witness.too_slow().empty()) return fault(witness.too_slow() + "; the daemon stands still meanwhile");
  for (const auto& [what, ns] : worst) {
    if (ns > kBudgetNs)
      return fault(fmt::format("{} computes for {} ms; the daemon stands still meanwhile", what, ns / 1'000'000));
  }
  return pass();
}

// Three ways out of a run: by itself, cancelled, killed.
Finding no_event_after_finish(const Subject& subject) {
  Scene scene(subject);
  const KeptRun& first = scene.run();
  if (auto why = scene.untried(first)) return *why;
  cancel_one(scene);
  scene.play({.exit = {.code = -1, .signal = 11}});
  scene.run();
  scene.bench().turn();
  const auto counted = scene.instance()->misbehaviour();
  if (counted.late_call > 0)
    return fault(fmt::format("it reports or finishes what has ended ({}x), in three runs", counted.late_call));
  if (counted.stale_handle > 0)
    return fault(fmt::format("it uses a process or a timer that has ended ({}x), in three runs", counted.stale_handle));
  return pass();
}

// What was asked of the host in one run of a fresh instance.
std::vector<std::string> asked_in_a_life(const Subject& subject, const Scene::Change& change,
                                         std::optional<Finding>& why) {
  Witness witness;
  Scene scene(subject, &witness);
  scene.play("happy", [&](Script& script) {
    say_plainly(script);
    change(script);
  });
  witness.forget();
  const KeptRun& run = scene.run();
  why = scene.untried(run);
  auto asked = with_joined_text(witness.asked());
  scene.end();
  return asked;
}

Finding replay_same_calls(const Subject& subject) {
  std::optional<Finding> why;
  const auto whole = asked_in_a_life(
      subject, [](Script&) {}, why);
  if (why) return *why;
  for (const std::size_t size : {3u, 64u, 1000u}) {
    const auto cut = asked_in_a_life(
        subject, [size](Script& script) { cut_to_pieces(script, size); }, why);
    if (const auto difference = first_difference(whole, cut); !difference.empty())
      return fault("the same session played again makes it ask for something else: " + difference);
  }
  return pass();
}

constexpr std::array kChecks{
    Check{"no-blocking", "conduct", "No call into it sleeps or waits", no_blocking},
    Check{"callback-budget", "conduct", "No call into it computes for more than 50 ms", callback_budget,
          std::chrono::seconds(60)},
    Check{"no-event-after-finish", "conduct", "It is silent about what has ended", no_event_after_finish},
    Check{"replay-same-calls", "conduct", "The same session played again makes it do the same", replay_same_calls},
};

}  // namespace

std::span<const Check> conduct_call_checks() { return kChecks; }

}  // namespace baton::plugin_check
