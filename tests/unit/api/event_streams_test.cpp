#include "api/event_streams.hpp"

#include "base/limits.hpp"
#include "tests/unit/api/harness.hpp"

namespace baton::api {
namespace {

using http::test::get;
using testing::HasSubstr;

using EventStreamsTest = ApiTest;

std::string text_of(std::size_t size) { return R"({"text":")" + std::string(size, 'x') + R"("})"; }

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

TEST_F(EventStreamsTest, SendsLargeEventsAFewAtATime) {
  log(disk.create("work"), "note", 40, text_of(100'000));  // four times the backlog that a stream may have
  auto following = client();
  ASSERT_TRUE(following.send(get("/api/obs/stream?kinds=note")));
  ASSERT_TRUE(following.receive_until("\nid: 41\n"));
  EXPECT_FALSE(following.ended);
  EXPECT_EQ(count_of(following.received, "\nid: "), 40U);
}

TEST_F(EventStreamsTest, LeavesOutTheDataThatNoStreamCanCarry) {
  const auto task = disk.create("work");
  log(task, "huge", 1, text_of(limits::kEventStreamBacklog));
  log(task, "last", 1);
  auto following = client();
  ASSERT_TRUE(following.send(get("/api/obs/stream")));
  ASSERT_TRUE(following.receive_until("\nid: 3\n"));
  EXPECT_THAT(following.received, HasSubstr(R"({\"truncated\":true,\"bytes\":1048587})"));
}

TEST_F(EventStreamsTest, SearchesALongLogAPieceATurn) {
  const auto task = disk.create("work");
  log(task, "note", static_cast<int>(3 * limits::kEventScan));
  log(task, "sought", 1);
  auto following = client();
  ASSERT_TRUE(following.send(get("/api/obs/stream?kinds=sought")));
  ASSERT_TRUE(following.receive_until("\nid: "));
  EXPECT_EQ(count_of(following.received, ": searching"), 3U);
}

TEST_F(EventStreamsTest, ForgetsClientsThatHaveGoneWhenANewOneComes) {
  for (int i = 0; i < 3; ++i) {
    auto leaving = client();
    ASSERT_TRUE(leaving.send(get("/api/obs/stream")));
    ASSERT_TRUE(leaving.receive_until("connected"));
    leaving.break_off();
    ASSERT_TRUE(wait_for_connections(0));
  }
  EXPECT_EQ(streams.count(), 1U);
}

}  // namespace
}  // namespace baton::api
