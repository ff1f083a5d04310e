// Who waits and closes its sending side is taken for gone (http/responder.hpp), although it might still read an answer.
// On TCP the two cannot be told apart: a client that was killed and one that has only sent all send the same FIN, and
// poll() answers POLLRDHUP for both. So the doubt goes against the client: it can ask again, while a task that is
// claimed for nobody waits for its lease to end.
#include "api/next_claim.hpp"

#include "api/json_rows.hpp"

namespace baton::api {
namespace {

std::string text_of(const store::Task& task) {
  return object_text([&](json::Writer& json) { write_ok_task(json, task); });
}

}  // namespace

http::Response next_response(NextAnswer answer) {
  if (answer.kept) return kept_response(*std::move(answer.kept));
  if (answer.task) return {.body = text_of(*answer.task)};
  return {.status = 204};
}

Result<NextAnswer> claim_piece(store::Tx& tx, const NextCall& call) {
  NextAnswer answer{.as_of = tx.events.last_seq()};
  if (call.key) {
    auto before = kept_under(tx, *call.key);
    if (!before) return fail(before);
    answer.kept = *std::move(before);
    if (answer.kept) return answer;
  }
  auto claimed = board::claim_next(tx, call.wanted);
  if (!claimed) return fail(claimed);
  answer.task = std::move(claimed->task);
  answer.go_on = claimed->go_on;
  if (answer.task && call.key) {
    answer.kept = Kept{.body = text_of(*answer.task)};
    board::keep_answer(tx, *call.key, answer.kept->body);
  }
  return answer;
}

}  // namespace baton::api
