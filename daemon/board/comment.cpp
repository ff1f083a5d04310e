#include "board/comment.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "board/event_log.hpp"
#include "board/read.hpp"
#include "board/room.hpp"

namespace baton::board {
namespace {

constexpr std::size_t kEventExcerpt = 500;  // the log tells of a comment, the comment itself is in its row

constexpr std::size_t kNarratedCharacters = 160;  // contract §8

// As JavaScript counts them, and no half ones.
std::string_view first_characters(std::string_view utf8, std::size_t limit) {
  std::size_t characters = 0;
  std::size_t at = 0;
  while (at < utf8.size()) {
    const auto lead = static_cast<unsigned char>(utf8[at]);
    const std::size_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    characters += bytes == 4 ? 2 : 1;
    if (characters > limit) break;
    at = std::min(at + bytes, utf8.size());
  }
  return utf8.substr(0, at);
}

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
  narrate(tx, *task,
          {comment.author_agent_id ? *comment.author_agent_id : comment.author_type, " on \"", task->title,
           "\": ", first_characters(comment.body, kNarratedCharacters)});
  return comment;
}

}  // namespace baton::board
