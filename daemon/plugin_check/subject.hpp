// What a check is given: the plugin, and everything that its author said about it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "baton/entry.h"
#include "plugin/library.hpp"
#include "plugin_check/finding.hpp"
#include "plugin_check/transcript.hpp"

namespace baton::plugin_check {

struct Subject {
  std::filesystem::path file;      // absolute
  std::string config_json = "{}";  // of the instance
  std::filesystem::path scratch;   // an empty directory of this check alone
  std::uint64_t seed = 0;          // 0: output comes in whole pieces and in order
  std::vector<Transcript> transcripts = {};
};

// The exported function; the finding (kSkip) says why there is none. The first call in a process loads the library.
using EntryFunction = decltype(&baton_plugin_entry_v1);
tl::expected<EntryFunction, Finding> entry_function(const Subject& subject);

// The entry as the library gives it, without any judgement; the finding (kSkip) says why there is none.
tl::expected<const baton_entry*, Finding> raw_entry(const Subject& subject);

// The same, if it begins with the magic number and its size lets all of it be read.
tl::expected<const baton_entry*, Finding> whole_entry(const Subject& subject);

// The library as the daemon would accept it. A refusal is a finding (kSkip): the checks of the groups binary and
// descriptor say what is wrong.
tl::expected<plugin::Library, Finding> accepted_library(const Subject& subject);

// Leaves a word about what is tried now, which becomes part of the finding when it ends this process or takes too long.
void doing(const Subject& subject, std::string_view what);
std::string last_doing(const std::filesystem::path& scratch);

}  // namespace baton::plugin_check
