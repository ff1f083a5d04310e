#include "command/config.hpp"

#include <optional>

#include <simdjson.h>
#include <baton/cpp/status.hpp>

#include "command/placeholders.hpp"

namespace command {

const char* const kConfigSchema = R"({
  "type": "object",
  "required": ["argv"],
  "additionalProperties": false,
  "properties": {
    "argv": {"type": "array", "minItems": 1, "items": {"type": "string"},
             "description": "The program and its arguments; {cwd} {task} {agent} {attempt} {model} {resume} {home} {prompt} are filled in."},
    "env": {"type": "object", "additionalProperties": {"type": "string"},
            "description": "Variables for the program, on top of a short clean list; the same placeholders but {prompt}."},
    "prompt": {"type": "string", "enum": ["stdin", "argument"], "description": "How the program gets the prompt. Default: stdin."},
    "events": {"type": "string", "enum": ["none", "jsonl"],
               "description": "jsonl: its stdout is JSON lines (EVENTS.md). none: stdout is text. Default: none."},
    "name": {"type": "string", "description": "Display name."},
    "version": {"type": "string", "description": "Shown as the version of the program."},
    "timeout_s": {"type": "integer", "minimum": 0, "maximum": 604800, "description": "Ends a run that takes longer; 0: none."},
    "max_runs": {"type": "integer", "minimum": 0, "maximum": 1024, "description": "Runs at once; 0: no limit of its own."},
    "worktree": {"type": "boolean", "description": "Whether each task gets its own worktree. Default: true."}
  }
})";

namespace {

using simdjson::dom::element;
using simdjson::dom::object;

[[noreturn]] void refuse(const std::string& field, const std::string& what) {
  throw baton::plugin::Failure(BATON_E_INVALID, field + ": " + what);
}

std::optional<element> member(object config, std::string_view name) {
  element value;
  if (config[name].get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

std::string text_of(element value, const std::string& field) {
  std::string_view text;
  if (value.get_string().get(text) != simdjson::SUCCESS) refuse(field, "must be text");
  if (text.find('\0') != std::string_view::npos) refuse(field, "must not contain a zero byte");
  return std::string(text);
}

std::string text_or(object config, std::string_view name, std::string fallback) {
  const auto value = member(config, name);
  return value ? text_of(*value, std::string(name)) : fallback;
}

std::int64_t number_or(object config, std::string_view name, std::int64_t largest) {
  const auto value = member(config, name);
  if (!value) return 0;
  std::int64_t number = 0;
  if (value->get_int64().get(number) != simdjson::SUCCESS || number < 0 || number > largest)
    refuse(std::string(name), "must be a whole number from 0 to " + std::to_string(largest));
  return number;
}

void check_template(const std::string& text, const std::string& field, bool prompt_allowed) {
  if (const auto wrong = unknown_placeholder(text))
    refuse(field, "unknown placeholder {" + *wrong + "}; write {{" + *wrong + "}} for the text itself");
  if (!prompt_allowed && mentions(text, "prompt"))
    refuse(field, "{prompt} needs \"prompt\": \"argument\" and stands in argv");
}

std::vector<std::string> read_argv(object config, Prompt prompt) {
  const auto value = member(config, "argv");
  if (!value) refuse("argv", "is required");
  simdjson::dom::array items;
  if (value->get_array().get(items) != simdjson::SUCCESS) refuse("argv", "must be an array of texts");
  std::vector<std::string> argv;
  for (const element item : items) {
    const std::string field = "argv[" + std::to_string(argv.size()) + "]";
    argv.push_back(text_of(item, field));
    check_template(argv.back(), field, prompt == Prompt::kArgument);
  }
  if (argv.empty() || argv[0].empty()) refuse("argv", "must name a program");
  return argv;
}

std::vector<std::pair<std::string, std::string>> read_env(object config) {
  std::vector<std::pair<std::string, std::string>> env;
  const auto value = member(config, "env");
  if (!value) return env;
  object entries;
  if (value->get_object().get(entries) != simdjson::SUCCESS) refuse("env", "must be an object of texts");
  for (const auto entry : entries) {
    const std::string name(entry.key);
    const std::string field = "env." + name;
    if (name.empty() || name.find_first_of(std::string_view("=\0", 2)) != std::string::npos)
      refuse(field, "is no name for a variable");
    env.emplace_back(name, text_of(entry.value, field));
    check_template(env.back().second, field, false);
  }
  return env;
}

}  // namespace

Config parse_config(std::string_view json) {
  simdjson::dom::parser parser;
  const simdjson::padded_string padded(json);
  object root;
  if (parser.parse(padded).get(root) != simdjson::SUCCESS) refuse("config", "must be a JSON object");

  Config config;
  const std::string prompt = text_or(root, "prompt", "stdin");
  if (prompt != "stdin" && prompt != "argument") refuse("prompt", "must be \"stdin\" or \"argument\"");
  config.prompt = prompt == "argument" ? Prompt::kArgument : Prompt::kStdin;
  const std::string events = text_or(root, "events", "none");
  if (events != "none" && events != "jsonl") refuse("events", "must be \"none\" or \"jsonl\"");
  config.events = events == "jsonl" ? Events::kJsonLines : Events::kNone;
  config.argv = read_argv(root, config.prompt);
  config.env = read_env(root);
  config.name = text_or(root, "name", "");
  config.version = text_or(root, "version", "");
  config.timeout_s = number_or(root, "timeout_s", 604'800);
  config.max_runs = number_or(root, "max_runs", 1024);
  if (const auto worktree = member(root, "worktree")) {
    if (worktree->get_bool().get(config.worktree) != simdjson::SUCCESS) refuse("worktree", "must be true or false");
  }
  return config;
}

}  // namespace command
