// /api/board/{taskId}/workspace: a task's worktree, by hand (contract §1.4–1.8).
#include "api/answer.hpp"
#include "api/json_rows.hpp"
#include "api/routes.hpp"
#include "api/task_fields.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"

namespace baton::api {
namespace {

using executor::Workspaces;
using reactor::Task;

constexpr std::string_view kActions[] = {"pause", "complete"};

constexpr Field kProvision[] = {
    {.name = "repoPath", .required = true, .min = 1, .max = 4000, .about = "the git repository, or a directory in it"},
    {.name = "baseSha", .max = 200, .about = "the commit to begin from"},
    {.name = "baseRef", .max = 400, .about = "a branch or tag to begin from; HEAD when neither is given"},
    {.name = "kind", .max = 100, .about = "research and review get no worktree"},
};

constexpr Field kAct[] = {
    {.name = "action", .required = true, .one_of = kActions},
    {.name = "force",
     .kind = Kind::kBoolean,
     .about = "the largest ignored files go with the tree when they are more than is kept aside"},
    kFence,
};

constexpr Field kWhose[] = {kFence};

// A hand-off, and whose it is: the fence does not go into the file.
std::span<const Field> handoff_body() {
  static const std::vector<Field> table = [] {
    const auto fields = handoff::handoff_fields();
    std::vector<Field> all(fields.begin(), fields.end());
    all.push_back(kFence);
    return all;
  }();
  return table;
}

// 404 and 422 in the contract's words; "workspace not found" also for a task that is not there, except on provision.
http::Response workspace_refused(const Error& error) { return refused(error, "workspace not found"); }

http::Response provision_refused(const Error& error) {
  if (error.reason != "no_isolation") return refused(error, "task not found");
  auto response = json_object([&](json::Writer& json) {
    json.field("ok", false).field("error", "no_isolation").field("isolation", "none").field("message", error.what);
  });
  response.status = 422;
  return response;
}

void write_json(json::Writer& json, const worktree::DiffStat& stat) {
  json.object().field("filesChanged", stat.files_changed).field("insertions", stat.insertions);
  json.field("deletions", stat.deletions).field("dirty", stat.dirty).end();
}

// Ignored files that are gone; nothing when there are none, as the contract has it.
void write_dropped(json::Writer& json, const std::vector<worktree::SizedPath>& dropped) {
  if (dropped.empty()) return;
  json.key("ignoredDropped").array();
  for (const auto& [path, bytes] : dropped) {
    json.object().field("path", text::repaired_utf8(path)).field("bytes", static_cast<std::int64_t>(bytes)).end();
  }
  json.end();
}

Task<http::Response> provision(Workspaces& workspaces, http::Request request) {
  const auto body = read_fields(kProvision, request.body);
  if (!body) co_return http::invalid_body(body.error());
  executor::WorkspaceRequest wanted;
  wanted.task_id = TaskId(request.params[0]);
  wanted.repo_path = body->need_text("repoPath");
  wanted.base = body->text("baseSha").value_or("");
  if (wanted.base.empty()) wanted.base = body->text("baseRef").value_or("");
  wanted.kind = body->text("kind").value_or("code");
  const auto ready = co_await workspaces.provision(std::move(wanted));
  if (!ready) co_return provision_refused(ready.error());
  co_return json_object([&](json::Writer& json) {
    const auto& tree = ready->worktree;
    json.field("ok", true).key("worktree").object();
    json.field("taskId", tree.task_id.value).field("worktreePath", tree.path.string()).field("branch", tree.branch);
    json.field("baseCommit", tree.baseline_commit).field("detached", ready->detached).end();
    json.field("workspaceId", ready->row.id.value).field("isolation", "worktree");
  });
}

void view(Workspaces& workspaces, http::Request& request, http::Responder responder) {
  const auto found = workspaces.view(TaskId(request.params[0]));
  if (!found) return responder.send(workspace_refused(found.error()));
  responder.send(json_object([&](json::Writer& json) {
    json.field("ok", true).key("workspace");
    api::write_json(json, found->row);
    json.key("resume");
    handoff::to_json(json, found->resume);
    json.key("handoff");
    if (found->handoff) {
      handoff::to_json(json, *found->handoff);
    } else {
      json.value(nullptr);
    }
  }));
}

Task<http::Response> detail(Workspaces& workspaces, http::Request request) {
  const auto found = co_await workspaces.detail(TaskId(request.params[0]));
  if (!found) co_return workspace_refused(found.error());
  co_return json_object([&](json::Writer& json) {
    json.field("ok", true).key("workspace");
    api::write_json(json, found->row);
    json.key("sorFiles").object();
    for (const auto& [name, text] : found->sor_files) json.field(name, text);
    json.end().key("diffStat");
    if (found->diff_stat) {
      write_json(json, *found->diff_stat);
    } else {
      json.value(nullptr);
    }
    json.field("diff", found->diff);
  });
}

Task<http::Response> pause(executor::Runs& runs, TaskId task, executor::Fence fence, bool force) {
  const auto paused = co_await runs.pause(std::move(task), fence, force);
  if (!paused) co_return workspace_refused(paused.error());
  co_return json_object([&](json::Writer& json) {
    json.field("ok", true).field("action", "pause").key("pause").object();
    json.field("committed", paused->committed).field("head", paused->head);
    if (!paused->kept_as.empty()) json.field("keptAs", paused->kept_as);  // somebody has the branch checked out
    write_dropped(json, paused->dropped);
    json.end();
  });
}

Task<http::Response> complete(Workspaces& workspaces, TaskId task, executor::Fence fence, bool force) {
  const auto completed = co_await workspaces.complete(std::move(task), fence, force);
  if (!completed) co_return workspace_refused(completed.error());
  co_return json_object([&](json::Writer& json) {
    json.field("ok", true).field("action", "complete").key("complete").object();
    json.field("dirty", completed->complete.diff.dirty).key("diffStat");
    write_json(json, completed->complete.diff);
    json.field("cleaned", completed->complete.cleaned);
    write_dropped(json, completed->complete.dropped);
    json.end();
    json.field("taskStatus", to_text(completed->task_status));
    if (completed->verified) json.field("verified", *completed->verified);
  });
}

Task<http::Response> act(Workspaces& workspaces, executor::Runs& runs, http::Request request) {
  const auto body = read_fields(kAct, request.body);
  if (!body) co_return http::invalid_body(body.error());
  TaskId task(request.params[0]);
  const auto fence = body->integer("fence");
  const bool force = body->boolean("force").value_or(false);
  if (body->need_text("action") == "pause") co_return co_await pause(runs, std::move(task), fence, force);
  co_return co_await complete(workspaces, std::move(task), fence, force);
}

http::Response invalid_handoff(const InvalidBody& invalid) {
  auto response = http::invalid_body(invalid);
  const std::string_view was = "\"invalid body\"";
  if (const auto at = response.body.find(was); at != std::string::npos) {
    response.body.replace(at, was.size(), "\"invalid handoff\"");
  }
  return response;
}

Task<http::Response> write_handoff(Workspaces& workspaces, http::Request request) {
  const auto handoff = handoff::parse_handoff(request.body, iso8601(SystemClock().unix_ms()));
  if (!handoff) co_return invalid_handoff(handoff.error());
  const auto whose = read_fields(kWhose, request.body);
  if (!whose) co_return invalid_handoff(whose.error());
  const auto fence = whose->integer("fence");
  const auto written = co_await workspaces.write_handoff(TaskId(request.params[0]), *handoff, fence);
  if (!written) co_return workspace_refused(written.error());
  co_return json_object([](json::Writer& json) { json.field("ok", true); });
}

}  // namespace

std::vector<http::Route> workspace_routes(executor::Workspaces& workspaces, executor::Runs& runs) {
  using enum http::Method;
  const auto task = [&workspaces](Task<http::Response> (*handle)(Workspaces&, http::Request)) {
    return [&workspaces, handle](http::Request request) { return handle(workspaces, std::move(request)); };
  };
  return {
      {.method = kPost,
       .pattern = "/api/board/{taskId}/workspace",
       .operation = "provisionWorkspace",
       .summary = "Gives the task a git worktree: the one it has, the one it had, or a new one.",
       .tag = "workspace",
       .task_handler = task(provision),
       .body = kProvision,
       .answers = {{200, "the worktree"},
                   {400, "a field is wrong"},
                   {404, "no such task"},
                   {409, "a run or another call is working on it"},
                   {422, "no_isolation, not_a_repository, bad_ref, no_commits"},
                   {507, "disk_pressure: too little free space to begin anything; disk_full"}}},
      {.method = kGet,
       .pattern = "/api/board/{taskId}/workspace",
       .operation = "readWorkspace",
       .summary = "Where the work stands, from the files alone: what a cold start needs.",
       .tag = "workspace",
       .handler = [&workspaces](http::Request& request,
                                http::Responder responder) { view(workspaces, request, std::move(responder)); },
       .answers = {{200, "workspace, resume state and hand-off"}, {404, "the task has no workspace"}}},
      {.method = kPatch,
       .pattern = "/api/board/{taskId}/workspace",
       .operation = "actOnWorkspace",
       .summary = "Pauses the work (end its run, commit, remove the checkout, keep the branch) or completes it "
                  "(through the gate).",
       .tag = "workspace",
       .task_handler = [&workspaces,
                        &runs](http::Request request) { return act(workspaces, runs, std::move(request)); },
       .body = kAct,
       .answers = {{200, "what was done"},
                   {400, "a field is wrong"},
                   {404, "the task has no workspace"},
                   {409, "stale_fence, busy, not checked out, or ignored_files: too large to be kept aside"}}},
      {.method = kGet,
       .pattern = "/api/board/{taskId}/workspace/detail",
       .operation = "readWorkspaceDetail",
       .summary = "The files of the hand-off and everything that was changed.",
       .tag = "workspace",
       .task_handler = task(detail),
       .answers = {{200, "files, numbers and diff"}, {404, "the task has no workspace"}}},
      {.method = kPost,
       .pattern = "/api/board/{taskId}/workspace/handoff",
       .operation = "writeHandoff",
       .summary = "Leaves AGENT_HANDOFF.json for whoever comes next.",
       .tag = "workspace",
       .task_handler = task(write_handoff),
       .body = handoff_body(),
       .answers = {{200, "written"},
                   {400, "a field of the hand-off is wrong"},
                   {404, "the task has no workspace"},
                   {409, "stale_fence, or not checked out"}}},
  };
}

}  // namespace baton::api
