// /api/board/{taskId}/workspace/reviews: a commit of the task to look at, apart from the worktree in which work goes
// on.
#include "api/answer.hpp"
#include "api/routes.hpp"

namespace baton::api {
namespace {

using executor::Reviews;
using reactor::Task;

constexpr Field kOpen[] = {
    {.name = "commit", .max = 400, .about = "a commit or ref; the last commit of the task's branch when not given"},
};

Task<http::Response> open(Reviews& reviews, http::Request request) {
  const auto body = read_fields(kOpen, request.body);
  if (!body) co_return http::invalid_body(body.error());
  const auto opened = co_await reviews.open(TaskId(request.params[0]), body->text("commit").value_or(""));
  if (!opened) co_return refused(opened.error(), "workspace not found");
  co_return json_object([&](json::Writer& json) {
    json.field("ok", true).key("review").object().field("id", opened->id).field("path", opened->path.string());
    json.field("commit", opened->commit).field("detached", true).end();
  });
}

Task<http::Response> close(Reviews& reviews, http::Request request) {
  const auto closed = co_await reviews.close(TaskId(request.params[0]), request.params[1]);
  if (!closed) co_return refused(closed.error(), "review not found");
  co_return json_object([](json::Writer& json) { json.field("ok", true); });
}

}  // namespace

std::vector<http::Route> review_routes(executor::Reviews& reviews) {
  using enum http::Method;
  return {
      {.method = kPost,
       .pattern = "/api/board/{taskId}/workspace/reviews",
       .operation = "openReview",
       .summary = "Checks out a commit of the task on no branch, beside its worktree, until it is closed or the daemon "
                  "starts again.",
       .tag = "workspace",
       .task_handler = [&reviews](http::Request request) { return open(reviews, std::move(request)); },
       .body = kOpen,
       .answers = {{200, "the checkout"},
                   {400, "a field is wrong"},
                   {404, "the task has no workspace"},
                   {409, "too_many_reviews"},
                   {422, "bad_ref"}}},
      {.method = kDelete,
       .pattern = "/api/board/{taskId}/workspace/reviews/{reviewId}",
       .operation = "closeReview",
       .summary = "Removes such a checkout with all that is in it.",
       .tag = "workspace",
       .task_handler = [&reviews](http::Request request) { return close(reviews, std::move(request)); },
       .answers = {{200, "removed"}, {404, "there is none of that id"}}},
  };
}

}  // namespace baton::api
