// /api/runtimes: what can work here, and a run (contract §2, §2.1).
#include <algorithm>

#include "api/answer.hpp"
#include "api/json_rows.hpp"
#include "api/once.hpp"
#include "api/routes.hpp"

namespace baton::api {
namespace {

constexpr Field kRun[] = {
    {.name = "taskId", .required = true, .min = 1},
    {.name = "assigneeAgentId", .min = 1, .max = 128, .about = "the runtime's id when not given, with '_' for a dot"},
    {.name = "repoPath", .max = 4000, .about = "needed unless the task has a workspace or the kind changes no files"},
    {.name = "kind", .max = 100, .about = "the task's own, or code; research and review get an empty directory"},
    {.name = "model", .max = 200},
    {.name = "keepForResume", .kind = Kind::kBoolean, .about = "stop with a hand-off instead of completing"},
};

std::string_view class_name(runtime::Integration integration) {
  switch (integration) {
    case runtime::Integration::kProgramPerRun: return "wrapped-oneshot";
    case runtime::Integration::kConnectedService: return "connected-substrate";
    case runtime::Integration::kLoopInside: return "native";
  }
  return "wrapped-oneshot";
}

void write_capabilities(json::Writer& json, const runtime::Capabilities& has) {
  json.object();
  json.field("streaming", has.streaming).field("mcp", has.mcp).field("worktrees", has.worktree);
  json.field("resume", has.resume).field("toolApproval", has.approvals).field("steerable", has.steer);
  json.field("models", has.models);
  if (has.context_tokens >= 0) json.field("contextWindowTokens", has.context_tokens);
  json.field("runtimeClass", class_name(has.integration)).field("toolEvents", has.tool_events);
  json.field("usageTokens", has.usage_tokens).field("usageCost", has.usage_cost).field("facts", has.facts);
  json.end();
}

// The contract's words for the same facts (§2).
std::string_view connection_state(const runtime::Health& health) {
  if (!health.probed) return "unknown";
  return health.ready ? "ready" : "not-installed";
}

void write_runtime(json::Writer& json, const runtime::Runtime& runtime) {
  const auto& health = runtime.health();
  json.object();
  json.field("id", runtime.id()).field("participantKind", "agent").field("name", runtime.name());
  json.key("capabilities");
  write_capabilities(json, runtime.capabilities());
  json.key("health").object().field("ok", health.ready);
  if (!health.hint.empty()) json.field("message", health.hint);
  json.end();
  json.field("installed", health.ready).field("version", health.version);
  json.field("connectionState", connection_state(health));
  json.end();
}

void list(const runtime::Registry& registry, http::Responder responder) {
  responder.send(json_object([&](json::Writer& json) {
    json.key("runtimes").array();
    for (const auto* runtime : registry.all()) write_runtime(json, *runtime);
    json.end();
  }));
}

// Names who works: part of paths and of git identities.
bool may_be_in_agent_id(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}
bool is_agent_id(std::string_view id) { return !id.empty() && std::ranges::all_of(id, may_be_in_agent_id); }

// A runtime's id may hold more, such as a dot.
std::string agent_id_from(std::string id) {
  std::ranges::replace_if(
      id, [](char c) { return !may_be_in_agent_id(c); }, '_');
  return id;
}

// {"ok":false,"reason":"conflict","detail":"claimed","message":…} and the contract's other words.
http::Response run_refused(const Error& error) {
  if (error.reason == "unknown_runtime") return http::error_response(404, error.what);
  const bool conflict = error.code == Errc::kConflict;
  auto response = json_object([&](json::Writer& json) {
    json.field("ok", false).field("reason", conflict ? std::string_view("conflict") : error.reason);
    if (conflict) json.field("detail", error.reason);
    json.field("error", error.what);
    http::write_message(json, error);
  });
  response.status = http::status_of(error.code);
  return response;
}

std::string report_text(const executor::RunReport& report) {
  return object_text([&](json::Writer& json) {
    json.field("ok", true).field("runtimeId", report.runtime_id).field("execId", report.execution_id.value);
    json.field("doneReason", report.done_reason).field("status", to_text(report.task_status));
    json.field("summary", report.summary).field("costUsd", report.cost_usd);
    json.field("usedWorktree", report.used_worktree).field("degradations", report.degradations);
  });
}

reactor::Task<http::Response> run(const runtime::Registry& registry, executor::Runs& runs, http::Request request) {
  const auto* runtime = registry.find(request.params[0]);
  if (runtime == nullptr) co_return run_refused(registry.missing(request.params[0]));
  auto key = once_key(request);
  if (!key) co_return http::error_response(key.error());
  const auto body = read_fields(kRun, request.body);
  if (!body) co_return http::invalid_body(body.error());
  executor::RunRequest wanted;
  wanted.runtime_id = runtime->id();
  wanted.task_id = TaskId(body->need_text("taskId"));
  wanted.agent_id = body->text("assigneeAgentId").value_or(agent_id_from(runtime->id()));
  wanted.repo_path = body->text("repoPath").value_or("");
  wanted.kind = body->text("kind").value_or("");
  wanted.model = body->text("model").value_or("");
  wanted.keep_for_resume = body->boolean("keepForResume").value_or(false);
  if (!is_agent_id(wanted.agent_id)) {
    InvalidBody invalid;
    invalid.field_errors.emplace_back("assigneeAgentId", "may hold letters, digits, '_' and '-'");
    co_return http::invalid_body(invalid);
  }
  if (*key) {
    wanted.once = executor::RunOnce{**std::move(key), report_text};
    auto answer = co_await runs.run_once(std::move(wanted));
    if (!answer) co_return run_refused(answer.error());
    Kept kept{.body = std::move(answer->text), .replayed = answer->replayed};
    co_return kept_response(std::move(kept));
  }
  const auto report = co_await runs.run(std::move(wanted));
  if (!report) co_return run_refused(report.error());
  http::Response response{.body = report_text(*report)};
  co_return response;
}

}  // namespace

std::vector<http::Route> runtime_routes(runtime::Registry& registry, executor::Runs& runs) {
  using enum http::Method;
  return {
      {.method = kGet,
       .pattern = "/api/runtimes",
       .operation = "listRuntimes",
       .summary = "The runtimes of this daemon, what they can do and whether they are ready.",
       .tag = "runtimes",
       .handler = [&registry](http::Request&, http::Responder responder) { list(registry, std::move(responder)); },
       .answers = {{200, "the runtimes"}}},
      {.method = kPost,
       .pattern = "/api/runtimes/{runtimeId}/run",
       .operation = "runTask",
       .summary = "Works on a task and answers when the run has ended; a client that goes away does not end it.",
       .tag = "runtimes",
       .task_handler = [&registry, &runs](http::Request request) { return run(registry, runs, std::move(request)); },
       .body = kRun,
       .headers = {kIdempotencyKey},
       .answers = {{200, "the run ended, well or not: doneReason says"},
                   {400, "a field is wrong"},
                   {404, "no such runtime or task"},
                   {409,
                    "the task cannot be claimed, or is being worked on; run_interrupted: the run under the key was cut "
                    "off, the executions show how far it came"},
                   {422,
                    "too_deep, connected_substrate, workspace_unavailable, not_a_repository, idempotency_key_reused"},
                   {503, "the runtime is refused or switched off, the daemon is stopping, or runs as many as it may"},
                   {507, "disk_pressure: too little free space to begin anything"}}},
  };
}

}  // namespace baton::api
