// Group conduct: what grows with each run, and what one instance has of another.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <malloc.h>

#include "plugin_check/check.hpp"
#include "plugin_check/scene.hpp"

// With a sanitizer malloc is another one, which counts by itself.
extern "C" __attribute__((weak)) std::size_t __sanitizer_get_current_allocated_bytes();  // NOLINT: its name

namespace baton::plugin_check {
namespace {

constexpr std::size_t kWarmUp = 200, kBatches = 8, kBatch = 100;  // 1,000 runs
constexpr std::size_t kPerRun = 16;                               // bytes: malloc has no smaller piece

constexpr int kTrialRuns = 5;
constexpr std::int64_t kMostPerRun = 60'000'000;  // a thousand of them take half of the check's time

std::size_t allocated() {
  if (__sanitizer_get_current_allocated_bytes != nullptr) return __sanitizer_get_current_allocated_bytes();
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

std::size_t handles(plugin::Instance& of) {
  return of.processes().alive() + of.timers().alive() + of.files().alive() + of.watches().alive() +
         of.wakeups().alive() + of.approvals().alive() + of.tools().alive();
}

Finding no_handle_leak(const Subject& subject) {
  constexpr int kFirst = 5, kMore = 20;
  Scene scene(subject);
  const auto run_all = [&](int count) -> std::optional<Finding> {
    for (int number = 0; number < count; ++number) {
      const KeptRun& run = scene.run();
      if (auto why = scene.untried(run)) return why;
    }
    scene.bench().turn();
    return std::nullopt;
  };
  if (auto why = run_all(kFirst)) return *why;
  const auto before = handles(*scene.instance());
  run_all(kMore);
  const auto after = handles(*scene.instance());
  if (after <= before) return pass();
  return fault(fmt::format("{} processes, timers and other handles of the instance are open after {} runs, {} after {}",
                           before, kFirst, after, kFirst + kMore));
}

// A run's calls that take so long that a thousand runs would not end in time. By the machine's clock: it decides only
// whether the check is tried.
std::optional<Finding> too_slow_for_many(const Subject& subject) {
  Witness witness;
  Scene scene(subject, &witness);
  for (int number = 0; number < kTrialRuns; ++number) scene.run();
  scene.end();
  std::map<std::string, std::int64_t> took;
  std::int64_t all = 0;
  for (const Visit& visit : witness.visits()) {
    took[visit.what] += visit.took_ns;
    all += visit.took_ns;
  }
  if (all <= kTrialRuns * kMostPerRun) return std::nullopt;
  const auto most = std::ranges::max_element(took, {}, [](const auto& one) { return one.second; });
  return skip(
      fmt::format("its calls take {} ms a run, {} the most of it, too long for a thousand runs: see "
                  "callback-budget and no-blocking",
                  all / kTrialRuns / 1'000'000, most->first));
}

// Memory in use after each batch of runs. What grows by doubling (a table, a string) does so in few batches; what leaks
// does so in each.
Finding memory_steady(const Subject& subject) {
  if (auto why = too_slow_for_many(subject)) return *why;
  Scene scene(subject);
  const auto request = scene.request();
  const auto run_all = [&](std::size_t count) {
    for (std::size_t number = 0; number < count; ++number) {
      scene.run(request);
      scene.bench().forget();
    }
    return allocated();
  };
  if (auto why = scene.untried(scene.run(request))) return *why;
  auto last = run_all(kWarmUp);
  std::size_t least = ~std::size_t{0};
  for (std::size_t batch = 0; batch < kBatches; ++batch) {
    const auto now = run_all(kBatch);
    least = std::min(least, now > last ? now - last : 0);
    last = now;
  }
  if (least < kBatch * kPerRun) return pass();
  return fault(fmt::format("each hundred of {} runs leaves at least {} bytes more in use", kBatches * kBatch, least));
}

// Each program says the same, a little later than the one before.
Scene::Change in_turn() {
  return [index = std::size_t{0}](Script& script) mutable {
    say_plainly(script);
    for (auto& piece : script.pieces) piece.after += std::chrono::milliseconds(1 + index);
    ++index;
  };
}

// Two new instances, each in a run of its own that goes as it would alone.
Finding instances_do_not_mix(const Subject& subject) {
  std::string how, words;  // alone
  {
    Scene scene(subject);
    scene.play("happy", in_turn());
    const KeptRun& alone = scene.run();
    if (auto why = scene.untried(alone)) return *why;
    how = alone.how();
    words = alone.words();
    scene.end();
  }
  Scene scene(subject);
  scene.play("happy", in_turn());
  auto* other = scene.another("other");
  if (other == nullptr || other->plugin() == scene.instance()->plugin())
    return skip("there is no second instance: see create-twice-independent");
  const KeptRun& first = scene.start(scene.request());
  const KeptRun& second = scene.bench().start(*other, scene.request());
  scene.bench().settle([&] { return (first.ended() || !first.handle) && (second.ended() || !second.handle); });
  for (const KeptRun* run : {&first, &second}) {
    if (run->how() != how)
      return fault(fmt::format("while another instance has a run, a run: {}; alone: {}", run->how(), how));
    if (run->words() != words) return fault("a run has words of another instance's run");
  }
  return pass();
}

constexpr std::array kChecks{
    Check{"no-handle-leak", "conduct", "Runs leave no processes, timers or other handles of the instance behind",
          no_handle_leak},
    Check{"memory-steady", "conduct", "A thousand runs need no more memory than a hundred", memory_steady,
          std::chrono::seconds(120)},
    Check{"instances-do-not-mix", "conduct", "Runs of two instances at once have nothing of each other",
          instances_do_not_mix},
};

}  // namespace

std::span<const Check> conduct_growth_checks() { return kChecks; }

}  // namespace baton::plugin_check
