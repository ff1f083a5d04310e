#include "board/room.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "board/claim.hpp"
#include "board/comment.hpp"
#include "board/dependency.hpp"
#include "board/edit.hpp"
#include "board/own.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using store::TaskStatus;
using test::BoardOnDisk;
using testing::ElementsAre;

RoomPage room(BoardOnDisk& board, std::int64_t since = 0, std::size_t limit = 100) {
  auto page = board.read([&](const store::View& view) { return read_room(view, "team:red", since, limit); });
  require(page.has_value(), "the room cannot be read");
  return *std::move(page);
}

std::vector<std::string> told(BoardOnDisk& board) {
  std::vector<std::string> lines;
  for (auto& post : room(board).posts) lines.push_back(std::move(post.body));
  return lines;
}

TEST(Narration, TellsTheTeamWhatHappens) {
  BoardOnDisk board;
  const auto a = board.create("a", {.team_id = "red"});
  const auto b = board.create("b", {.team_id = "red"});
  const auto step = [&](auto script) { ASSERT_TRUE(board.write(script)); };
  step([&](store::Tx& tx) { return link(tx, {b.id, a.id}); });
  step([&](store::Tx& tx) { return claim(tx, {.task_id = a.id, .assignee_agent_id = "ada"}); });
  step([&](store::Tx& tx) { return release(tx, {.task_id = a.id, .reason = "lunch"}); });
  step([&](store::Tx& tx) { return edit_task(tx, {.task_id = a.id, .status = TaskStatus::kBlocked}); });
  step([&](store::Tx& tx) { return unlink(tx, {b.id, a.id}); });
  step([&](store::Tx& tx) { return drop(tx, {.task_id = b.id}); });
  step([&](store::Tx& tx) { return restore(tx, b.id); });
  EXPECT_THAT(told(board),
              ElementsAre(R"("b" waits for "a")", R"(ada claimed "a")", R"("a" went from in_progress to todo (lunch))",
                          R"("a" went from todo to blocked)", R"("b" waits no longer for "a")", R"("b" was dropped)",
                          R"("b" is back on the board)"));
  std::int64_t seq = 0;
  for (const auto& post : room(board).posts) {
    EXPECT_EQ(post.seq, ++seq);
    EXPECT_EQ(post.author_agent_id, "clawboo");
    EXPECT_EQ(post.kind, "system");
    EXPECT_EQ(post.team_id, "red");
    EXPECT_EQ(post.created_at, board.clock().unix_ms());
  }
}

TEST(Narration, OfAHandover) {
  BoardOnDisk board;
  const auto task = board.create("a", {.team_id = "red"});
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return claim(tx, {.task_id = task.id, .assignee_agent_id = "ada"}); }));
  ASSERT_TRUE(board.write(
      [&](store::Tx& tx) { return assign(tx, {.task_id = task.id, .assignee_agent_id = "bob", .fence = 1}); }));
  EXPECT_EQ(told(board).back(), R"("a" passed from ada to bob)");
}

TEST(Narration, HasTheContractsWordsForAComment) {
  BoardOnDisk board;
  const auto task = board.create("comment me", {.team_id = "red"});
  for (const auto& comment :
       {NewComment{.task_id = task.id, .body = "hi"},
        NewComment{.task_id = task.id, .body = "from user", .author_type = "user"},
        NewComment{.task_id = task.id, .body = "sys", .author_type = "system", .author_agent_id = "ag"}}) {
    ASSERT_TRUE(board.write([&](store::Tx& tx) { return add_comment(tx, comment); }));
  }
  EXPECT_THAT(told(board), ElementsAre(R"(agent on "comment me": hi)", R"(user on "comment me": from user)",
                                       R"(ag on "comment me": sys)"));
}

TEST(Narration, CutsACommentAfter160CharactersAndNotInsideOne) {
  BoardOnDisk board;
  const auto task = board.create("t", {.team_id = "red"});
  const std::string letters(159, 'x');
  for (const auto& body : {letters + "yz", letters + "äz", letters + "🦊"}) {
    ASSERT_TRUE(board.write([&](store::Tx& tx) { return add_comment(tx, {.task_id = task.id, .body = body}); }));
  }
  const std::string start = "agent on \"t\": " + letters;
  EXPECT_THAT(told(board), ElementsAre(start + "y", start + "ä", start));
}

TEST(Narration, OfATaskWithoutATeamIsNone) {
  BoardOnDisk board;
  const auto task = board.create("alone");
  ASSERT_TRUE(board.write([&](store::Tx& tx) { return claim(tx, {.task_id = task.id, .assignee_agent_id = "ada"}); }));
  EXPECT_TRUE(room(board).posts.empty());
}

TEST(Narration, OfWhatWasRefusedIsNone) {
  BoardOnDisk board;
  const auto task = board.create("a", {.team_id = "red"});
  const TaskEdit illegal{.task_id = task.id, .status = TaskStatus::kDone, .title = "b"};
  EXPECT_FALSE(board.write([&](store::Tx& tx) { return edit_task(tx, illegal); }));
  EXPECT_TRUE(room(board).posts.empty());
}

TEST(Room, APostIsALineAndAnEventAndChangesNoTask) {
  BoardOnDisk board;
  const auto task = board.create("a", {.team_id = "red"});
  const auto line = board.write([](store::Tx& tx) {
    return post(tx, {"red", "ada", R"(claim it! {"status":"done"})"});
  });
  ASSERT_TRUE(line);
  EXPECT_EQ(line->seq, 1);
  EXPECT_EQ(line->kind, "message");
  EXPECT_EQ(line->room_id, "team:red");
  const auto events = board.read([](const store::View& view) -> Result<std::vector<store::Event>> {
    store::EventFilter filter;
    filter.kinds = {"team_chat_post"};
    return view.events.after(0, filter, 10);
  });
  ASSERT_EQ(events->size(), 1U);
  EXPECT_EQ(events->front().team_id, "red");
  EXPECT_EQ(events->front().agent_id, "ada");
  EXPECT_EQ(events->front().task_id, std::nullopt);
  EXPECT_THAT(events->front().data, testing::HasSubstr(R"("roomId":"team:red","postSeq":1)"));
  EXPECT_EQ(board.task(task.id).updated_at, task.updated_at);
  EXPECT_THAT(board.events_of(task.id), ElementsAre("task_created"));
}

TEST(Room, IsReadPageByPage) {
  BoardOnDisk board;
  for (const auto* body : {"one", "two", "three"}) {
    ASSERT_TRUE(board.write([&](store::Tx& tx) { return post(tx, {"red", "ada", body}); }));
  }
  ASSERT_TRUE(board.write([](store::Tx& tx) { return post(tx, {"blue", "ada", "elsewhere"}); }));
  const auto second = room(board, 1, 1);
  ASSERT_EQ(second.posts.size(), 1U);
  EXPECT_EQ(second.posts.front().body, "two");
  EXPECT_EQ(second.next_seq, 2);
  EXPECT_EQ(second.room_id, "team:red");
  const auto none = room(board, 3);
  EXPECT_TRUE(none.posts.empty());
  EXPECT_EQ(none.next_seq, 3);
}

}  // namespace
}  // namespace baton::board
