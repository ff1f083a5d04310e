#include "board/comment.hpp"

#include <gtest/gtest.h>

#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using test::BoardOnDisk;

TEST(Comment, IsKeptInOrderWithItsEvent) {
  BoardOnDisk board;
  const auto task = board.create("talk");
  for (const char* body : {"one", "two"}) {
    const NewComment comment{.task_id = task.id, .body = body, .author_type = "user", .author_agent_id = "ada"};
    ASSERT_TRUE(board.write([&](store::Tx& tx) { return add_comment(tx, comment); }));
  }
  const auto detail = board.read([&](const store::View& view) { return read_task(view, task.id); });
  ASSERT_EQ(detail->comments.size(), 2U);
  EXPECT_EQ(detail->comments[0].body, "one");
  EXPECT_EQ(detail->comments[1].body, "two");
  EXPECT_EQ(detail->comments[1].author_type, "user");
  EXPECT_EQ(board.events_of(task.id).back(), "comment_added");
}

TEST(Comment, NeedsATask) {
  BoardOnDisk board;
  const auto added = board.write([](store::Tx& tx) { return add_comment(tx, {.task_id = TaskId("x"), .body = "hi"}); });
  EXPECT_EQ(added.error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace baton::board
