#include "plugin_check/options.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/json_compact.hpp"
#include "base/json_reader.hpp"
#include "plugin_check/version.hpp"

namespace baton::plugin_check {
namespace {

namespace fs = std::filesystem;

void declare(CLI::App& cli, Options& options) {
  cli.set_version_flag("--version", std::string("baton-plugin-check ") + kVersion);
  cli.add_option("file", options.file, "The plugin's shared library")->type_name("FILE");
  cli.add_option("--config", options.config_json, "Configuration of the instances that are made")->type_name("JSON");
  cli.add_option("--only", options.only, "Run this check only; repeatable")->type_name("ID")->allow_extra_args(false);
  cli.add_option("--skip", options.skip, "Leave this check out; repeatable")->type_name("ID")->allow_extra_args(false);
  cli.add_flag("--in-process", options.in_process, "Run in this process, for a debugger; give --only too");
  cli.add_flag("--json", options.json, "Report as JSON");
  cli.add_flag("--list", options.list, "Say which checks there are, and end");
  cli.add_option("--transcripts", options.transcripts, "Recorded sessions of the plugin's programs")->type_name("DIR");
  cli.add_option("--seed", options.seed, "Cut output and order events at random; 0: do not")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber);
  cli.add_option("--limit", options.limit_s)->group("");
  cli.add_option("--child", options.child)->group("");
  cli.add_option("--scratch", options.scratch)->group("");
}

std::optional<std::string> unknown_id(const std::vector<std::string>& ids) {
  const auto found = std::ranges::find_if(ids, [](const auto& id) { return find_check(id) == nullptr; });
  if (found == ids.end()) return std::nullopt;
  const auto nearest = nearest_id(*found);
  const auto meant = nearest.empty() ? std::string() : fmt::format("did you mean \"{}\"? ", nearest);
  return fmt::format("there is no check \"{}\"; {}--list says all", *found, meant);
}

std::optional<std::string> mistake_in(Options& options) {
  if (auto unknown = unknown_id(options.only)) return unknown;
  if (auto unknown = unknown_id(options.skip)) return unknown;
  if (options.list) return std::nullopt;
  if (options.file.empty()) return "FILE is missing";
  std::error_code error;
  const auto real = fs::canonical(options.file, error);
  if (error || !fs::is_regular_file(real, error))
    return fmt::format("{}: {}", options.file.native(), error ? error.message() : "is not a file");
  options.file = real;
  const auto config = json::Document::parse(options.config_json);
  if (!config || !config->root().is_object()) return "--config is not a JSON object";
  options.config_json = json::compact(options.config_json);  // as the daemon hands it out
  if (!options.transcripts.empty() && !fs::is_directory(options.transcripts, error))
    return fmt::format("{}: is not a directory", options.transcripts.native());
  return std::nullopt;
}

}  // namespace

ParsedOptions parse_options(int argc, const char* const* argv) {
  ParsedOptions parsed;
  CLI::App cli("Checks a plugin library against the contract of the plugin API.", "baton-plugin-check");
  declare(cli, parsed.options);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::Success& done) {  // --help, --version
    parsed.exit_code = cli.exit(done);
    return parsed;
  } catch (const CLI::ParseError& mistake) {
    (void)cli.exit(mistake);  // prints
    parsed.exit_code = kExitUsage;
    return parsed;
  }
  if (const auto mistake = mistake_in(parsed.options)) {
    fmt::print(stderr, "baton-plugin-check: {}\n", *mistake);
    parsed.exit_code = kExitUsage;
  }
  return parsed;
}

std::vector<const Check*> chosen(const Options& options) {
  std::vector<const Check*> all;
  const auto names = [](const std::vector<std::string>& ids, const Check& check) {
    return std::ranges::find(ids, check.id) != ids.end();
  };
  for (const auto& check : all_checks()) {
    if ((options.only.empty() || names(options.only, check)) && !names(options.skip, check)) all.push_back(&check);
  }
  return all;
}

}  // namespace baton::plugin_check
