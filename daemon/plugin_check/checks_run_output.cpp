// Group runs: a program's output in every shape.
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "plugin_check/check.hpp"
#include "plugin_check/scene.hpp"

namespace baton::plugin_check {
namespace {

constexpr std::size_t kHugeLine = 9 * 1024 * 1024;  // more than two of the longest pieces that a plugin gets by default

// What a run reported, with the fragments of text joined; whether it ends in a newline does not count.
std::vector<std::string> told(const KeptRun& run) {
  std::vector<std::string> lines;
  for (const auto& event : run.events) lines.push_back("emit " + line_of(event));
  lines = with_joined_text(lines);
  for (auto& line : lines) line.erase(line.find_last_not_of('\n') + 1);
  lines.push_back("finish " + run.how());
  return lines;
}

// Events that the host had to refuse.
std::optional<Finding> broken_events(Scene& scene) {
  if (scene.instance()->misbehaviour().broken_struct == 0) return std::nullopt;
  return fault("it reported what breaks the contract: text beyond 1 MiB, or JSON that is none");
}

const std::vector<std::string>& garbage() {
  static const std::vector<std::string> lines = [] {
    std::string all_bytes;
    for (int byte = 0; byte < 256; ++byte) all_bytes += static_cast<char>(byte);
    return std::vector<std::string>{"\n",
                                    "{\n",
                                    "}\n",
                                    "[]\n",
                                    "null\n",
                                    "{\"type\":null}\n",
                                    "{\"type\":[]}\n",
                                    "{\"type\":\"text\"}\n",
                                    "{\"type\":\"tool_call\",\"args\":\n",
                                    "{\"type\":\"assistant\",\"message\":{\"content\":7}}\n",
                                    "{\"a\":1e999999}\n",
                                    std::string("{\"type\":\"\0\"}\n", 13),
                                    "\xEF\xBB\xBF{}\n",
                                    "\"\\ud800\"\n",
                                    "\r\n\r\n",
                                    std::string(3000, '[') + "\n",
                                    all_bytes + "\n",
                                    "99999999999999999999999999\n",
                                    "data: {}\n"};
  }();
  return lines;
}

// Broken UTF-8 is not judged here: a plugin may pass it on, the host repairs and counts it.
Finding garbage_lines(const Subject& subject) {
  Scene scene(subject);
  scene.play("happy", [](Script& script) {
    std::vector<Piece> pieces;
    for (const auto& line : garbage()) {
      pieces.push_back({.bytes = line});
      pieces.push_back({.bytes = line, .stream = process::Stream::kStderr});
    }
    script = {.pieces = std::move(pieces), .exit = {.code = 1}};
  });
  const KeptRun& run = scene.run();
  if (auto why = scene.untried(run)) return *why;
  if (auto why = scene.endless(run)) return *why;
  if (auto why = broken_events(scene)) return *why;
  if (run.outcome->end == runtime::EndKind::kSuccess)
    return fault("its program printed garbage and exited with status 1, and the run ends as success");
  return pass();
}

// Characters of two to four bytes, each cut between its bytes by the pipe.
Finding split_utf8(const Subject& subject) {
  Scene scene(subject);
  scene.play("happy", [](Script& script) {
    script = {.pieces = {{.bytes = "gr\u00fc\u00df \u4f60\u597d \U0001F600 \u00e9t\u00e9\n"}}};
    cut_to_bytes(script);
  });
  const KeptRun& run = scene.run();
  if (auto why = scene.untried(run)) return *why;
  if (auto why = scene.endless(run)) return *why;
  if (scene.instance()->misbehaviour().broken_text > 0)
    return fault("it reported characters that the pipe had cut as if they were whole");
  return pass();
}

Finding huge_line(const Subject& subject) {
  Scene scene(subject);
  scene.play("happy", [](Script& script) {
    const auto first = first_line(script);
    script.pieces.insert(script.pieces.begin(), {{.bytes = std::string(kHugeLine, 'x') + "\n"}, {.bytes = first}});
    script.echoes = false;
  });
  const KeptRun& run = scene.run();
  if (auto why = scene.untried(run)) return *why;
  if (auto why = scene.endless(run)) return *why;
  if (auto why = broken_events(scene)) return *why;
  return pass();
}

struct Play {
  std::optional<Finding> untried, endless;
  std::vector<std::string> told;
};

// One run of a new instance, whose store and data directory are empty: what a plugin counts over its runs does not
// tell plays apart.
Play play_once(const Subject& subject, const Scene::Change& change) {
  Scene scene(subject);
  scene.play("happy", [&](Script& script) { say_plainly(script), change(script); });
  const KeptRun& run = scene.run();
  Play play{scene.untried(run), scene.endless(run), told(run)};
  scene.end();
  return play;
}

// With chance the same program says the same in other pieces; text is joined before it is compared.
Finding says_the_same(const Subject& subject, const Scene::Change& change, std::string_view what) {
  const auto as_it_is = [](Script&) {};
  const auto whole = play_once(subject, as_it_is);
  if (whole.untried) return *whole.untried;
  if (whole.endless) return skip("a run whose output is whole: " + whole.endless->reason);
  const auto again = play_once(subject, as_it_is);
  if (again.untried) return *again.untried;
  if (const auto difference = first_difference(whole.told, again.told); !difference.empty())
    return skip("even the same output reports something else the second time (see replay-same-calls): " + difference);
  const auto other = play_once(subject, change);
  if (other.endless) return *other.endless;
  if (const auto difference = first_difference(whole.told, other.told); !difference.empty())
    return fault(fmt::format("{}: {}", what, difference));
  return pass();
}

void drop_last_newline(Script& script) {
  for (auto piece = script.pieces.rbegin(); piece != script.pieces.rend(); ++piece) {
    if (piece->stream != process::Stream::kStdout || piece->bytes.empty()) continue;
    if (piece->bytes.back() == '\n') piece->bytes.pop_back();
    return;
  }
}

Finding no_final_newline(const Subject& subject) {
  return says_the_same(subject, drop_last_newline, "without its last newline the output means another");
}

Finding output_byte_by_byte(const Subject& subject) {
  return says_the_same(subject, cut_to_bytes, "byte by byte the output means another");
}

constexpr std::array kChecks{
    Check{"garbage-lines", "runs", "Output that makes no sense neither breaks the plugin nor makes a success",
          garbage_lines},
    Check{"split-utf8", "runs", "Characters that a pipe has cut are reported whole", split_utf8},
    Check{"huge-line", "runs", "A line of 9 MiB is survived, and no event is too long", huge_line},
    Check{"no-final-newline", "runs", "A last line without a newline counts as one with it", no_final_newline},
    Check{"output-byte-by-byte", "runs", "Output that comes byte by byte means what it means in one piece",
          output_byte_by_byte},
};

}  // namespace

std::span<const Check> run_output_checks() { return kChecks; }

}  // namespace baton::plugin_check
