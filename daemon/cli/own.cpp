// baton task claim|claim-next|assign|release|heartbeat|drop|restore: who owns a task.
#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/core.h>

#include "base/limits.hpp"
#include "cli/answers.hpp"
#include "cli/task_commands.hpp"

namespace baton::cli {
namespace {

using http::Method;
using std::chrono::milliseconds;

std::int64_t in_ms(double seconds) { return std::llround(seconds * 1000); }

void write_claimant(json::Writer& json, const Claimant& claimant) {
  json.field("assigneeAgentId", claimant.agent);
  if (claimant.runtime) json.field("assigneeRuntime", *claimant.runtime);
  if (claimant.lease_s) json.field("leaseMs", in_ms(*claimant.lease_s));
}

void write_fence(json::Writer& json, const OneTask& task) {
  if (task.fence) json.field("fence", *task.fence);
}

// What an owner needs to know.
int print_owned(json::Value root) {
  const auto task = task_of(root);
  fmt::print("claimed, fence {}", json::integer(task, "fence").value_or(0));
  if (json::integer(task, "leaseExpiresAt")) fmt::print(", until {}", time_of(task, "leaseExpiresAt"));
  fmt::print("\n");
  return kOk;
}

int print_changed(json::Value root) {
  print_line(task_of(root));
  return kOk;
}

// One wait of claim-next; a longer one is made of several.
Result<ApiAnswer> ask_for_next(ApiClient& client, const NextOptions& options, const Claimant& claimant,
                               milliseconds wait) {
  constexpr auto kAnswer = std::chrono::seconds(30);
  std::string body = body_of([&](json::Writer& json) {
    write_claimant(json, claimant);
    if (options.team) json.field("teamId", *options.team);
    if (!options.kinds.empty()) {
      json.key("kinds").array();
      for (const auto& kind : options.kinds) json.value(kind);
      json.end();
    }
    json.field("waitMs", static_cast<std::int64_t>(wait.count()));
  });
  return client.call(Method::kPost, "/api/board/claim-next", std::move(body), wait + kAnswer);
}

}  // namespace

int claim_task(ApiClient& client, const OneTask& task, const Claimant& claimant, bool ignore_dependencies) {
  std::string body = body_of([&](json::Writer& json) {
    write_claimant(json, claimant);
    if (ignore_dependencies) json.field("ignoreDependencies", true);
  });
  return ask(client, Method::kPost, task_path(task.id, "/claim"), std::move(body), task.json, print_owned);
}

int assign_task(ApiClient& client, const OneTask& task, const Claimant& claimant) {
  std::string body = body_of([&](json::Writer& json) {
    write_claimant(json, claimant);
    write_fence(json, task);
  });
  return ask(client, Method::kPost, task_path(task.id, "/assign"), std::move(body), task.json, print_owned);
}

int release_task(ApiClient& client, const OneTask& task, const std::string& reason) {
  std::string body = body_of([&](json::Writer& json) {
    write_fence(json, task);
    if (!reason.empty()) json.field("reason", reason);
  });
  return ask(client, Method::kPost, task_path(task.id, "/release"), std::move(body), task.json, print_changed);
}

int heartbeat(ApiClient& client, const OneTask& task, std::optional<double> lease_s) {
  std::string body = body_of([&](json::Writer& json) {
    write_fence(json, task);
    if (lease_s) json.field("leaseMs", in_ms(*lease_s));
  });
  return ask(client, Method::kPost, task_path(task.id, "/heartbeat"), std::move(body), task.json, print_owned);
}

int drop_task(ApiClient& client, const OneTask& task) {
  const std::string query = task.fence ? fmt::format("?fence={}", *task.fence) : "";
  return ask(client, Method::kDelete, task_path(task.id) + query, {}, task.json, print_changed);
}

int restore_task(ApiClient& client, const OneTask& task) {
  std::string body = body_of([](json::Writer& json) { json.field("dropped", false); });
  return ask(client, Method::kPatch, task_path(task.id), std::move(body), task.json, print_changed);
}

int claim_next(ApiClient& client, const NextOptions& options, const Claimant& claimant) {
  const auto end = std::chrono::steady_clock::now() + milliseconds(in_ms(options.wait_s));
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
    const auto wait = std::clamp<milliseconds>(left, milliseconds(0), limits::kClaimWait);
    const auto answer = ask_for_next(client, options, claimant, wait);
    if (!answer) return report(answer.error());
    if (!answer->ok()) return report({Errc::kConflict, refusal_text(*answer)});
    if (answer->status == 204) {
      if (std::chrono::steady_clock::now() < end) continue;
      fmt::print(stderr, "baton: there is no task to take\n");
      return kNothing;
    }
    const auto root = answer->body.root();
    if (options.json) {
      fmt::print("{}\n", simdjson::to_string(root));
      return kOk;
    }
    print_line(task_of(root));
    return print_owned(root);
  }
}

}  // namespace baton::cli
