// What a check found out about a plugin.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace baton::plugin_check {

enum class Verdict : std::uint8_t {
  kPass,
  kWarn,   // works, but should be better
  kSkip,   // does not apply, or cannot be tried; the reason says what it would take
  kFail,   // breaks the contract
  kCrash,  // ended the process that tried it
};

struct Finding {
  Verdict verdict = Verdict::kPass;
  std::string reason = {};  // a sentence for people; empty with kPass
};

inline Finding pass() { return {}; }
inline Finding warn(std::string reason) { return {Verdict::kWarn, std::move(reason)}; }
inline Finding skip(std::string reason) { return {Verdict::kSkip, std::move(reason)}; }
inline Finding fault(std::string reason) { return {Verdict::kFail, std::move(reason)}; }

std::string_view to_text(Verdict verdict);  // "pass", "warn", "skip", "fail", "crash"

// {"result": "fail", "reason": "..."}, one line.
std::string to_json(const Finding& finding);
// Nothing when `json` is not such an object.
std::optional<Finding> finding_from(std::string_view json);

}  // namespace baton::plugin_check
