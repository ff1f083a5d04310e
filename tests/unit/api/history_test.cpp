// A task with a long history: what its reads show is bounded, and nothing is out of reach.
#include "base/limits.hpp"
#include "board/comment.hpp"
#include "board/dependency.hpp"
#include "board/execution.hpp"
#include "tests/unit/api/harness.hpp"

namespace baton::api {
namespace {

using http::test::post;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// How often `text` is in `answer`.
std::size_t count_of(const std::string& answer, std::string_view text) {
  std::size_t count = 0;
  for (auto at = answer.find(text); at != std::string::npos; at = answer.find(text, at + 1)) ++count;
  return count;
}

// The text of the member `name`.
std::string member(const std::string& answer, const std::string& name) {
  const auto begin = answer.find("\"" + name + "\":\"");
  if (begin == std::string::npos) return {};
  const auto from = begin + name.size() + 4;
  return answer.substr(from, answer.find('"', from) - from);
}

class HistoryTest : public ApiTest {
 protected:
  // Does `act` `count` times, in one transaction.
  template <class Act>
  void repeat(std::size_t count, Act act) {
    const auto done = disk.write([&](store::Tx& tx) -> Result<Unit> {
      for (std::size_t i = 0; i < count; ++i) {
        if (auto result = act(tx, i); !result) return fail(result);
      }
      return Unit{};
    });
    ASSERT_TRUE(done) << done.error().what;
  }
};

TEST_F(HistoryTest, ShowsTheNewestComments) {
  const auto task = disk.create("t");
  const auto comment = [&](store::Tx& tx, std::size_t i) {
    return board::add_comment(tx, {.task_id = task.id, .body = "comment " + std::to_string(i) + "."});
  };
  const auto path = "/api/board/" + task.id.value;
  repeat(limits::kHistoryPage, comment);
  EXPECT_THAT(read(path), Not(HasSubstr("moreComments"))) << "the usual shape";
  repeat(2, comment);
  const auto newest = read(path);
  EXPECT_EQ(count_of(newest, R"("body":"comment )"), limits::kHistoryPage);
  EXPECT_THAT(newest, HasSubstr(R"("moreComments":true)"));
  const auto older = read(path + "?commentsCursor=" + member(newest, "commentsCursor"));
  EXPECT_EQ(count_of(older, R"("body":"comment )"), 2U);
  EXPECT_LT(older.find("comment 0."), older.find("comment 1."));
  EXPECT_THAT(older, Not(HasSubstr("moreComments")));
}

TEST_F(HistoryTest, ShowsTheNewestExecutions) {
  const auto task = disk.create("t");
  repeat(limits::kHistoryPage + 2, [&](store::Tx& tx, std::size_t i) {
    return board::open_execution(tx, {.task_id = task.id, .executor_type = "run " + std::to_string(i) + "."});
  });
  const auto path = "/api/board/" + task.id.value + "/executions";
  const auto newest = read(path);
  EXPECT_EQ(count_of(newest, R"("executorType")"), limits::kHistoryPage);
  const auto older = read(path + "?cursor=" + member(newest, "nextCursor"));
  EXPECT_EQ(count_of(older, R"("executorType")"), 2U);
  EXPECT_THAT(older, Not(HasSubstr("nextCursor")));
}

TEST_F(HistoryTest, RefusesACursorThatItNeverGave) {
  const auto task = disk.create("t");
  for (const auto* cursor : {"x", "1", "before.", "before.0", "before.-1", "before.1.5", ""}) {
    const auto path = "/api/board/" + task.id.value;
    EXPECT_THAT(read(path + "?commentsCursor=" + cursor), StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(read(path + "/executions?cursor=" + cursor), StartsWith("HTTP/1.1 400 "));
  }
}

TEST_F(HistoryTest, ShowsABoundedNumberOfLinks) {
  const auto task = disk.create("t");
  repeat(limits::kLinksShown + 1, [&](store::Tx& tx, std::size_t) -> Result<Unit> {
    const auto other = board::create_task(tx, {.title = "other"});
    if (!other) return fail(other.error());
    return board::link(tx, {other->id, task.id});
  });
  const auto links = read("/api/board/" + task.id.value + "/deps");
  EXPECT_THAT(links, HasSubstr(R"("moreDependents":true)"));
  EXPECT_THAT(links, Not(HasSubstr("moreDependsOn")));
}

TEST_F(HistoryTest, AGuardThatComesTwiceIsNoGuardThatIsAbsent) {
  const auto task = disk.create("t");
  const auto answer =
      answer_to("DELETE /api/board/" + task.id.value + "?fence=7&fence=7 HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer, HasSubstr("fence"));
  EXPECT_FALSE(disk.task(task.id).dropped);
}

TEST_F(HistoryTest, ABrokenBodyIsRefusedWhereNoneIsRead) {
  const auto task = disk.create("t");
  const auto path = "/api/board/" + task.id.value + "/cancel-dependents";
  EXPECT_THAT(answer_to(post(path, "{bad")), StartsWith("HTTP/1.1 400 "));
  EXPECT_THAT(answer_to(post(path, "")), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(answer_to(post(path, R"({"anything":1})")), StartsWith("HTTP/1.1 200 "));
}

}  // namespace
}  // namespace baton::api
