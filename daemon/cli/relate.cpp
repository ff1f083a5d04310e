// baton task link|unlink|cancel-dependents|comment: what hangs on a task.
#include <fmt/core.h>

#include "cli/answers.hpp"
#include "cli/task_commands.hpp"
#include "http/target.hpp"

namespace baton::cli {

using http::Method;

int link_task(ApiClient& client, const OneTask& task, const std::string& depends_on) {
  std::string body = body_of([&](json::Writer& json) { json.field("dependsOnTaskId", depends_on); });
  return ask(client, Method::kPost, task_path(task.id, "/deps"), std::move(body), task.json, [&](json::Value) {
    fmt::print("{} waits for {}\n", task.id, depends_on);
    return kOk;
  });
}

int unlink_task(ApiClient& client, const OneTask& task, const std::string& depends_on) {
  const auto target = task_path(task.id, "/deps/" + http::percent_encoded(depends_on));
  return ask(client, Method::kDelete, target, {}, task.json, [&](json::Value root) {
    const bool removed = json::boolean(root, "removed").value_or(false);
    fmt::print("{} {} for {}\n", task.id, removed ? "no longer waits" : "did not wait", depends_on);
    return kOk;
  });
}

int cancel_dependents(ApiClient& client, const OneTask& task) {
  return ask(client, Method::kPost, task_path(task.id, "/cancel-dependents"), {}, task.json, [](json::Value root) {
    const auto cancelled = json::member(root, "cancelled");
    if (!cancelled || !cancelled->is_array()) return kOk;
    for (const json::Value one : simdjson::dom::array(*cancelled)) {
      fmt::print("{}  {}\n", json::text(one, "id").value_or("?"), json::text(one, "title").value_or(""));
    }
    if (simdjson::dom::array(*cancelled).size() == 0) fmt::print("nothing waited for it\n");
    return kOk;
  });
}

int comment_task(ApiClient& client, const OneTask& task, const std::string& text,
                 const std::optional<std::string>& agent) {
  std::string body = body_of([&](json::Writer& json) {
    json.field("body", text).field("authorType", agent ? "agent" : "user");
    if (agent) json.field("authorAgentId", *agent);
  });
  return ask(client, Method::kPost, task_path(task.id, "/comments"), std::move(body), task.json, [](json::Value root) {
    const auto comment = json::member(root, "comment").value_or(root);
    fmt::print("comment {}\n", json::text(comment, "id").value_or("?"));
    return kOk;
  });
}

}  // namespace baton::cli
