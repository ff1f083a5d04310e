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

TEST_F(EventStreamsTest, ForgetsAClientThatHasGone) {
  auto leaving = client();
  ASSERT_TRUE(leaving.send(get("/api/obs/stream?taskId=quiet")));
  ASSERT_TRUE(leaving.receive_until("connected"));
  EXPECT_EQ(streams.count(), 1U);
  leaving.break_off();
  ASSERT_TRUE(wait_for_connections(0));
  EXPECT_EQ(streams.count(), 0U);
}

TEST_F(EventStreamsTest, EndsItsStreamsWhenItDies) {
  std::optional<EventStreams> short_lived;
  short_lived.emplace(disk.board(), bus, [this](std::function<void()> action) { loop.post(std::move(action)); });
  router.add(http::test::route(http::Method::kGet, "/brief", [&](http::Request&, http::Responder responder) {
    short_lived->open(std::move(responder), 0, {});
  }));
  auto following = client();
  ASSERT_TRUE(following.send(get("/brief")));
  ASSERT_TRUE(following.receive_until("connected"));
  log(disk.create("work"), "note", 1);
  bus.published(2);  // and its work is posted
  short_lived.reset();
  EXPECT_TRUE(following.receive_all());
}

// More followers than are told in one turn, and commits in between.
TEST_F(EventStreamsTest, TellsACrowdEachEventOnce) {
  const auto task = disk.create("work");
  std::vector<std::unique_ptr<http::test::RawClient>> crowd;
  while (crowd.size() < 300) {
    auto& one = *crowd.emplace_back(std::make_unique<http::test::RawClient>(loop, address));
    ASSERT_TRUE(one.send(get("/api/obs/stream?since=1")));
    ASSERT_TRUE(one.receive_until("connected"));
  }
  for (int round = 0; round < 5; ++round) {
    log(task, "note", 1);
    bus.published(2 + round);
    loop.context().restart();
    loop.context().poll_one();
  }
  for (auto& one : crowd) {
    ASSERT_TRUE(one->receive_until("\nid: 6\n"));
    EXPECT_EQ(count_of(one->received, "\nid: "), 5U);
  }
}

}  // namespace
}  // namespace baton::api
