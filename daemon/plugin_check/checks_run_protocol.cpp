// Group runs: what only the program's own protocol can say. Each plays a transcript of a kind of its own, which says
// what must come of it; without one there is nothing to judge.
#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
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

struct Answered {
  std::optional<Finding> not_judged, endless, other_end;
  bool asked = false;
  std::size_t programs = 0, denied_results = 0;
  std::string input;  // that the programs were sent
};

bool is_denied_result(const runtime::Event& event) {
  const auto* result = std::get_if<runtime::ToolResultEvent>(&event);
  return result != nullptr && !result->ok;
}

// A run of a new instance in which every question gets this answer.
Answered answer_all(const Subject& subject, bool allowed) {
  Scene scene(subject);
  Answered made;
  if (scene.instance() != nullptr && !scene.instance()->capabilities().approvals) {
    made.not_judged = skip("it does not claim APPROVALS");
    return made;
  }
  scene.play("approval");
  scene.bench().approvals().answer_with({allowed, "says the check"});
  const KeptRun& run = scene.run();
  made.asked = !scene.bench().approvals().questions().empty();
  for (const auto& program : scene.bench().children().spawned()) made.input += program.input;
  made.programs = scene.bench().children().spawned().size();
  made.denied_results = static_cast<std::size_t>(std::ranges::count_if(run.events, is_denied_result));
  made.not_judged = scene.untried(run);
  made.endless = scene.endless(run);
  // A run that asks before it starts its program has none after a no, and may end as it likes.
  if (made.programs > 0) made.other_end = unmet(scene.expected(), run, "success");
  scene.end();
  return made;
}

// After a no another thing happens than after a yes, and the run goes on after either.
Finding approval_denied(const Subject& subject) {
  if (auto why = Scene::missing(subject, "approval", "a session whose program asks whether it may use a tool"))
    return *why;
  const auto yes = answer_all(subject, true);
  if (yes.not_judged) return *yes.not_judged;
  if (!yes.asked) return skip("nobody is asked: see claim-approvals");
  if (yes.endless) return *yes.endless;
  const auto no = answer_all(subject, false);
  if (no.not_judged && (no.programs > 0 || !no.asked)) return *no.not_judged;
  if (no.endless) return *no.endless;
  if (no.other_end) return *no.other_end;
  if (no.programs < yes.programs || no.denied_results > yes.denied_results || no.input != yes.input) return pass();
  return fault(
      "after a no it does the same as after a yes: it starts as many programs, tells them the same, and "
      "reports no tool result that is not ok");
}

// Output with a part for each run: what it says, and when.
void say_in_turn(Script& script, std::size_t index) {
  say_plainly(script);
  for (auto& piece : script.pieces) piece.after += std::chrono::milliseconds(1 + index);
}

struct Crowd {
  std::optional<Finding> untried;
  std::vector<std::string> refusals = {}, ends = {}, words = {};
};

// Runs of a new instance: one after the other, or all at once.
Crowd run_many(const Subject& subject, bool at_once) {
  Scene scene(subject);
  std::size_t index = 0;
  scene.play("happy", [&](Script& script) { say_in_turn(script, index++); });
  const std::size_t most = scene.instance() == nullptr ? 1 : scene.instance()->capabilities().max_runs;
  const auto count = most == 0 ? kMany : std::min(most, kMany);
  std::vector<KeptRun*> runs;
  for (std::size_t number = 0; number < count; ++number)
    runs.push_back(at_once ? &scene.start(scene.request()) : &scene.run());
  scene.bench().settle([&] { return std::ranges::all_of(runs, [](const KeptRun* run) { return run->ended(); }); });
  Crowd crowd{.untried = scene.untried(*runs.front())};
  for (const KeptRun* run : runs) {
    crowd.refusals.push_back(run->refusal);
    crowd.ends.push_back(run->how());
    crowd.words.push_back(run->words());
  }
  scene.end();
  return crowd;
}

// Several runs at once, each of which goes as when it has the instance for itself. The nth is compared with the nth,
// for a plugin may count its runs.
Finding many_runs(const Subject& subject) {
  const auto alone = run_many(subject, false);
  if (alone.untried) return *alone.untried;
  if (!alone.refusals.back().empty()) return skip("a run alone is refused: " + alone.refusals.back());
  const auto crowd = run_many(subject, true);
  const auto count = crowd.ends.size();
  for (std::size_t number = 0; number < count; ++number) {
    if (!crowd.refusals[number].empty())
      return fault(fmt::format("one of {} runs at once is refused: {}", count, crowd.refusals[number]));
    if (crowd.ends[number] != alone.ends[number])
      return fault(fmt::format("one of {} runs at once: {}; alone: {}", count, crowd.ends[number], alone.ends[number]));
    if (crowd.words[number] != alone.words[number])
      return fault(fmt::format("of {} runs at once, one has another's words", count));
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
