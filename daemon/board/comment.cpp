#include "board/comment.hpp"

#include "base/text.hpp"
#include "board/event_log.hpp"
#include "board/read.hpp"

namespace baton::board {
namespace {

constexpr std::size_t kEventExcerpt = 500;  // the log tells of a comment, the comment itself is in its row

}  // namespace

Result<store::Comment> add_comment(store::Tx& tx, const NewComment& request) {
  const auto task = find_task(tx, request.task_id);
  if (!task) return fail(task.error());
  store::Comment comment;
  comment.id = CommentId(tx.ids.next());
  comment.task_id = request.task_id;
  comment.author_agent_id = request.author_agent_id;
  comment.author_type = request.author_type;
  comment.body = request.body;
  comment.tenant_id = task->tenant_id;
  comment.created_at = tx.now_ms;
  tx.comments.insert(comment);
  append_event(tx, *task, event::kCommentAdded, {request.author_agent_id, {}}, [&](json::Writer& json) {
    json.field("authorType", comment.author_type).field("body", text::head(comment.body, kEventExcerpt));
  });
  return comment;
}

}  // namespace baton::board
