#include "board/room.hpp"

#include "base/text.hpp"
#include "board/event_log.hpp"

namespace baton::board {
namespace {

constexpr std::size_t kEventExcerpt = 500;  // the log tells of a post, the post itself is in its row

store::Post line_for(store::Tx& tx, const std::string& team_id) {
  store::Post line;
  line.id = tx.ids.next();
  line.room_id = room_of_team(team_id);
  line.team_id = team_id;
  line.created_at = tx.now_ms;
  return line;
}

std::string joined(std::initializer_list<std::string_view> parts) {
  std::size_t length = 0;
  for (const auto part : parts) length += part.size();
  std::string whole;
  whole.reserve(length);
  for (const auto part : parts) whole += part;
  return whole;
}

// No task is meant, so that the event belongs to the team alone.
void append_post_event(store::Tx& tx, const store::Post& line) {
  store::Event row;
  row.id = tx.ids.next();
  row.ts = tx.now_ms;
  row.kind = event::kPosted;
  row.team_id = line.team_id;
  row.agent_id = line.author_agent_id;
  row.data.clear();
  json::Writer json(row.data);
  json.object().field("roomId", line.room_id).field("postSeq", line.seq);
  json.field("body", text::head(line.body, kEventExcerpt)).end();
  tx.events.append(row);
}

}  // namespace

std::string room_of_team(std::string_view team_id) { return joined({"team:", team_id}); }

void narrate(store::Tx& tx, const store::Task& task, std::initializer_list<std::string_view> parts) {
  if (!task.team_id) return;
  auto line = line_for(tx, *task.team_id);
  line.author_agent_id = kNarrator;
  line.body = joined(parts);
  line.kind = "system";
  tx.posts.append(line);
}

Result<store::Post> post(store::Tx& tx, const NewPost& request) {
  auto line = line_for(tx, request.team_id);
  line.author_agent_id = request.author_agent_id;
  line.body = request.body;
  line.seq = tx.posts.append(line);
  append_post_event(tx, line);
  return line;
}

Result<RoomPage> read_room(const store::View& view, const std::string& room_id, std::int64_t since, std::size_t limit) {
  RoomPage page{room_id, view.posts.after(room_id, since, limit), since};
  if (!page.posts.empty()) page.next_seq = page.posts.back().seq;
  return page;
}

}  // namespace baton::board
