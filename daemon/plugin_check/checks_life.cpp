// Group life: instances come and go.
#include <array>
#include <string>

#include "plugin_check/bench.hpp"
#include "plugin_check/check.hpp"

namespace baton::plugin_check {
namespace {

constexpr int kLives = 3;

Finding create_destroy(const Subject& subject) {
  auto library = accepted_library(subject);
  if (!library) return library.error();
  Bench bench(subject);
  for (int life = 0; life < kLives; ++life) {
    const auto made = bench.create_with(*library, "check-" + std::to_string(life), subject.config_json);
    if (!made) return fault(made.error().text);
    if (!bench.end(**made)) return skip("it does not come to rest, so it is not destroyed: see quiesce-idle");
  }
  return pass();
}

Finding quiesce_idle(const Subject& subject) {
  Bench bench(subject);
  const auto made = bench.create();
  if (!made) return made.error();
  if (!bench.end(**made)) return fault("an idle instance did not end its quiesce within 5 s");
  if (const auto broken = misbehaviour_of(**made); !broken.empty()) return fault(broken);
  return pass();
}

// Two runs whose program never ends; the host cancels both and then asks for rest.
Finding quiesce_with_runs(const Subject& subject) {
  Bench bench(subject);
  const auto made = bench.create();
  if (!made) return made.error();
  bench.play({.hangs = true});
  KeptRun& first = bench.start(**made, bench.request("first"));
  KeptRun& second = bench.start(**made, bench.request("second"));
  bench.turn();
  if (!first.refusal.empty()) return skip("a run is refused: " + first.refusal);
  if (first.ended()) return skip("its runs end at once: " + first.how());
  const bool came_to_rest = bench.end(**made);
  for (const KeptRun* run : {&first, &second}) {
    if (run->handle && !run->ended()) return fault("a run did not end when the instance was asked to rest");
  }
  if (!came_to_rest) return fault("an instance that had runs did not end its quiesce within 5 s");
  return pass();
}

constexpr std::array kChecks{
    Check{"create-destroy", "life", "An instance is made and destroyed, again and again", create_destroy},
    Check{"quiesce-idle", "life", "An instance without runs comes to rest when it is asked to", quiesce_idle},
    Check{"quiesce-with-runs", "life", "An instance with runs comes to rest once they were cancelled",
          quiesce_with_runs},
};

}  // namespace

std::span<const Check> life_checks() { return kChecks; }

}  // namespace baton::plugin_check
