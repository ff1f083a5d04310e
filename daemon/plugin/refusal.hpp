// Why a plugin or an instance of it is not used. A closed list, so that people can look a word up and programs can
// compare it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace baton::plugin {

enum class RefusalCode : std::uint8_t {
  kNotFound,       // no library of that name or id in the directories
  kPermissions,    // somebody else could change the file
  kProbeCrash,     // it ended the process that looked at it
  kProbeTimeout,   // it did not answer the process that looked at it
  kNoEntry,        // not a library that can be loaded, or one without the entry
  kBadMagic,       // the entry is not ours
  kMajor,          // built for another ABI
  kMinor,          // needs a newer daemon
  kMissingNeed,    // needs a table that this daemon does not have
  kDuplicateId,    // another library or instance has the name already
  kBadDescriptor,  // what it says about itself breaks the contract
  kDisabled,       // by configuration
  kQuarantined,    // misbehaved more often than allowed
  kCreateFailed,   // its own create said no, or the configuration does not fit
};

std::string_view to_text(RefusalCode code);  // "not_found", "permissions", ...
std::optional<RefusalCode> refusal_code(std::string_view text);

struct Refusal {
  RefusalCode code = RefusalCode::kNotFound;
  std::string text;  // a sentence for people
};

template <class T>
using Accepted = tl::expected<T, Refusal>;

[[nodiscard]] inline tl::unexpected<Refusal> refuse(RefusalCode code, std::string text) {
  return tl::unexpected<Refusal>(Refusal{code, std::move(text)});
}

}  // namespace baton::plugin
