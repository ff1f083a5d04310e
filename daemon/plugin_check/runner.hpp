// Tries one check, in a process of its own or in this one.
#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"
#include "plugin_check/check.hpp"
#include "plugin_check/finding.hpp"
#include "plugin_check/options.hpp"

namespace baton::plugin_check {

struct Tried {
  const Check* check = nullptr;
  Finding finding;
  std::chrono::milliseconds took{0};
  std::string output;  // the end of what its process wrote to stdout and stderr
};

// The subject of one check, with its transcripts. kInvalid, kIo: they cannot be read.
Result<Subject> subject_for(const Options& options, const std::filesystem::path& scratch);

// This program again with --child. What the check leaves behind ends with its process. An error: it could not be tried.
Result<Tried> try_apart(const Options& options, const Check& check);
Result<Tried> try_here(const Options& options, const Check& check);

// The process of one check: tries options.child and leaves the finding in the scratch directory. Does not return.
[[noreturn]] void be_the_child(const Options& options);

}  // namespace baton::plugin_check
