#include "plugin/refusal.hpp"

#include <array>

#include "base/bug.hpp"

namespace baton::plugin {
namespace {

constexpr std::array kCodes = {RefusalCode::kNotFound,     RefusalCode::kPermissions,   RefusalCode::kProbeCrash,
                               RefusalCode::kProbeTimeout, RefusalCode::kNoEntry,       RefusalCode::kBadMagic,
                               RefusalCode::kMajor,        RefusalCode::kMinor,         RefusalCode::kMissingNeed,
                               RefusalCode::kDuplicateId,  RefusalCode::kBadDescriptor, RefusalCode::kDisabled,
                               RefusalCode::kQuarantined,  RefusalCode::kCreateFailed};

}  // namespace

std::string_view to_text(RefusalCode code) {
  switch (code) {
    case RefusalCode::kNotFound: return "not_found";
    case RefusalCode::kPermissions: return "permissions";
    case RefusalCode::kProbeCrash: return "probe_crash";
    case RefusalCode::kProbeTimeout: return "probe_timeout";
    case RefusalCode::kNoEntry: return "no_entry";
    case RefusalCode::kBadMagic: return "bad_magic";
    case RefusalCode::kMajor: return "major";
    case RefusalCode::kMinor: return "minor";
    case RefusalCode::kMissingNeed: return "missing_need";
    case RefusalCode::kDuplicateId: return "duplicate_id";
    case RefusalCode::kBadDescriptor: return "bad_descriptor";
    case RefusalCode::kDisabled: return "disabled";
    case RefusalCode::kQuarantined: return "quarantined";
    case RefusalCode::kCreateFailed: return "create_failed";
  }
  bug("RefusalCode out of range");
}

std::optional<RefusalCode> refusal_code(std::string_view text) {
  for (const auto code : kCodes) {
    if (to_text(code) == text) return code;
  }
  return std::nullopt;
}

}  // namespace baton::plugin
