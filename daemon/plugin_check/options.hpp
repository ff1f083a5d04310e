// What baton-plugin-check was asked to do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "plugin_check/check.hpp"

namespace baton::plugin_check {

constexpr int kExitFine = 0, kExitFaults = 1, kExitUsage = 2;

struct Options {
  std::filesystem::path file;  // absolute
  std::string config_json = "{}";
  std::filesystem::path transcripts;  // empty: none
  std::uint64_t seed = 0;
  std::vector<std::string> only, skip;
  bool in_process = false, json = false, list = false;
  std::int64_t limit_s = 0;  // of each check, instead of its own; for tests of the limit itself
  // For the process of one check.
  std::string child;  // its id
  std::filesystem::path scratch;
};

struct ParsedOptions {
  Options options;
  int exit_code = -1;  // not -1: nothing is left to do, everything was said
};

ParsedOptions parse_options(int argc, const char* const* argv);

// What `only` and `skip` leave of all checks.
std::vector<const Check*> chosen(const Options& options);

}  // namespace baton::plugin_check
