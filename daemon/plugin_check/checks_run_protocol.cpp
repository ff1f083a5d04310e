// Group runs: what only the program's own protocol can say. Each plays a transcript of a kind of its own, which says
// what must come of it; without one there is nothing to judge.
#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "plugin_check/check.hpp"
#include "plugin_check/scene.hpp"

namespace baton::plugin_check {
namespace {

constexpr std::size_t kMany = 12;

struct Played {
  std::optional<Finding> not_judged;  // or already judged
  KeptRun* run = nullptr;
};

// A run with the transcript of `kind`, to its end.
Played play_kind(Scene& scene, const Subject& subject, const runtime::Request& request, std::string_view kind,
                 std::string_view what_it_shows) {
  if (auto why = Scene::missing(subject, kind, what_it_shows)) return {why};
  scene.play(std::string(kind));
  KeptRun& run = scene.run(request);
  if (auto why = scene.untried(run)) return {why};
  return {std::nullopt, &run};
}

// With that transcript the run ends in this way.
Finding ends_as(const Subject& subject, std::string_view kind, std::string_view what_it_shows, std::string_view result,
                std::string error) {
  Scene scene(subject);
  auto request = scene.request();
  if (kind == "session-lost") {
    request.mode = runtime::Request::Mode::kResume;
    request.resume = "a session that nobody knows";
  }
  const auto [why, run] = play_kind(scene, subject, request, kind, what_it_shows);
  if (why) return *why;
  Expectation expected = scene.expected();
  if (expected.error.empty()) expected.error = std::move(error);
  if (auto wrong = unmet(expected, *run, result)) return *wrong;
  return pass();
}

Finding auth_error_class(const Subject& subject) {
  return ends_as(subject, "auth", "a session whose login was refused", "failed", "auth");
}

Finding limit_is_limit(const Subject& subject) {
  return ends_as(subject, "limit", "a session that its own limit of turns or money ended", "limit", "");
}

Finding session_lost(const Subject& subject) {
  return ends_as(subject, "session-lost", "a resume of a session that the program does not know", "failed",
                 "session_lost");
}

Finding retry_is_status(const Subject& subject) {
  Scene scene(subject);
  const auto [why, run] = play_kind(scene, subject, scene.request(), "retry",
                                    "a session that had to wait for a rate limit, longer than the host's 30 minutes");
  if (why) return *why;
  const bool told = std::ranges::any_of(run->events, [](const runtime::Event& event) {
    const auto* status = std::get_if<runtime::StatusEvent>(&event);
    return status != nullptr && status->retry_in_ns > 0;
  });
  if (!told) return fault("it waits for a rate limit, and no status with retry_in_ns says so");
  if (auto wrong = unmet(scene.expected(), *run, "success")) return *wrong;
  return pass();
}

Finding two_turns(const Subject& subject) {
  Scene scene(subject);
  const auto [why, run] =
      play_kind(scene, subject, scene.request(), "two-turns", "a session of two turns in one program");
  if (why) return *why;
  if (auto wrong = unmet(scene.expected(), *run, "success")) return *wrong;
  if (auto wrong = unsaid(scene.expected(), *run)) return *wrong;
  if (!scene.bench().children().spawned().back().exit)
    return fault("the run ended before its program did, after the first turn");
  return pass();
}

// What the program is told differs between a yes and a no, and the run goes on after either.
Finding approval_denied(const Subject& subject) {
  if (auto why = Scene::missing(subject, "approval", "a session whose program asks whether it may use a tool"))
    return *why;
  Scene scene(subject);
  if (scene.instance() != nullptr && !scene.instance()->capabilities().approvals)
    return skip("it does not claim APPROVALS");
  std::vector<std::string> told;
  for (const bool allowed : {true, false}) {
    scene.bench().approvals().answer_with({allowed, "says the check"});
    const auto [why, run] = play_kind(scene, subject, scene.request(), "approval", "");
    if (why) return *why;
    if (scene.bench().approvals().questions().empty()) return skip("nobody is asked: see claim-approvals");
    if (auto wrong = scene.endless(*run)) return *wrong;
    if (auto wrong = unmet(scene.expected(), *run, "success"); wrong && !allowed) return *wrong;
    told.push_back(scene.bench().children().spawned().back().input);
  }
  if (told[0] == told[1]) return fault("the program is told the same after a no as after a yes");
  return pass();
}

// Output with a part for each run: what it says, and when.
void say_in_turn(Script& script, std::size_t index) {
  say_plainly(script);
  for (auto& piece : script.pieces) piece.after += std::chrono::milliseconds(1 + index);
}

// Several runs at once, all of which a run alone stands for.
Finding many_runs(const Subject& subject) {
  Scene scene(subject);
  std::size_t index = 0;
  scene.play("happy", [&](Script& script) { say_in_turn(script, index++); });
  const KeptRun& alone = scene.run();
  if (auto why = scene.untried(alone)) return *why;
  if (!alone.ended()) return skip("a run alone does not end");
  const auto most = scene.instance()->capabilities().max_runs;
  const auto count = most == 0 ? kMany : std::min<std::size_t>(most, kMany);
  std::vector<KeptRun*> runs;
  for (std::size_t number = 0; number < count; ++number) runs.push_back(&scene.start(scene.request()));
  scene.bench().settle([&] { return std::ranges::all_of(runs, [](const KeptRun* run) { return run->ended(); }); });
  for (const KeptRun* run : runs) {
    if (!run->handle) return fault(fmt::format("one of {} runs at once is refused: {}", count, run->refusal));
    if (run->how() != alone.how())
      return fault(fmt::format("one of {} runs at once: {}; alone: {}", count, run->how(), alone.how()));
    if (run->words() != alone.words()) return fault(fmt::format("of {} runs at once, one has another's words", count));
  }
  return pass();
}

constexpr std::array kChecks{
    Check{"auth-error-class", "runs", "A refused login ends the run as failed (auth)", auth_error_class},
    Check{"retry-is-status", "runs", "A wait for a rate limit is a status, and no silence", retry_is_status},
    Check{"limit-is-limit", "runs", "A limit of turns or money is an end of its own, no failure", limit_is_limit},
    Check{"session-lost", "runs", "A session that is not known any more ends the run as failed (session_lost)",
          session_lost},
    Check{"two-turns", "runs", "Two turns of one program are one run with all their words", two_turns},
    Check{"approval-denied", "runs", "A denied question is told to the program, and the run goes on", approval_denied},
    Check{"many-runs", "runs", "Runs at once keep their words and their ends apart", many_runs},
};

}  // namespace

std::span<const Check> run_protocol_checks() { return kChecks; }

}  // namespace baton::plugin_check
