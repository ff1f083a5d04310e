// Group runs: the host asks a run to end.
#include <array>
#include <csignal>
#include <string>

#include "plugin_check/check.hpp"
#include "plugin_check/scene.hpp"

namespace baton::plugin_check {
namespace {

using runtime::CancelReason;
using runtime::EndKind;

// Waits for the end of a run that was cancelled. Success and limit are the plugin's to say, when the program had
// reached them before.
std::optional<Finding> bad_end(Scene& scene, KeptRun& run, std::string_view when) {
  scene.bench().settle([&] { return run.ended(); });
  if (!run.ended()) return fault(std::string(when) + ": the run does not end");
  if (scene.instance()->misbehaviour().missing_end > 0)
    return fault(std::string(when) + ": the plugin did not end the run by the deadline");
  return std::nullopt;
}

Finding cancel_before_output(const Subject& subject) {
  Scene scene(subject);
  scene.play({.hangs = true});
  KeptRun& run = scene.start_program(scene.request());
  if (auto why = scene.untried(run)) return *why;
  if (run.ended()) return skip("the run ends at once: " + run.how());
  run.handle->cancel(CancelReason::kUser);  // no turn of the loop has passed since its program was started
  if (auto why = bad_end(scene, run, "cancelled right after its start")) return *why;
  if (run.outcome->end != EndKind::kCancelled)
    return fault("cancelled before its program said a word, the run ends as " + run.how());
  return pass();
}

Finding cancel_twice(const Subject& subject) {
  Witness witness;
  Scene scene(subject, &witness);
  scene.play("happy", [](Script& script) {
    hang_after_first_line(script);
    script.reactions[SIGINT] = script.reactions[SIGTERM] = {};  // only KILL ends it
  });
  KeptRun& run = scene.start_program(scene.request());
  if (auto why = scene.untried(run)) return *why;
  scene.bench().turn();
  if (run.ended()) return skip("the run ends at once: " + run.how());
  run.handle->cancel(CancelReason::kUser);
  scene.bench().turn();
  const auto half = scene.instance()->cancel_limit().count() / 2;
  const auto deadline = scene.bench().time().monotonic_ns() + half;
  if (!run.ended()) witness.cancel_again(*scene.instance(), BATON_CANCEL_SHUTDOWN, deadline);
  if (auto why = bad_end(scene, run, "cancelled twice")) return *why;
  if (scene.bench().time().monotonic_ns() > deadline)
    return fault("cancelled again with an earlier deadline, the run ends after it");
  return pass();
}

// All is said, and the program is about to exit; and once more when the run is over.
Finding cancel_after_end(const Subject& subject) {
  Scene scene(subject);
  scene.play("happy", [](Script& script) {
    script.hangs = true;
    script.echoes = false;
    if (script.pieces.empty()) script.pieces = {{.bytes = std::string(kWords)}};
  });
  KeptRun& run = scene.start_program(scene.request());
  if (auto why = scene.untried(run)) return *why;
  scene.bench().settle([&] { return run.ended(); }, std::chrono::minutes(20));  // less than the silence limit
  const bool was_over = run.ended();
  if (!was_over) run.handle->cancel(CancelReason::kUser);
  if (auto why = bad_end(scene, run, "cancelled after the last word of its program")) return *why;
  if (run.outcome->end == EndKind::kFailed)
    return fault("cancelled after the last word of its program, the run ends as " + run.how());
  const auto heard = run.events.size();
  run.handle->cancel(CancelReason::kShutdown);
  scene.bench().turn();
  if (run.ends != 1 || run.events.size() != heard) return fault("cancelled after its end, the run reports again");
  return pass();
}

// What SIGINT and SIGTERM do to a well known agent: it exits with 0 and says no result.
Finding exit_zero_after_interrupt(const Subject& subject) {
  Scene scene(subject);
  scene.play("happy", [](Script& script) {
    hang_after_first_line(script);
    for (const int number : {SIGINT, SIGTERM}) script.reactions[number] = {.exit = process::Exit{.code = 0}};
  });
  KeptRun& run = scene.start_program(scene.request());
  if (auto why = scene.untried(run)) return *why;
  scene.bench().turn();
  if (run.ended()) return skip("the run ends at once: " + run.how());
  run.handle->cancel(CancelReason::kUser);
  if (auto why = bad_end(scene, run, "cancelled in the middle")) return *why;
  if (run.outcome->end != EndKind::kCancelled)
    return fault("cancelled, its program exits with 0 and without a result, and the run ends as " + run.how());
  return pass();
}

constexpr std::array kChecks{
    Check{"cancel-before-output", "runs", "A run that is cancelled right after its start ends as cancelled",
          cancel_before_output},
    Check{"cancel-twice", "runs", "A second cancel with an earlier deadline is obeyed", cancel_twice},
    Check{"cancel-after-end", "runs", "A cancel between the program's last word and its exit ends the run",
          cancel_after_end},
    Check{"exit-zero-after-interrupt", "runs", "A cancelled program that exits with 0 and no result is no success",
          exit_zero_after_interrupt},
};

}  // namespace

std::span<const Check> run_cancel_checks() { return kChecks; }

}  // namespace baton::plugin_check
