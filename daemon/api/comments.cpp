// /api/board/{taskId}/comments (contract §1.3).
#include "api/answer.hpp"
#include "api/json_rows.hpp"
#include "api/request.hpp"
#include "api/routes.hpp"
#include "base/limits.hpp"
#include "board/comment.hpp"

namespace baton::api {
namespace {

constexpr std::string_view kAuthorTypes[] = {"agent", "user", "system"};

constexpr Field kComment[] = {
    {.name = "body", .required = true, .min = 1, .max = limits::kCommentBody},
    {.name = "authorAgentId", .min = 1, .max = limits::kName},
    {.name = "authorType", .one_of = kAuthorTypes, .about = "agent when not given"},
};

void add_comment(board::Board& board, http::Request& request, http::Responder responder) {
  const auto body = read_fields(kComment, request.body);
  if (!body) return responder.send(http::invalid_body(body.error()));
  board::NewComment comment{.task_id = TaskId(std::move(request.params[0])),
                            .body = body->need_text("body"),
                            .author_type = body->text("authorType").value_or("agent"),
                            .author_agent_id = body->text("authorAgentId")};
  board.write([comment = std::move(comment)](store::Tx& tx) { return board::add_comment(tx, comment); },
              answer_with<store::Comment>(
                  std::move(responder),
                  [](json::Writer& json, const store::Comment& added) {
                    json.field("ok", true).key("comment");
                    write_json(json, added);
                  },
                  [](const Error& error) { return refused(error, "task not found"); }));
}

}  // namespace

std::vector<http::Route> comment_routes(board::Board& board) {
  return {{.method = http::Method::kPost,
           .pattern = "/api/board/{taskId}/comments",
           .operation = "addComment",
           .summary = "Comments on a task.",
           .tag = "board",
           .handler = bind(add_comment, board),
           .body = kComment,
           .answers = {{200, "the comment"}, {400, "a field is wrong"}, {404, "no such task"}}}};
}

}  // namespace baton::api
