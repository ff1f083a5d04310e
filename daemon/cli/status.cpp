// baton status: is the daemon there, what can it run, what waits.
#include <cstdio>
#include <string_view>

#include <fmt/core.h>

#include "cli/commands.hpp"

namespace baton::cli {

namespace {

bool is_listed(simdjson::dom::array list, std::string_view id) {
  for (const json::Value runtime : list) {
    if (json::text(runtime, "id") == id) return true;
  }
  return false;
}

// Those that are configured and not among the runtimes, because they are refused or switched off.
int print_absent(ApiClient& client, simdjson::dom::array listed) {
  const auto plugins = client.need(http::Method::kGet, "/api/plugins");
  if (!plugins) return report(plugins.error());
  const auto instances = json::member(plugins->root(), "instances");
  if (!instances || !instances->is_array()) return report({Errc::kInternal, "the list of instances is missing"});
  for (const json::Value instance : simdjson::dom::array(*instances)) {
    const auto name = json::text(instance, "name").value_or("?");
    if (!is_listed(listed, name))
      fmt::print("runtime {:<20} {}: see baton plugin list\n", name, json::text(instance, "state").value_or("?"));
  }
  return kOk;
}

}  // namespace

int print_status(ApiClient& client) {
  const auto health = client.need(http::Method::kGet, "/api/health");
  if (!health) return report(health.error());
  const auto root = health->root();
  fmt::print("batond {}  pid {}  state {}\n", json::text(root, "version").value_or("?"),
             json::integer(root, "pid").value_or(0), json::text(root, "state").value_or("?"));
  fmt::print("runs going on: {}\n", json::integer(root, "runs").value_or(0));
  const auto runtimes = client.need(http::Method::kGet, "/api/runtimes");
  if (!runtimes) return report(runtimes.error());
  const auto list = json::member(runtimes->root(), "runtimes");
  if (!list || !list->is_array()) return report({Errc::kInternal, "the list of runtimes is missing"});
  for (const json::Value runtime : simdjson::dom::array(*list)) {
    fmt::print("runtime {:<20} {}\n", json::text(runtime, "id").value_or("?"),
               json::text(runtime, "connectionState").value_or("?"));
  }
  return print_absent(client, simdjson::dom::array(*list));
}

int report(const Error& error) {
  fmt::print(stderr, "baton: {}\n", error.what);
  return error.code == Errc::kUnavailable ? kUnreachable : kRefused;
}

}  // namespace baton::cli
