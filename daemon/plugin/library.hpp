// A loaded plugin library. It is never unloaded: thread-locals, exit handlers and late timers of a library outlive
// every attempt to do so cleanly.
#pragma once

#include <filesystem>

#include "baton/entry.h"
#include "plugin/manifest.hpp"
#include "plugin/refusal.hpp"

namespace baton::plugin {

struct Library {
  const baton_entry* entry = nullptr;  // a member that came with a later minor: only after BATON_HAS
  Manifest manifest;
  std::filesystem::path file = {};
};

// Loads with all symbols bound at once and visible to nobody else, and examines. kNoEntry, or as examine().
Accepted<Library> open_library(const std::filesystem::path& file);

}  // namespace baton::plugin
