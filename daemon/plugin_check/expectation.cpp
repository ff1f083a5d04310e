#include "plugin_check/expectation.hpp"

#include <cstddef>

#include <fmt/format.h>

namespace baton::plugin_check {

Expectation read_expectation(json::Value root) {
  Expectation made;
  const auto expect = json::member(root, "expect");
  if (!expect) return made;
  made.result = json::text(*expect, "result").value_or("");
  made.error = json::text(*expect, "error").value_or("");
  made.words = json::texts(*expect, "words");
  made.tokens_in = json::integer(*expect, "tokens_in").value_or(-1);
  made.tokens_out = json::integer(*expect, "tokens_out").value_or(-1);
  made.cost_micros = json::integer(*expect, "cost_micros").value_or(-1);
  return made;
}

std::optional<Finding> unmet(const Expectation& expected, const KeptRun& run, std::string_view result) {
  if (!run.outcome) return fault("the run does not end");
  const auto wanted = expected.result.empty() ? result : std::string_view(expected.result);
  const bool other_end = to_text(run.outcome->end) != wanted;
  const bool other_class = !expected.error.empty() && to_text(run.outcome->error_class) != expected.error;
  if (!other_end && !other_class) return std::nullopt;
  const auto error = expected.error.empty() ? std::string() : " (" + expected.error + ")";
  return fault(fmt::format("the run ends as {}, not as {}{}", run.how(), wanted, error));
}

std::optional<Finding> unsaid(const Expectation& expected, const KeptRun& run) {
  const auto said = run.words();
  std::size_t from = 0;
  for (const auto& words : expected.words) {
    const auto found = said.find(words, from);
    if (found == std::string::npos) return fault(fmt::format("\"{}\" was not reported as text", words));
    from = found + words.size();
  }
  return std::nullopt;
}

}  // namespace baton::plugin_check
