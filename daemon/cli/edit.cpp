// baton task edit|move: what a task says, and where it stands.
#include "cli/answers.hpp"
#include "cli/task_commands.hpp"

namespace baton::cli {

int change_task(ApiClient& client, const OneTask& task, const TaskChange& change) {
  std::string body = body_of([&](json::Writer& json) {
    if (change.title) json.field("title", *change.title);
    if (change.description) json.field("description", *change.description);
    if (change.priority) json.field("priority", *change.priority);
    if (change.status) json.field("status", *change.status);
    if (change.override_gate) json.field("humanOverride", true);
    if (task.fence) json.field("fence", *task.fence);
  });
  return ask(client, http::Method::kPatch, task_path(task.id), std::move(body), task.json, [](json::Value root) {
    print_line(task_of(root));
    return kOk;
  });
}

}  // namespace baton::cli
