// What a plugin says about itself, copied out of its library and checked.
//
// The same check runs twice: in the probe process, whose answer travels as JSON, and in the daemon after the library
// was loaded.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "baton/entry.h"
#include "plugin/refusal.hpp"

namespace baton::plugin {

struct Manifest {
  std::string id, name, version, vendor, url, license, summary, config_schema;
  std::uint32_t abi_minor_built = 0, abi_minor_needed = 0;
  std::vector<std::string> offers, needs, wants, secrets, executables, user_files;

  friend bool operator==(const Manifest&, const Manifest&) = default;
};

// kBadMagic, kMajor, kMinor, kBadDescriptor. `entry` may be null. Calls `extension` for each offer and for ids that are
// none, and nothing else of the plugin.
Accepted<Manifest> examine(const baton_entry* entry);

// Whether this host has every table that the plugin needs: kMissingNeed. Apart from examine(), which runs in a process
// that has no host.
Accepted<Unit> check_needs(const Manifest& manifest);

// One JSON object: the manifest, or {"refused": code, "text": ...}.
std::string to_json(const Accepted<Manifest>& examined);

// kProbeCrash when `json` is not such an object.
Accepted<Manifest> from_json(std::string_view json);

}  // namespace baton::plugin
