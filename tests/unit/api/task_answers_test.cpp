#include "api/task_answers.hpp"

#include "board/comment.hpp"
#include "tests/unit/api/harness.hpp"

namespace baton::api {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(TaskAnswers, AreOfOneTaskAndOneMoment) {
  TaskAnswers answers;
  const TaskId a("a");
  EXPECT_EQ(answers.find(a, 0), nullptr);
  answers.keep(a, 7, "text");
  ASSERT_NE(answers.find(a, 7), nullptr);
  EXPECT_EQ(*answers.find(a, 7), "text");
  EXPECT_EQ(answers.find(a, 8), nullptr);
  EXPECT_EQ(answers.find(TaskId("b"), 7), nullptr);
}

TEST(TaskAnswers, TakeEachOthersPlaces) {
  TaskAnswers answers;
  for (int i = 0; i < 1000; ++i) answers.keep(TaskId(std::to_string(i)), 1, std::to_string(i));
  int kept = 0;
  for (int i = 0; i < 1000; ++i) {
    const auto* answer = answers.find(TaskId(std::to_string(i)), 1);
    if (answer == nullptr) continue;
    EXPECT_EQ(*answer, std::to_string(i));
    ++kept;
  }
  EXPECT_GT(kept, 0);
  EXPECT_LE(kept, 64);
}

TEST(TaskAnswers, DoNotKeepLongOnes) {
  TaskAnswers answers;
  answers.keep(TaskId("a"), 1, std::string(8 * 1024 + 1, 'x'));
  EXPECT_EQ(answers.find(TaskId("a"), 1), nullptr);
}

class PolledTask : public ApiTest {
 protected:
  const std::string* kept(const TaskId& id) { return answers.find(id, *disk.board().state()); }
};

TEST_F(PolledTask, ShowsEachCommit) {
  const auto blocker = disk.create("blocker");
  const auto task = disk.create("t");
  const auto path = "/api/board/" + task.id.value;
  EXPECT_THAT(read(path), HasSubstr("\"comments\":[]"));
  EXPECT_NE(kept(task.id), nullptr);
  answers.keep(task.id, *disk.board().state(), "as it was kept");
  EXPECT_EQ(body_of(read(path)), "as it was kept");
  const auto commented = disk.write([&](store::Tx& tx) {
    board::NewComment comment;
    comment.task_id = task.id;
    comment.body = "a remark";
    return board::add_comment(tx, comment);
  });
  ASSERT_TRUE(commented);
  EXPECT_THAT(read(path), HasSubstr("a remark"));
}

TEST_F(PolledTask, KeepsNoPagesAndNoRefusals) {
  const auto task = disk.create("t");
  const auto page = "/api/board/" + task.id.value + "?commentsCursor=before.1";
  EXPECT_THAT(read(page), StartsWith("HTTP/1.1 200 "));
  EXPECT_EQ(kept(task.id), nullptr);
  answers.keep(task.id, *disk.board().state(), "not a page");
  EXPECT_THAT(read(page), HasSubstr(task.id.value));
  EXPECT_THAT(read("/api/board/nothing"), StartsWith("HTTP/1.1 404 "));
  EXPECT_EQ(kept(TaskId("nothing")), nullptr);
}

}  // namespace
}  // namespace baton::api
