// Group claims: what the plugin claims to report, and what it claims to be able to do with a session. Most need a
// transcript, for without one nobody knows what the program would say; a claim without it is not confirmed.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "plugin_check/check.hpp"
#include "plugin_check/reach.hpp"
#include "plugin_check/scene.hpp"

namespace baton::plugin_check {
namespace {

using runtime::Capabilities;
using runtime::Request;

Finding unconfirmed(std::string_view name, std::string_view what_is_needed) {
  return fault(fmt::format("it claims {}, which cannot be confirmed without {}", name, what_is_needed));
}

// Text is reported while the program still works.
Finding claim_streaming(const Subject& subject) {
  Scene scene(subject);
  if (auto why = scene.unclaimed(&Capabilities::streaming, "STREAMING")) return *why;
  scene.play("happy", [](Script& script) {
    if (script.pieces.empty()) {
      script.echoes = false;
      script.pieces = {{.bytes = std::string(kWords)},
                       {.bytes = std::string(kWords), .after = std::chrono::seconds(1)}};
    }
    script.exit_after = std::chrono::minutes(1);
  });
  KeptRun& run = scene.start(scene.request());
  scene.bench().settle([&] { return run.ended() || !run.handle; }, std::chrono::seconds(55));
  const auto texts = std::ranges::count_if(
      run.events, [](const auto& event) { return std::holds_alternative<runtime::TextEvent>(event); });
  scene.bench().settle([&] { return run.ended() || !run.handle; });
  if (texts >= 2) return pass();
  return fault(
      fmt::format("it claims STREAMING, and has reported {} texts by the time the program has said all", texts));
}

// Every call has one result, after it, with the same id.
Finding claim_tool_events(const Subject& subject) {
  Scene scene(subject);
  if (auto why = scene.unclaimed(&Capabilities::tool_events, "TOOL_EVENTS")) return *why;
  const KeptRun& run = scene.run();
  std::vector<std::string> open;
  std::size_t calls = 0;
  for (const auto& event : run.events) {
    if (const auto* call = std::get_if<runtime::ToolCallEvent>(&event)) {
      open.push_back(call->call_id);
      ++calls;
    } else if (const auto* result = std::get_if<runtime::ToolResultEvent>(&event)) {
      if (std::erase(open, result->call_id) == 0)
        return fault(fmt::format("it reports a result of the tool call \"{}\", which is not open", result->call_id));
    }
  }
  if (calls == 0) return unconfirmed("TOOL_EVENTS", "a transcript of kind \"happy\" in which a tool is used");
  if (!open.empty()) return fault(fmt::format("the tool call \"{}\" has no result", open.front()));
  return pass();
}

struct Tokens {
  std::string first, second;
};

// The token of a run's session reaches the program of the next one.
std::optional<Finding> comes_back(const Subject& subject, Scene& scene, Request::Mode mode, Tokens& tokens) {
  const bool forks = mode == Request::Mode::kFork;
  const std::string_view name = forks ? "FORK" : "RESUME";
  const KeptRun& first = scene.run();
  const auto session = first.session();
  if (!session || session->resume.empty())
    return unconfirmed(name, "a transcript of kind \"happy\" in which the program names its session");
  tokens.first = session->resume;
  scene.bench().forget();
  auto request = scene.request();
  request.mode = mode;
  request.resume = tokens.first;
  scene.play(forks ? "fork" : "happy");
  const KeptRun& second = scene.run(request);
  if (!second.refusal.empty()) return fault(fmt::format("it claims {}, and refuses the run: {}", name, second.refusal));
  if (!reached(scene, subject, tokens.first))
    return fault(fmt::format("it claims {}, and the token \"{}\" does not reach the next program", name, tokens.first));
  if (const auto next = second.session()) tokens.second = next->resume;
  return std::nullopt;
}

Finding claim_resume(const Subject& subject) {
  Scene scene(subject);
  if (auto why = scene.unclaimed(&Capabilities::resume, "RESUME")) return *why;
  Tokens tokens;
  if (auto wrong = comes_back(subject, scene, Request::Mode::kResume, tokens)) return *wrong;
  return pass();
}

Finding claim_fork(const Subject& subject) {
  Scene scene(subject);
  if (auto why = scene.unclaimed(&Capabilities::fork, "FORK")) return *why;
  if (Scene::missing(subject, "fork", "")) return unconfirmed("FORK", "a transcript of kind \"fork\"");
  Tokens tokens;
  if (auto wrong = comes_back(subject, scene, Request::Mode::kFork, tokens)) return *wrong;
  if (tokens.second.empty() || tokens.second == tokens.first)
    return fault("it claims FORK, and a branch reports no session of its own");
  return pass();
}

// A no of the host becomes a result that is not ok. The question must come: from the plugin itself, or because the
// program of the transcript asks. A transcript proves nothing by being there.
Finding claim_approvals(const Subject& subject) {
  Scene scene(subject);
  if (auto why = scene.unclaimed(&Capabilities::approvals, "APPROVALS")) return *why;
  const bool has_transcript = !Scene::missing(subject, "approval", "");
  if (has_transcript) scene.play("approval");
  scene.bench().approvals().answer_with({false, "says the check"});
  const KeptRun& run = scene.run();
  if (scene.bench().approvals().questions().empty()) {
    if (!has_transcript) return unconfirmed("APPROVALS", "a transcript of kind \"approval\"");
    if (auto why = scene.untried(run)) return unconfirmed("APPROVALS", "a run to judge: " + why->reason);
    return fault("it claims APPROVALS, and asks nobody");
  }
  const bool denied = std::ranges::any_of(run.events, [](const auto& event) {
    const auto* result = std::get_if<runtime::ToolResultEvent>(&event);
    return result != nullptr && !result->ok;
  });
  return denied ? pass() : fault("it claims APPROVALS, and a denied call has no result that is not ok");
}

// The run ends by its limit, and the limit was the host's: the program was told, or was ended by the plugin.
Finding ends_at_limit(const Subject& subject, bool Capabilities::*flag, std::string_view name, void (*change)(Request&),
                      const std::vector<std::string>& spellings) {
  Scene scene(subject);
  if (auto why = scene.unclaimed(flag, name)) return *why;
  if (Scene::missing(subject, "limit", "")) return unconfirmed(name, "a transcript of kind \"limit\"");
  scene.play("limit");
  auto request = scene.request();
  change(request);
  const KeptRun& run = scene.run(request);
  if (!run.outcome || run.outcome->end != runtime::EndKind::kLimit)
    return fault(fmt::format("it claims {}, and a run that reaches it ends as {}", name, run.how()));
  const bool told = std::ranges::any_of(spellings, [&](const auto& text) { return reached(scene, subject, text); });
  const bool ended = std::ranges::any_of(scene.bench().children().spawned(),
                                         [](const Spawned& program) { return !program.signals.empty(); });
  if (!told && !ended) return fault(fmt::format("it claims {}, and the limit does not reach its program", name));
  return pass();
}

Finding claim_limit_turns(const Subject& subject) {
  return ends_at_limit(subject, &Capabilities::limit_turns, "LIMIT_TURNS",
                       [](Request& request) { request.max_turns = 3719; }, {"3719"});
}
Finding claim_limit_cost(const Subject& subject) {
  return ends_at_limit(subject, &Capabilities::limit_cost, "LIMIT_COST",
                       [](Request& request) { request.max_cost_micros = 4'321'000; }, {"4321000", "4.321"});
}

// Never less than before, and at the end what the transcript says.
std::optional<Finding> bad_count(const KeptRun& run, std::int64_t runtime::UsageEvent::*count, std::int64_t expected,
                                 std::string_view what) {
  std::int64_t last = -1;
  for (const auto& event : run.events) {
    const auto* usage = std::get_if<runtime::UsageEvent>(&event);
    if (usage == nullptr || usage->*count < 0) continue;
    if (usage->*count < last)
      return fault(fmt::format("{} falls from {} to {}: usage is cumulative for the run", what, last, usage->*count));
    last = usage->*count;
  }
  if (last == expected) return std::nullopt;
  return fault(fmt::format("{} is {} at the end, the transcript says {}", what, last, expected));
}

Finding claim_usage_tokens(const Subject& subject) {
  Scene scene(subject);
  if (auto why = scene.unclaimed(&Capabilities::usage_tokens, "USAGE_TOKENS")) return *why;
  const KeptRun& run = scene.run();
  const auto& expected = scene.expected();
  if (expected.tokens_in < 0 || expected.tokens_out < 0)
    return unconfirmed("USAGE_TOKENS", "tokens_in and tokens_out in what the \"happy\" transcript expects");
  if (auto wrong = bad_count(run, &runtime::UsageEvent::tokens_in, expected.tokens_in, "tokens_in")) return *wrong;
  if (auto wrong = bad_count(run, &runtime::UsageEvent::tokens_out, expected.tokens_out, "tokens_out")) return *wrong;
  return pass();
}

Finding claim_usage_cost(const Subject& subject) {
  Scene scene(subject);
  if (auto why = scene.unclaimed(&Capabilities::usage_cost, "USAGE_COST")) return *why;
  const KeptRun& run = scene.run();
  const auto expected = scene.expected().cost_micros;
  if (expected < 0) return unconfirmed("USAGE_COST", "cost_micros in what the \"happy\" transcript expects");
  if (auto wrong = bad_count(run, &runtime::UsageEvent::cost_micros, expected, "cost_micros")) return *wrong;
  return pass();
}

// As replay-same-calls, but not a call may differ, text that comes in other pieces included; and the second time the
// instance has had other runs, and the time is another.
Finding claim_replay(const Subject& subject) {
  std::vector<std::string> asked[2];
  for (const std::size_t round : {std::size_t{0}, std::size_t{1}}) {
    Witness witness;
    Scene scene(subject, &witness);
    if (auto why = scene.unclaimed(&Capabilities::replay, "REPLAY")) return *why;
    scene.play("happy", [round](Script& script) {
      say_plainly(script);
      if (round == 1) cut_to_pieces(script, 3);
    });
    const auto request = scene.request();
    if (round == 1) {
      scene.run(scene.request("something else"));
      scene.bench().time().advance(std::chrono::hours(1));
      scene.bench().turn();
    }
    witness.forget();
    scene.run(request);
    asked[round] = witness.asked();
    scene.end();
  }
  if (const auto difference = first_difference(asked[0], asked[1]); !difference.empty())
    return fault("it claims REPLAY, and the same session played again makes it ask for something else: " + difference);
  return pass();
}

constexpr std::array kChecks{
    Check{"claim-streaming", "claims", "STREAMING: text is reported while the program works", claim_streaming},
    Check{"claim-tool-events", "claims", "TOOL_EVENTS: every tool call has one result with its id", claim_tool_events},
    Check{"claim-resume", "claims", "RESUME: the token of a session reaches the next program", claim_resume},
    Check{"claim-fork", "claims", "FORK: a branch of a session has a token of its own", claim_fork},
    Check{"claim-approvals", "claims", "APPROVALS: a denied call has a denied result", claim_approvals},
    Check{"claim-limit-turns", "claims", "LIMIT_TURNS: the limit is passed on, and reaching it ends as limit",
          claim_limit_turns},
    Check{"claim-limit-cost", "claims", "LIMIT_COST: the limit is passed on, and reaching it ends as limit",
          claim_limit_cost},
    Check{"claim-usage-tokens", "claims", "USAGE_TOKENS: tokens never fall, and are at last what the program said",
          claim_usage_tokens},
    Check{"claim-usage-cost", "claims", "USAGE_COST: the cost never falls, and is at last what the program said",
          claim_usage_cost},
    Check{"claim-replay", "claims", "REPLAY: the same session makes it do the same, after other runs too",
          claim_replay},
};

}  // namespace

std::span<const Check> claim_event_checks() { return kChecks; }

}  // namespace baton::plugin_check
