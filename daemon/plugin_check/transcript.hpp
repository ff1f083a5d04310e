// Recorded sessions of a plugin's programs, as its author gives them (TRANSCRIPTS.md): so a check can play what the
// plugin understands.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "plugin_check/expectation.hpp"
#include "plugin_check/script.hpp"

namespace baton::plugin_check {

struct Transcript {
  std::string name;                    // of its file, without the suffix
  std::string kind;                    // "happy", "probe", "limit", ...; empty: for no certain check
  std::vector<std::string> argv = {};  // patterns; empty fits every program
  Script script = {};
  Expectation expect = {};
};

// One argument after the other: "*" in a pattern stands for any text, a last pattern "..." for any further arguments.
// The first is compared without its directory unless the pattern has one.
bool fits(const std::vector<std::string>& patterns, const std::vector<std::string>& argv);

// Every *.json of a directory, by name; an index.json of recorded sessions is read too. kInvalid, kIo; the text names
// the file.
Result<std::vector<Transcript>> read_transcripts(const std::filesystem::path& directory);

// The first of `kind` that fits; with an empty kind the first that fits at all. Null: none.
const Transcript* find_transcript(const std::vector<Transcript>& all, std::string_view kind,
                                  const std::vector<std::string>& argv);

}  // namespace baton::plugin_check
