// /api/board/{taskId}/release, /assign and /heartbeat: what an owner, or whoever decides about owners, does.
#include "api/answer.hpp"
#include "api/json_rows.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "api/task_fields.hpp"
#include "base/limits.hpp"
#include "board/lease.hpp"
#include "board/own.hpp"

namespace baton::api {
namespace {

constexpr std::int64_t kReason = 500;

constexpr Field kRelease[] = {kFence, {.name = "reason", .max = kReason, .about = "why, for the log"}};

constexpr Field kAssign[] = {
    {.name = "assigneeAgentId", .required = true, .min = 1, .max = limits::kName},
    {.name = "assigneeRuntime", .min = 1, .max = limits::kName},
    kFence,
    kLease,
};

constexpr Field kHeartbeat[] = {kFence, kLease};

http::Response not_found_or(const Error& error) { return refused(error, "not_found"); }

// The words of a refused claim, but for the fence, which is an owner's business.
http::Response assign_refused(const Error& error) {
  return error.reason == "stale_fence" ? http::error_response(error) : claim_refused(error);
}

void release(board::Board& board, http::Request& request, http::Responder responder) {
  const auto body = read_fields(kRelease, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  board::Release release{.task_id = TaskId(std::move(request.params[0])),
                         .fence = body->integer("fence"),
                         .reason = body->text("reason").value_or("")};
  board.write([release = std::move(release)](store::Tx& tx) { return board::release(tx, release); },
              answer_with<store::Task>(std::move(responder), write_ok_task, not_found_or));
}

void assign(board::Board& board, const BoardSettings& settings, http::Request& request, http::Responder responder) {
  const auto body = read_fields(kAssign, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  const auto lease = body->integer("leaseMs");
  board::Assignment assignment{.task_id = TaskId(std::move(request.params[0])),
                               .assignee_agent_id = body->need_text("assigneeAgentId"),
                               .assignee_runtime = body->text("assigneeRuntime"),
                               .fence = body->integer("fence"),
                               .lease_ms = lease.value_or(settings.stale_ttl.count()),
                               .own_lease = lease.has_value()};
  board.write([assignment = std::move(assignment)](store::Tx& tx) { return board::assign(tx, assignment); },
              answer_with<store::Task>(std::move(responder), write_ok_task, assign_refused));
}

void heartbeat(board::Board& board, http::Request& request, http::Responder responder) {
  const auto body = read_fields(kHeartbeat, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  board::Heartbeat beat{.task_id = TaskId(std::move(request.params[0])),
                        .fence = body->integer("fence"),
                        .lease_ms = body->integer("leaseMs")};
  board.write([beat = std::move(beat)](store::Tx& tx) { return board::heartbeat(tx, beat); },
              answer_with<store::Task>(std::move(responder), write_ok_task, not_found_or));
}

}  // namespace

std::vector<http::Route> owner_routes(board::Board& board, const BoardSettings& settings) {
  using enum http::Method;
  return {
      {.method = kPost,
       .pattern = "/api/board/{taskId}/release",
       .operation = "releaseTask",
       .summary = "Gives a task back: to todo, without owner and verdict, under a new fence.",
       .tag = "board",
       .handler = bind(release, board),
       .body = kRelease,
       .answers = {{200, "the task, free"},
                   {400, "a field is wrong"},
                   {404, "no such task"},
                   {409, "stale_fence, not_claimed or illegal_transition"}}},
      {.method = kPost,
       .pattern = "/api/board/{taskId}/assign",
       .operation = "assignTask",
       .summary = "Gives a task to an agent: a free one, or with its fence one that is in progress, in one step.",
       .tag = "board",
       .handler = bind(assign, board, settings),
       .body = kAssign,
       .answers = {{200, "the task, owned by the agent"},
                   {400, "a field is wrong"},
                   {404, "no such task"},
                   {409, "stale_fence, or conflict with the reason claimed, status, dropped or dependencies"}}},
      {.method = kPost,
       .pattern = "/api/board/{taskId}/heartbeat",
       .operation = "heartbeat",
       .summary = "A sign of life of the owner: the lease begins anew.",
       .tag = "board",
       .handler = bind(heartbeat, board),
       .body = kHeartbeat,
       .answers = {{200, "the task"},
                   {400, "a field is wrong"},
                   {404, "no such task"},
                   {409, "stale_fence, not_claimed, or status: it is not in progress"}}},
  };
}

}  // namespace baton::api
