// Group life: instances come and go.
#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "plugin_check/bench.hpp"
#include "plugin_check/check.hpp"
#include "plugin_check/odd_configs.hpp"
#include "plugin_check/stages.hpp"

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

// Whether a run on `instance` ends, and how.
std::string life_of_a_run(Bench& bench, plugin::Instance& instance) {
  KeptRun& run = bench.start(instance, bench.request("Say hello."));
  bench.settle([&] { return run.ended() || !run.handle; }, std::chrono::minutes(1));
  return run.how();
}

Finding create_twice_independent(const Subject& subject) {
  Bench bench(subject);
  const auto first = bench.create("first");
  if (!first) return first.error();
  const auto second = bench.create("second");
  if (!second) return fault("a second instance cannot be made beside the first: " + second.error().reason);
  if ((*first)->plugin() == (*second)->plugin()) return fault("create gave the same instance twice");
  const auto how = life_of_a_run(bench, **second);
  if (!bench.end(**first)) return skip("it does not come to rest: see quiesce-idle");
  const auto alone = life_of_a_run(bench, **second);
  if (alone != how)
    return fault(fmt::format("after the end of another instance a run ends as \"{}\" instead of \"{}\"", alone, how));
  if (const auto again = bench.create("third"); !again)
    return fault("after the end of one, another instance cannot be made: " + again.error().reason);
  return pass();
}

// What the library's own create did, seen by the one that stands in front of it. A function of a table has no memory of
// its own, hence one place for all.
struct {
  const baton_entry* real = nullptr;
  bool failed = false;
  bool left_something = false;  // it failed, but has set *out
  bool explained = false;
  decltype(baton_host::fail) fail = nullptr;
} watched;

baton_status create_watched(const baton_host* host, const baton_create_args* args, baton_plugin** out) noexcept {
  auto* const untouched = reinterpret_cast<baton_plugin*>(&watched);
  baton_plugin* made = untouched;
  watched.explained = false;
  const auto status = watched.real->create(host, args, &made);
  watched.failed = status < BATON_OK;
  watched.left_something = watched.failed && made != untouched;
  if (!watched.failed && made != untouched) *out = made;
  return status;
}

baton_status fail_watched(const baton_host* host, baton_status code, baton_str text) noexcept {
  watched.explained = watched.explained || text.size > 0;
  return watched.fail(host, code, text);
}

class WatchingStage final : public plugin::Stage {
 public:
  const baton_host* host(const baton_host& real) override {
    watched.fail = real.fail;
    shown_.push_back(std::make_unique<baton_host>(real));
    shown_.back()->fail = &fail_watched;
    return shown_.back().get();
  }

 private:
  std::vector<std::unique_ptr<baton_host>> shown_;  // one per instance
};

std::optional<std::string> harm_of(Bench& bench, const plugin::Library& library, const std::string& name,
                                   const std::string& config) {
  const auto made = bench.create_with(library, name, config);
  if (made) {
    bench.end(**made);
    return std::nullopt;
  }
  if (!watched.failed) return made.error().text;
  if (watched.left_something) return "create fails, but leaves something in *out";
  if (!watched.explained) return "create fails without a reason (host->fail)";
  return std::nullopt;
}

Finding create_bad_config(const Subject& subject) {
  auto library = accepted_library(subject);
  if (!library) return library.error();
  const auto schema = library->manifest.config_schema;
  watched.real = library->entry;
  baton_entry entry = *library->entry;
  entry.create = &create_watched;
  library->entry = &entry;
  WatchingStage stage;
  Bench bench(subject, &stage);
  int count = 0;
  for (const auto& config : odd_configs(schema, subject.config_json)) {
    const auto shown = text::shortened(config, 120);
    doing(subject, "the configuration is " + shown);
    if (const auto harm = harm_of(bench, *library, fmt::format("odd-{}", count++), config))
      return fault(fmt::format("with the configuration {}, {}", shown, *harm));
  }
  const auto usual = Bench(subject).create();
  if (!usual) return usual.error();
  if (const auto after = bench.create("after"); !after)
    return fault("after bad configurations the good one does not do any more: " + after.error().reason);
  return pass();
}

Finding create_without_wants(const Subject& subject) {
  auto library = accepted_library(subject);
  if (!library) return library.error();
  Bench rich(subject);
  const auto usual = rich.create();
  if (!usual) return usual.error();
  if (!rich.end(**usual)) return skip("it does not come to rest: see quiesce-idle");
  const auto& wants = library->manifest.wants;
  HidingStage stage({wants.begin(), wants.end()});
  Bench bench(subject, &stage);
  const auto made = bench.create_with(*library, "poor", subject.config_json);
  if (!made) return fault("without the tables that it only wants: " + made.error().text);
  if (!bench.end(**made)) return skip("it does not come to rest: see quiesce-idle");
  return pass();
}

constexpr std::array kChecks{
    Check{"create-destroy", "life", "An instance is made and destroyed, again and again", create_destroy},
    Check{"create-twice-independent", "life", "Two instances know nothing of each other", create_twice_independent},
    Check{"create-without-wants", "life", "An instance is made on a host that has only what it needs",
          create_without_wants},
    Check{"create-bad-config", "life", "A configuration without sense is refused with a reason, or put up with",
          create_bad_config},
    Check{"quiesce-idle", "life", "An instance without runs comes to rest when it is asked to", quiesce_idle},
    Check{"quiesce-with-runs", "life", "An instance with runs comes to rest once they were cancelled",
          quiesce_with_runs},
};

}  // namespace

std::span<const Check> life_checks() { return kChecks; }

}  // namespace baton::plugin_check
