// Group runs: how a run ends, by what its program did.
#include <array>
#include <csignal>
#include <string>

#include <fmt/format.h>

#include "plugin_check/check.hpp"
#include "plugin_check/scene.hpp"

namespace baton::plugin_check {
namespace {

using runtime::EndKind;
using runtime::ErrorClass;

Finding run_happy(const Subject& subject) {
  Scene scene(subject);
  const KeptRun& run = scene.run();
  if (scene.instance() != nullptr && !run.refusal.empty()) return fault("the run is refused: " + run.refusal);
  if (auto why = scene.untried(run)) return *why;
  if (auto why = scene.endless(run)) return *why;
  if (auto why = unmet(scene.expected(), run, "success")) return *why;
  if (auto why = unsaid(scene.expected(), run)) return *why;
  return pass();
}

// The host cannot start the program, for each reason that it may have. Whatever the plugin makes of it, nothing may be
// left of the run, and the next one goes well.
Finding run_start_fails_clean(const Subject& subject) {
  Scene scene(subject);
  for (const auto code : {Errc::kIo, Errc::kTooLarge, Errc::kUnavailable}) {
    scene.bench().children().direct([code](const auto&, auto) -> Result<Script> { return fail(code, "not now"); });
    const KeptRun& broken = scene.run();
    if (scene.instance() == nullptr) return *scene.untried(broken);
    if (broken.outcome && broken.outcome->end == EndKind::kSuccess) return skip("it starts no program");
    if (scene.instance()->runs().unreleased() > 0) return fault("the run goes on without its program");
    scene.play("happy");
    const KeptRun& next = scene.run();
    if (!next.ended() || next.outcome->end == EndKind::kFailed)
      return fault("after a run whose program could not be started, the next one: " + next.how());
  }
  return pass();
}

Finding spawn_not_found(const Subject& subject) {
  Scene scene(subject);
  scene.bench().children().direct(
      [](const auto&, auto) -> Result<Script> { return fail(Errc::kNotFound, "there is no such program"); });
  const KeptRun& run = scene.run();
  if (scene.instance() == nullptr) return *scene.untried(run);
  if (!run.refusal.empty())
    return warn("run_start refuses, so the host learns no class: end the run as failed (not_installed) instead");
  if (run.outcome && run.outcome->end == EndKind::kSuccess) return skip("it starts no program");
  if (auto why = scene.endless(run)) return *why;
  if (run.outcome->end == EndKind::kFailed && run.outcome->error_class == ErrorClass::kNotInstalled) return pass();
  return fault("its program is not there, and the run ends as " + run.how() + ", not as failed (not_installed)");
}

std::optional<Finding> not_failed(const KeptRun& run, std::string_view what) {
  if (run.outcome->end != EndKind::kFailed) return fault(fmt::format("{}, and the run ends as {}", what, run.how()));
  if (run.outcome->error_class == ErrorClass::kNone)
    return fault(fmt::format("{}, and the run fails without a class", what));
  return std::nullopt;
}

// A program that says nothing and exits with 1; then one that breaks off in the middle of what it has to say.
Finding exit_without_result(const Subject& subject) {
  Scene scene(subject);
  scene.play({.exit = {.code = 1}});
  const KeptRun& silent = scene.run();
  if (auto why = scene.untried(silent)) return *why;
  if (auto why = scene.endless(silent)) return *why;
  if (auto why = not_failed(silent, "its program said nothing and exited with status 1")) return *why;
  scene.play("happy",
             [](Script& script) { script = {.pieces = {{.bytes = first_line(script)}}, .exit = {.code = 1}}; });
  const KeptRun& broken_off = scene.run();
  if (auto why = scene.endless(broken_off)) return *why;
  if (auto why = not_failed(broken_off, "its program broke off and exited with status 1")) return *why;
  return pass();
}

Finding killed(const Subject& subject) {
  Scene scene(subject);
  for (const int number : {SIGKILL, SIGSEGV}) {
    scene.play("happy", [number](Script& script) {
      script = {.pieces = {{.bytes = first_line(script)}}, .exit = {.code = -1, .signal = number}};
    });
    const KeptRun& run = scene.run();
    if (auto why = scene.untried(run)) return *why;
    if (auto why = scene.endless(run)) return *why;
    if (auto why = not_failed(run, fmt::format("signal {} ended its program", number))) return *why;
  }
  return pass();
}

// The host asks a run to end that is silent for too long; the plugin ends it, in time.
Finding stalled(const Subject& subject) {
  Scene scene(subject);
  scene.play("happy", hang_after_first_line);
  const KeptRun& run = scene.run();
  if (auto why = scene.untried(run)) return *why;
  if (!run.outcome) return fault("the run of a program that hangs goes on for ever, with events all the time");
  if (scene.instance()->misbehaviour().missing_end > 0)
    return fault("asked to end a run whose program hangs, it did not do so in time");
  if (run.outcome->end != EndKind::kFailed) return fault("its program hangs, and the run ends as " + run.how());
  return pass();
}

constexpr std::array kChecks{
    Check{"run-happy", "runs", "A run whose program does all right ends so, and its words are reported", run_happy},
    Check{"run-start-fails-clean", "runs", "A run whose program cannot be started leaves nothing that hinders the next",
          run_start_fails_clean},
    Check{"spawn-not-found", "runs", "A program that is not there ends the run as failed (not_installed)",
          spawn_not_found},
    Check{"exit-without-result", "runs", "A program that exits with 1 before its end is a failed run with a class",
          exit_without_result},
    Check{"killed", "runs", "A program that a signal ended is a failed run with a class", killed},
    Check{"stalled", "runs", "A run whose program hangs is ended by the plugin when the host asks for it", stalled},
};

}  // namespace

std::span<const Check> run_end_checks() { return kChecks; }

}  // namespace baton::plugin_check
