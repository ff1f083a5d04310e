#include "store/sqlite/posts.hpp"

#include <fmt/format.h>

#include "base/limits.hpp"

namespace baton::store::sqlite {
namespace {

// Reading a room looks at all recent posts, for about 100 us; moving them writes about 0.1 pages for each.
constexpr std::int64_t kRecent = 1024;

constexpr const char* kColumns = "room_id, seq, id, team_id, author_agent_id, body, kind, created_at";

template <class Row, class Visit>
void each_content_column(Row& post, Visit&& visit) {
  visit(post.id);
  visit(post.team_id);
  visit(post.author_agent_id);
  visit(post.body);
  visit(post.kind);
  visit(post.created_at);
}

void read_into(std::vector<Post>& found, Run run) {
  while (run.next()) {
    Post& post = found.emplace_back();
    auto columns = run.columns();
    columns(post.room_id);
    columns(post.seq);
    each_content_column(post, columns);
  }
}

std::string select_after(std::string_view table, std::string_view order) {
  return fmt::format("SELECT {} FROM {} WHERE room_id = ? AND seq > ? ORDER BY {} LIMIT ?", kColumns, table, order);
}

}  // namespace

Posts::Posts(Connection& connection)
    : sorted_after_(connection, select_after("team_chat", "seq")),
      recent_after_(connection, select_after("team_chat_recent", "n")),
      last_sorted_(connection, "SELECT seq FROM team_chat WHERE room_id = ? ORDER BY seq DESC LIMIT 1"),
      recent_seqs_(connection, "SELECT room_id, seq FROM team_chat_recent ORDER BY n"),
      insert_(connection, fmt::format("INSERT INTO team_chat_recent ({}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", kColumns)),
      copy_recent_(connection, fmt::format("INSERT INTO team_chat ({0}) SELECT {0} FROM team_chat_recent "
                                           "ORDER BY room_id, seq",
                                           kColumns)),
      erase_recent_(connection, "DELETE FROM team_chat_recent"),
      forget_(connection, "DELETE FROM team_chat WHERE room_id = ? AND seq <= ?") {}

std::vector<Post> Posts::after(const std::string& room_id, std::int64_t seq, std::size_t limit) const {
  std::vector<Post> found;
  read_into(found, sorted_after_.run(room_id, seq, limit));
  if (found.size() < limit) read_into(found, recent_after_.run(room_id, seq, limit - found.size()));
  return found;
}

std::int64_t Posts::append(const Post& post) {
  has_appended_ = true;
  const std::int64_t seq = next_seq(post.room_id);
  insert_
      .run_with([&](Binder& bind) {
        bind(post.room_id);
        bind(seq);
        each_content_column(post, bind);
      })
      .finish();
  if (++recent_ >= kRecent) move_recent();
  return seq;
}

std::int64_t Posts::next_seq(const std::string& room_id) {
  if (!recent_rooms_) recent_rooms_ = recent_rooms();
  auto [room, is_new] = recent_rooms_->try_emplace(room_id, 0);
  if (is_new) {
    if (auto last = last_sorted_.run(room_id); last.next()) room->second = last.integer(0);
  }
  return ++room->second;
}

Posts::LastSeqs Posts::recent_rooms() {
  LastSeqs last;
  recent_ = 0;
  for (auto run = recent_seqs_.run(); run.next(); ++recent_) last[std::string(run.text(0))] = run.integer(1);
  return last;
}

void Posts::move_recent() {
  copy_recent_.run().finish();
  erase_recent_.run().finish();
  for (const auto& [room_id, last] : *recent_rooms_) forget_.run(room_id, last - limits::kRoomPosts).finish();
  recent_rooms_.reset();
}

void Posts::undo_script() {
  if (has_appended_) recent_rooms_.reset();
}

}  // namespace baton::store::sqlite
