// baton status: is the daemon there, what can it run, what waits.
#include <cstdio>

#include <fmt/core.h>

#include "cli/commands.hpp"

namespace baton::cli {

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
  return kOk;
}

int report(const Error& error) {
  fmt::print(stderr, "baton: {}\n", error.what);
  return error.code == Errc::kUnavailable ? kUnreachable : kRefused;
}

}  // namespace baton::cli
