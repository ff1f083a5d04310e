#include "load/report.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace baton::load {
namespace {

using Nanoseconds = std::chrono::nanoseconds;

double seconds(Nanoseconds time) { return std::chrono::duration<double>(time).count(); }
double millis(Nanoseconds time) { return std::chrono::duration<double, std::milli>(time).count(); }

double per_second(std::uint64_t count, Nanoseconds wall) {
  return wall.count() > 0 ? static_cast<double>(count) / seconds(wall) : 0;
}
double cpu_micros_each(const PhaseTimes& times) {
  return times.answered > 0 ? 1e6 * seconds(times.cpu) / static_cast<double>(times.answered) : 0;
}

// Three decimals are more than any of these measurements knows.
double rounded(double number) { return std::round(number * 1000) / 1000; }

void write_latency(json::Writer& json, std::string_view name, const Latency& latency) {
  json.key(name).object();
  json.field("p50", rounded(millis(latency.percentile(0.5))));
  json.field("p99", rounded(millis(latency.percentile(0.99))));
  json.field("p999", rounded(millis(latency.percentile(0.999))));
  json.field("max", rounded(millis(latency.max()))).end();
}

// What every report begins with; the object stays open.
void open_report(json::Writer& json, std::string_view command, const Options& options, const Violations& violations) {
  json.object().field("command", command).field("url", text::repaired_utf8(options.url));
  json.field("clients", options.clients).field("pipeline", options.pipeline).field("ok", violations.total() == 0);
}

std::int64_t unix_ms(std::chrono::system_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
}

// What every phase has; the object stays open.
json::Writer& open_phase(json::Writer& json, std::string_view name, const PhaseTimes& times) {
  json.key(name).object().field("answered", times.answered).field("begunUnixMs", unix_ms(times.begun));
  json.field("seconds", rounded(seconds(times.wall)));
  json.field("perSecond", rounded(per_second(times.answered, times.wall)));
  write_latency(json, "latencyMs", times.latency);
  json.field("cpuSeconds", rounded(seconds(times.cpu)));
  return json.field("cpuMicrosEach", rounded(cpu_micros_each(times)));
}

void write_violations(json::Writer& json, const Violations& violations) {
  json.key("violations").object().field("total", violations.total());
  for (std::size_t kind = 0; kind < kViolationNames.size(); ++kind) {
    json.field(kViolationNames[kind], violations.count(kind));
  }
  json.end().field("examples", violations.examples());
}

std::string latency_line(const Latency& latency) {
  return fmt::format("p50 {:.3f} ms, p99 {:.3f} ms, p99.9 {:.3f} ms, max {:.3f} ms", millis(latency.percentile(0.5)),
                     millis(latency.percentile(0.99)), millis(latency.percentile(0.999)), millis(latency.max()));
}

std::string phase_lines(std::string_view name, const PhaseTimes& times) {
  return fmt::format(
      "{:<9} {} answers in {:.3f} s: {:.0f}/s\n          {}\n          own CPU {:.3f} s, {:.1f} us each\n", name,
      times.answered, seconds(times.wall), per_second(times.answered, times.wall), latency_line(times.latency),
      seconds(times.cpu), cpu_micros_each(times));
}

std::string violation_lines(const Violations& violations) {
  if (violations.total() == 0) return "violations none\n";
  std::string lines = fmt::format("violations {}\n", violations.total());
  for (std::size_t kind = 0; kind < kViolationNames.size(); ++kind) {
    if (const auto count = violations.count(kind)) lines += fmt::format("  {}: {}\n", kViolationNames[kind], count);
  }
  for (const auto& example : violations.examples()) lines += "  for example " + example + "\n";
  return lines;
}

std::string connections(const Options& options) {
  return fmt::format("{} connection(s) with {} request(s) under way", options.clients, options.pipeline);
}

std::uint64_t tasks_of(const Options& options, const ClaimsOutcome& outcome) {
  return options.ids.empty() ? options.tasks : outcome.given_tasks;
}

}  // namespace

std::string json_report(const Options& options, const ClaimsOutcome& outcome) {
  std::string out;
  json::Writer json(out);
  open_report(json, "claims", options, outcome.violations);
  json.field("claimants", options.claimants).field("tasks", tasks_of(options, outcome));
  open_phase(json, "create", outcome.create).end();
  open_phase(json, "claim", outcome.claim).field("won", outcome.won.count()).field("refused", outcome.refused);
  json.field("claimsPerSecond", rounded(per_second(outcome.won.count(), outcome.claim.wall)));
  write_latency(json, "wonLatencyMs", outcome.won);
  json.end();
  open_phase(json, "readBack", outcome.read_back).end();
  write_violations(json, outcome.violations);
  json.end();
  return out + "\n";
}

std::string json_report(const Options& options, const ClaimNextOutcome& outcome) {
  std::string out;
  json::Writer json(out);
  open_report(json, "claim-next", options, outcome.violations);
  open_phase(json, "claimNext", outcome.asked).field("given", outcome.given.count()).field("empty", outcome.empty);
  write_latency(json, "givenLatencyMs", outcome.given);
  json.end();
  write_violations(json, outcome.violations);
  json.end();
  return out + "\n";
}

std::string json_report(const Options& options, const RepeatOutcome& outcome) {
  std::string out;
  json::Writer json(out);
  open_report(json, "repeat", options, outcome.violations);
  json.field("path", text::repaired_utf8(options.path));
  open_phase(json, "repeat", outcome.times).end();
  write_violations(json, outcome.violations);
  json.end();
  return out + "\n";
}

std::string text_report(const Options& options, const ClaimsOutcome& outcome) {
  std::string out = fmt::format("{} tasks, {} claimant(s) each, {}\n", tasks_of(options, outcome), options.claimants,
                                connections(options));
  if (options.ids.empty()) out += phase_lines("create", outcome.create);
  out += phase_lines("claim", outcome.claim);
  out += fmt::format("          {} won: {:.0f} claims/s, {} refused\n          won: {}\n", outcome.won.count(),
                     per_second(outcome.won.count(), outcome.claim.wall), outcome.refused, latency_line(outcome.won));
  out += phase_lines("read back", outcome.read_back);
  return out + violation_lines(outcome.violations);
}

std::string text_report(const Options& options, const ClaimNextOutcome& outcome) {
  std::string out = fmt::format("{} requests, {}\n", options.requests, connections(options));
  out += phase_lines("next", outcome.asked);
  out += fmt::format("          {} given, {} times nothing was ready\n          given: {}\n", outcome.given.count(),
                     outcome.empty, latency_line(outcome.given));
  return out + violation_lines(outcome.violations);
}

std::string text_report(const Options& options, const RepeatOutcome& outcome) {
  std::string out = fmt::format("{} {}, {} requests, {}\n", options.body.empty() ? "GET" : "POST",
                                text::repaired_utf8(options.path), options.requests, connections(options));
  return out + phase_lines("repeat", outcome.times) + violation_lines(outcome.violations);
}

}  // namespace baton::load
