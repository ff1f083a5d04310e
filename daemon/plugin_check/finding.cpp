#include "plugin_check/finding.hpp"

#include <array>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "base/text.hpp"

namespace baton::plugin_check {
namespace {

constexpr std::array kAll{Verdict::kPass, Verdict::kWarn, Verdict::kSkip, Verdict::kFail, Verdict::kCrash};
constexpr std::size_t kReason = 4096;  // a report is for people

}  // namespace

std::string_view to_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass: return "pass";
    case Verdict::kWarn: return "warn";
    case Verdict::kSkip: return "skip";
    case Verdict::kFail: return "fail";
    case Verdict::kCrash: return "crash";
  }
  return "fail";
}

std::string to_json(const Finding& finding) {
  std::string out;
  json::Writer json(out);
  json.object().field("result", to_text(finding.verdict));
  json.field("reason", text::shortened(text::repaired_utf8(finding.reason), kReason)).end();
  return out;
}

std::optional<Finding> finding_from(std::string_view json) {
  const auto document = json::Document::parse(json);
  if (!document) return std::nullopt;
  const auto result = json::text(document->root(), "result");
  for (const auto verdict : kAll) {
    if (result == to_text(verdict))
      return Finding{verdict, std::string(json::text(document->root(), "reason").value_or(""))};
  }
  return std::nullopt;
}

}  // namespace baton::plugin_check
