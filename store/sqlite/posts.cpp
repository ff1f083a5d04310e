// A room is one stretch of the table's key, so that reading on, counting on and forgetting are each one search.
#include "store/sqlite/posts.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"

namespace baton::store::sqlite {
namespace {

// Old posts go in steps: one at a time would write a second page of the room with every post.
constexpr std::int64_t kTrimStep = 256;

constexpr const char* kColumns = "room_id, id, team_id, author_agent_id, body, kind, created_at";

template <class Row, class Visit>
void each_content_column(Row& post, Visit&& visit) {
  visit(post.room_id);
  visit(post.id);
  visit(post.team_id);
  visit(post.author_agent_id);
  visit(post.body);
  visit(post.kind);
  visit(post.created_at);
}

Post read(const Run& run) {
  Post post;
  auto columns = run.columns();
  columns(post.seq);
  each_content_column(post, columns);
  return post;
}

}  // namespace

Posts::Posts(Connection& connection)
    : after_(connection,
             fmt::format("SELECT seq, {} FROM team_chat WHERE room_id = ? AND seq > ? ORDER BY seq LIMIT ?", kColumns)),
      last_(connection, "SELECT seq FROM team_chat WHERE room_id = ? ORDER BY seq DESC LIMIT 1"),
      insert_(connection, fmt::format("INSERT INTO team_chat (seq, {}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", kColumns)),
      trim_(connection, "DELETE FROM team_chat WHERE room_id = ? AND seq <= ?") {}

std::vector<Post> Posts::after(const std::string& room_id, std::int64_t seq, std::size_t limit) const {
  std::vector<Post> found;
  for (auto run = after_.run(room_id, seq, limit); run.next();) found.push_back(read(run));
  return found;
}

std::int64_t Posts::append(const Post& post) {
  std::int64_t seq = 1;
  if (auto last = last_.run(post.room_id); last.next()) seq = last.integer(0) + 1;
  insert_
      .run_with([&](Binder& bind) {
        bind(seq);
        each_content_column(post, bind);
      })
      .finish();
  if (seq % kTrimStep == 0) trim_.run(post.room_id, seq - limits::kRoomPosts).finish();
  return seq;
}

}  // namespace baton::store::sqlite
