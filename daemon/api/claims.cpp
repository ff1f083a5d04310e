// /api/board/{taskId}/claim and /api/board/claim-next: taking a task (contract §1.3).
#include <algorithm>
#include <chrono>

#include "api/answer.hpp"
#include "api/claim_lines.hpp"
#include "api/json_rows.hpp"
#include "api/next_claim.hpp"
#include "api/once.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "api/task_fields.hpp"
#include "base/limits.hpp"
#include "board/claim.hpp"

namespace baton::api {
namespace {

constexpr Field kClaim[] = {
    {.name = "assigneeAgentId", .required = true, .min = 1, .max = limits::kName},
    {.name = "assigneeRuntime", .min = 1, .max = limits::kName},
    {.name = "ignoreDependencies", .kind = Kind::kBoolean, .about = "claim although a task it depends on is not done"},
    kLease,
};

constexpr Field kClaimNext[] = {
    {.name = "assigneeAgentId", .required = true, .min = 1, .max = limits::kName},
    {.name = "assigneeRuntime", .min = 1, .max = limits::kName},
    {.name = "teamId", .min = 1, .max = limits::kName, .about = "only tasks of this team"},
    {.name = "kinds",
     .kind = Kind::kTexts,
     .min = 1,
     .max = kKindLength,
     .most_texts = limits::kKinds,
     .about = "only tasks of these kinds; a task without one is code"},
    kLease,
    {.name = "waitMs",
     .kind = Kind::kInteger,
     .min = 0,
     .max = in_ms(limits::kClaimWait),
     .about = "how long to wait for a task when none is ready"},
};

// Under a key the store decides, even if others want the task too: it knows whether the request is a repeat.
void claim_task(board::Board& board, const BoardSettings& settings, ClaimLines& lines, http::Request& request,
                http::Responder responder) {
  auto key = once_key(request);
  if (!key) return responder.send(http::error_response(key.error()));
  const auto body = read_fields(kClaim, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  const auto lease = body->integer("leaseMs");
  board::ClaimRequest claim{.task_id = TaskId(std::move(request.params[0])),
                            .assignee_agent_id = body->need_text("assigneeAgentId"),
                            .assignee_runtime = body->text("assigneeRuntime"),
                            .ignore_dependencies = body->boolean("ignoreDependencies").value_or(false),
                            .lease_ms = lease.value_or(settings.stale_ttl.count()),
                            .own_lease = lease.has_value()};
  if (!*key) return lines.claim(std::move(claim), std::move(responder));
  write_once<store::Task>(
      board, *std::move(key), std::move(responder),
      [claim = std::move(claim)](store::Tx& tx) { return board::claim(tx, claim); }, write_ok_task, claim_refused);
}

board::ClaimNext next_claim(const Fields& body, const BoardSettings& settings) {
  const auto lease = body.integer("leaseMs");
  board::ClaimNext wanted{.team_id = body.text("teamId"),
                          .assignee_agent_id = body.need_text("assigneeAgentId"),
                          .assignee_runtime = body.text("assigneeRuntime"),
                          .kinds = body.texts("kinds"),
                          .lease_ms = lease.value_or(settings.stale_ttl.count()),
                          .own_lease = lease.has_value()};
  std::sort(wanted.kinds.begin(), wanted.kinds.end());  // the same wish is one queue, however it was written
  wanted.kinds.erase(std::unique(wanted.kinds.begin(), wanted.kinds.end()), wanted.kinds.end());
  return wanted;
}

void claim_any(board::Board& board, const BoardSettings& settings, Waiters& waiters, http::Request& request,
               http::Responder responder) {
  auto key = once_key(request);
  if (!key) return responder.send(http::error_response(key.error()));
  const auto body = read_fields(kClaimNext, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  NextCall call{.wanted = next_claim(*body, settings), .key = *std::move(key)};
  const std::chrono::milliseconds wait(body->integer("waitMs").value_or(0));
  if (wait.count() > 0) return waiters.wait(std::move(responder), std::move(call), wait);
  claim_next(board, std::move(call), [responder = std::move(responder)](Result<NextAnswer> answer) mutable {
    responder.send(answer ? next_response(*std::move(answer)) : http::error_response(answer.error()));
  });
}

}  // namespace

std::vector<http::Route> claim_routes(board::Board& board, const BoardSettings& settings, ClaimLines& lines,
                                      Waiters& waiters) {
  using enum http::Method;
  return {
      {.method = kPost,
       .pattern = "/api/board/{taskId}/claim",
       .operation = "claimTask",
       .summary = "Takes a task; exactly one of many claimants wins.",
       .tag = "board",
       .handler = bind(claim_task, board, settings, lines),
       .body = kClaim,
       .headers = {kIdempotencyKey},
       .answers = {{200, "the task, owned by the claimant"},
                   {400, "a field is wrong"},
                   {404, "no such task"},
                   {409, "it cannot be claimed; reason: claimed, status, dropped or dependencies"},
                   {422, "idempotency_key_reused"}}},
      {.method = kPost,
       .pattern = "/api/board/claim-next",
       .operation = "claimNext",
       .summary = "Takes the best ready task: highest priority, then oldest. With waitMs it waits for one.",
       .tag = "board",
       .handler = bind(claim_any, board, settings, waiters),
       .body = kClaimNext,
       .headers = {kIdempotencyKey},
       .answers = {{200, "the task, owned by the claimant"},
                   {204, "there is none, nor was there one while it waited"},
                   {400, "a field is wrong"},
                   {422, "idempotency_key_reused"}}},
  };
}

}  // namespace baton::api
