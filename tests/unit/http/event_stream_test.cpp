#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness.hpp"
#include "http/sse.hpp"

namespace baton::http::test {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;

class Watcher final : public StreamWatcher {
 public:
  explicit Watcher(std::function<void()> action = [] {}) : when_drained(std::move(action)) {}
  void stream_drained() override { when_drained(); }
  void stream_closed() override {
    closed = true;
    when_closed();
  }
  std::function<void()> when_drained;
  std::function<void()> when_closed = [] {};
  bool closed = false;
};

class EventStreamTest : public ServerTest {
 protected:
  // Opens one stream and waits for its head.
  std::unique_ptr<RawClient> open() {
    auto peer = std::make_unique<RawClient>(loop, address);
    const auto before = streams.size();
    require(peer->send(get("/stream")) && peer->receive_until("\r\n\r\n"), "a stream was opened");
    require(run_until(loop, [&] { return streams.size() == before + 1; }), "the handler has it");
    return peer;
  }
};

TEST_F(EventStreamTest, SendsFrames) {
  serve();
  auto peer = open();
  EXPECT_THAT(peer->received, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_TRUE(streams[0].open());
  std::string frame;
  sse::append(frame, {.id = "1", .data = "one"});
  EXPECT_TRUE(streams[0].write(frame));
  EXPECT_TRUE(streams[0].write("data: two\n\n"));
  ASSERT_TRUE(peer->receive_until("data: two\n\n"));
  EXPECT_THAT(peer->received, HasSubstr("\r\n\r\nid: 1\ndata: one\n\ndata: two\n\n"));
}

TEST_F(EventStreamTest, EndsWithItsObject) {
  serve();
  auto peer = open();
  streams[0].write("data: last\n\n");
  streams.clear();
  ASSERT_TRUE(peer->receive_all());
  EXPECT_THAT(peer->received, EndsWith("data: last\n\n"));
  EXPECT_TRUE(wait_for_connections(0));
}

TEST_F(EventStreamTest, LearnsThatTheClientHasGone) {
  serve();
  auto peer = open();
  auto other = open();
  peer->leave();
  EXPECT_TRUE(run_until(loop, [&] { return !streams[0].open(); }));
  EXPECT_FALSE(streams[0].write("data: x\n\n"));
  EXPECT_TRUE(streams[1].open());
  streams.erase(streams.begin());  // moved: the other one goes on
  EXPECT_TRUE(streams[0].write("data: still\n\n"));
  EXPECT_TRUE(other->receive_until("still"));
}

TEST_F(EventStreamTest, KeepsASilentStreamOpen) {
  auto options = quick();
  options.event_beat = 20ms;
  options.keep_alive = 1ms;
  serve(options);
  auto peer = open();
  ASSERT_TRUE(peer->receive_until(": \n\n: \n\n"));
  EXPECT_TRUE(streams[0].open());
}

TEST_F(EventStreamTest, CutsOffASlowReader) {
  auto options = quick();
  options.event_backlog = 64 * 1024;
  serve(options);
  auto peer = open();
  const std::string frame = "data: " + std::string(8000, 'x') + "\n\n";
  std::size_t written = 0;
  ASSERT_TRUE(run_until(loop, [&] {
    written += frame.size();
    return !streams[0].write(frame);
  }));
  EXPECT_GT(written, options.event_backlog);
  EXPECT_FALSE(streams[0].open());
  EXPECT_TRUE(wait_for_connections(0));
}

TEST_F(EventStreamTest, CatchesUpWithinItsBacklog) {
  serve();
  auto peer = open();
  std::string expected;
  const auto written = [&] { return streams[0].open() && expected.size() > 700'000; };
  while (!written()) {
    const std::string frame = "data: " + std::to_string(expected.size()) + std::string(5000, 'y') + "\n\n";
    ASSERT_TRUE(streams[0].write(frame));
    expected += frame;
  }
  ASSERT_TRUE(run_until(loop, [&] {
    peer->receive();
    return peer->received.size() >= expected.size() && peer->received.ends_with(expected);
  }));
}

// Far more than the backlog reaches the client, because each piece waits for the one before it.
TEST_F(EventStreamTest, SendsMuchPieceByPiece) {
  auto options = quick();
  options.event_backlog = 150'000;
  serve(options);
  auto peer = open();
  const std::string piece = "data: " + std::string(100'000, 'z') + "\n\n";
  const std::size_t total = 4 * options.event_backlog / piece.size();
  std::size_t written = 1;
  Watcher watcher([&] {
    EXPECT_EQ(streams[0].backlog(), 0U);
    if (written == total) return streams.clear();
    ++written;
    EXPECT_TRUE(streams[0].write(piece));
  });
  streams[0].watch(watcher);
  ASSERT_TRUE(streams[0].write(piece));
  ASSERT_TRUE(peer->receive_all());
  EXPECT_EQ(written, total);
  EXPECT_THAT(peer->received, EndsWith(piece));
  EXPECT_GT(peer->received.size(), total * piece.size());
  EXPECT_FALSE(watcher.closed) << "its owner ended it";
}

TEST_F(EventStreamTest, TellsTheWatcherThatTheClientHasGone) {
  serve();
  auto peer = open();
  Watcher watcher;
  watcher.when_closed = [&] { streams.clear(); };
  streams[0].watch(watcher);
  peer->leave();
  EXPECT_TRUE(run_until(loop, [&] { return watcher.closed; }));
  EXPECT_TRUE(streams.empty());
}

TEST_F(EventStreamTest, TellsOfACutByTheAnswerAlone) {
  auto options = quick();
  options.event_backlog = 1000;
  serve(options);
  auto peer = open();
  Watcher watcher;
  streams[0].watch(watcher);
  EXPECT_FALSE(streams[0].write(std::string(1001, ':')));
  EXPECT_TRUE(wait_for_connections(0));
  EXPECT_FALSE(watcher.closed);
}

TEST_F(EventStreamTest, ListensToALaterWatcherInstead) {
  serve();
  auto peer = open();
  Watcher second([&] { streams.clear(); });
  Watcher first([&] {
    streams[0].watch(second);
    EXPECT_TRUE(streams[0].write("data: second\n\n"));
  });
  streams[0].watch(first);
  ASSERT_TRUE(streams[0].write("data: first\n\n"));
  ASSERT_TRUE(peer->receive_all());
  EXPECT_THAT(peer->received, EndsWith("data: first\n\ndata: second\n\n"));
}

// More than are swept in one turn.
TEST_F(EventStreamTest, KeepsManySilentStreamsOpen) {
  auto options = quick();
  options.event_beat = 1ms;
  serve(options);
  std::vector<std::unique_ptr<RawClient>> peers;
  while (peers.size() < 300) peers.push_back(open());
  for (auto& peer : peers) ASSERT_TRUE(peer->receive_until(": \n\n: \n\n"));
}

TEST_F(EventStreamTest, IgnoresWhatTheClientSends) {
  serve();
  auto peer = open();
  ASSERT_TRUE(peer->send(get("/echo") + std::string(100'000, 'z')));
  streams[0].write("data: on\n\n");
  ASSERT_TRUE(peer->receive_until("data: on\n\n"));
  EXPECT_EQ(peer->answers(), 1u);
}

TEST_F(EventStreamTest, IsOnlyAHeadForHead) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send("HEAD /stream HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  ASSERT_TRUE(peer.receive_all());
  EXPECT_THAT(peer.received, EndsWith("\r\n\r\n"));
  ASSERT_EQ(streams.size(), 1u);
  EXPECT_FALSE(streams[0].open());
}

TEST_F(EventStreamTest, EndsAtOnceWithTheServer) {
  serve();
  auto reader = open();
  const auto sleeper = open();
  // More than the kernel takes lies unsent for the sleeper; nobody waits for it.
  for (int i = 0; i < 15; ++i) ASSERT_TRUE(streams[1].write("data: " + std::string(60'000, 'x') + "\n\n"));
  end();
  EXPECT_TRUE(reader->receive_all());
  EXPECT_FALSE(streams[0].open());
  EXPECT_FALSE(streams[1].open());
}

}  // namespace
}  // namespace baton::http::test
