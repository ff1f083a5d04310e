#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <unistd.h>

#include <fmt/core.h>

#include "cli/answers.hpp"
#include "cli/plugin_commands.hpp"
#include "http/target.hpp"

namespace baton::cli {
namespace {

using http::Method;

constexpr auto kSwitch = std::chrono::minutes(2);  // runs have 30 s for their end, then the plugin 5 s for its own
constexpr const char* kRow = "{:<{}}  {:<{}}  {:<11}  {}\n";

struct Row {
  std::string instance, plugin, state, reason;
};

std::string reason_of(json::Value part) {
  const auto refusal = json::member(part, "refusal");
  if (refusal && refusal->is_object())
    return fmt::format("{}: {}", json::text(*refusal, "code").value_or("?"), json::text(*refusal, "text").value_or(""));
  const auto health = json::member(part, "health");
  return health ? std::string(json::text(*health, "hint").value_or("")) : "";
}

Row row_of(json::Value instance) {
  const auto text = [&](std::string_view name) { return std::string(json::text(instance, name).value_or("?")); };
  return {text("name"), text("plugin"), text("state"), reason_of(instance)};
}

template <class Each>
void each_of(json::Value root, std::string_view name, Each each) {
  const auto list = json::member(root, name);
  if (!list || !list->is_array()) return;
  for (const json::Value one : simdjson::dom::array(*list)) each(one);
}

void print_rows(const std::vector<Row>& rows) {
  std::size_t instance = 8, plugin = 6;  // of the heading
  for (const auto& row : rows) {
    instance = std::max(instance, row.instance.size());
    plugin = std::max(plugin, row.plugin.size());
  }
  fmt::print(kRow, "INSTANCE", instance, "PLUGIN", plugin, "STATE", "REASON");
  for (const auto& row : rows) fmt::print(kRow, row.instance, instance, row.plugin, plugin, row.state, row.reason);
}

}  // namespace

int list_plugins(ApiClient& client, const PluginOptions& options) {
  return ask(client, Method::kGet, "/api/plugins", {}, options.json, [](json::Value root) {
    if (json::boolean(root, "safeMode").value_or(false)) fmt::print("safe mode: built-in plugins only\n");
    std::vector<Row> rows;
    each_of(root, "instances", [&](json::Value instance) { rows.push_back(row_of(instance)); });
    print_rows(rows);
    each_of(root, "libraries", [](json::Value library) {
      if (const auto why = reason_of(library); !why.empty())
        fmt::print("refused: {}: {}\n", json::text(library, "file").value_or("?"), why);
    });
    return kOk;
  });
}

int switch_plugin(ApiClient& client, const PluginOptions& options, bool on) {
  const auto target =
      fmt::format("/api/plugins/{}/{}", http::percent_encoded(options.instance), on ? "enable" : "disable");
  const auto answer = client.call(Method::kPost, target, {}, kSwitch);
  if (!answer) return report(answer.error());
  if (options.json) fmt::print("{}\n", simdjson::to_string(answer->body.root()));
  if (!answer->ok()) return options.json ? kRefused : report({Errc::kConflict, refusal_text(*answer)});
  const auto instance = json::member(answer->body.root(), "instance");
  if (!options.json && instance) fmt::print("{}  {}\n", options.instance, json::text(*instance, "state").value_or("?"));
  return kOk;
}

int check_plugin(const std::vector<std::string>& arguments) {
  std::error_code error;
  const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto program = self.parent_path() / "baton-plugin-check";
  std::vector<std::string> words{program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  std::fflush(nullptr);
  ::execv(program.c_str(), argv.data());  // comes back only when it failed
  const auto why = errno == ENOENT ? "it is not installed beside this program" : std::strerror(errno);
  fmt::print(stderr, "baton: {}: {}\n", program.string(), why);
  return kUnreachable;
}

}  // namespace baton::cli
