#include "plugin_check/report.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include <fmt/format.h>

#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace baton::plugin_check {
namespace {

constexpr std::array kAll{Verdict::kPass, Verdict::kWarn, Verdict::kSkip, Verdict::kFail, Verdict::kCrash};

bool is_bad(const Tried& tried) {
  return tried.finding.verdict == Verdict::kFail || tried.finding.verdict == Verdict::kCrash;
}

std::ptrdiff_t count(const std::vector<Tried>& all, Verdict verdict) {
  return std::ranges::count(all, verdict, [](const Tried& tried) { return tried.finding.verdict; });
}

std::string headline(const Tried& tried) {
  std::string line = fmt::format("{:5}  {:28}", to_text(tried.finding.verdict), tried.check->id);
  if (!tried.finding.reason.empty()) line += "  " + tried.finding.reason;
  return line + '\n';
}

}  // namespace

bool is_good(const std::vector<Tried>& all) { return std::ranges::none_of(all, is_bad); }

std::string list_text(bool as_json) {
  std::string out;
  if (!as_json) {
    for (const auto& check : all_checks()) out += fmt::format("{:11} {:28} {}\n", check.group, check.id, check.what);
    return out;
  }
  json::Writer json(out);
  json.array();
  for (const auto& check : all_checks())
    json.object().field("id", check.id).field("group", check.group).field("what", check.what).end();
  json.end();
  return out + "\n";
}

std::string line_for(const Tried& tried, const Options& options) {
  std::string line = headline(tried);
  if (!is_bad(tried)) return line;
  if (options.seed != 0) line += fmt::format("       with --seed {}\n", options.seed);
  for (const auto written : text::lines(tried.output)) line += fmt::format("       | {}\n", written);
  return line;
}

std::string summary_text(const std::vector<Tried>& all) {
  std::string text;
  if (all.size() > 1 && !is_good(all)) {  // again, for they stand among all that went well
    text += "\nNot good:\n";
    for (const auto& tried : all)
      if (is_bad(tried)) text += headline(tried);
    text += '\n';
  }
  const auto skipped = count(all, Verdict::kSkip);
  text += fmt::format("{} of {} checks ran, {} skipped: ", std::ssize(all) - skipped, all.size(), skipped);
  std::string numbers;
  for (const auto verdict : kAll) {
    if (const auto number = count(all, verdict); number > 0)
      numbers += fmt::format("{}{} {}", numbers.empty() ? "" : ", ", number, to_text(verdict));
  }
  return text + numbers + "\n";
}

std::string report_json(const Options& options, const std::vector<Tried>& all) {
  std::string out;
  json::PrettyWriter json(out);
  json.object().field("file", text::repaired_utf8(options.file.native())).field("seed", options.seed);
  json.field("ok", is_good(all)).key("results").array();
  for (const auto& tried : all) {
    json.object().field("id", tried.check->id).field("group", tried.check->group);
    json.field("result", to_text(tried.finding.verdict)).field("reason", text::repaired_utf8(tried.finding.reason));
    json.field("ms", tried.took.count()).field("output", tried.output).end();
  }
  json.end().key("summary").object();
  for (const auto verdict : kAll) json.field(to_text(verdict), count(all, verdict));
  json.end().end();
  return out + "\n";
}

}  // namespace baton::plugin_check
