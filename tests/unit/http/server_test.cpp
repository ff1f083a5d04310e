#include "http/server.hpp"

#include <sys/resource.h>

#include "harness.hpp"

namespace baton::http::test {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

TEST_F(ServerTest, RefusesStrangersHostsAndOrigins) {
  auto options = quick();
  options.allowed_hosts = {"baton.example"};
  serve(options);
  auto peer = client();
  ASSERT_TRUE(peer.send("GET /echo HTTP/1.1\r\nHost: evil.example\r\n\r\n"));
  ASSERT_TRUE(peer.receive_until("host not allowed"));
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 403 Forbidden\r\n"));
  ASSERT_TRUE(peer.send("GET /echo HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n"));
  ASSERT_TRUE(peer.receive_until("origin not allowed"));
  ASSERT_TRUE(peer.send("GET /echo HTTP/1.1\r\nHost: Baton.Example:80\r\nOrigin: https://baton.example\r\n\r\n"));
  EXPECT_TRUE(peer.receive_until("GET /echo []"));
}

TEST_F(ServerTest, TurnsAwayConnectionsBeyondItsCap) {
  auto options = quick();
  options.connections = 2;
  serve(options);
  auto first = client();
  auto second = client();
  ASSERT_TRUE(wait_for_connections(2));
  auto third = client();
  third.receive_all();
  EXPECT_THAT(third.received, StartsWith("HTTP/1.1 503 "));
  EXPECT_EQ(body_of(third.received), R"({"error":"too many connections"})");
  EXPECT_THAT(third.received, HasSubstr("Content-Length: " + std::to_string(body_of(third.received).size()) + "\r\n"));
  first.leave();
  ASSERT_TRUE(wait_for_connections(1));
  auto fourth = client();
  ASSERT_TRUE(fourth.send(get("/echo")));
  EXPECT_TRUE(fourth.receive_until("GET /echo"));
}

TEST_F(ServerTest, WaitsWhenDescriptorsRunOut) {
#ifdef BATON_SANITIZED
  GTEST_SKIP() << "sanitizers open pipes to look at memory, and report errors that are none when they cannot";
#endif
  serve();
  auto peer = client();
  rlimit old{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
  const rlimit none{3, old.rlim_max};  // every further descriptor is refused
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto until = std::chrono::steady_clock::now() + 30ms;
  std::size_t turns = 0;
  run_until(loop, [&] {
    ++turns;
    return std::chrono::steady_clock::now() > until;
  });
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);
  EXPECT_EQ(server->connections(), 0u);
  EXPECT_LT(turns, 100u) << "the loop spins";
  ASSERT_TRUE(peer.send(get("/echo")));
  EXPECT_TRUE(peer.receive_until("GET /echo"));
}

TEST_F(ServerTest, AcceptsManyAtOnce) {
  serve();
  std::vector<std::unique_ptr<RawClient>> peers;
  for (int i = 0; i < 200; ++i) peers.push_back(std::make_unique<RawClient>(loop, address));
  EXPECT_TRUE(wait_for_connections(200));
  peers.clear();
  EXPECT_TRUE(wait_for_connections(0));
}

TEST_F(ServerTest, FinishesWhatItHasBegunBeforeItEnds) {
  auto options = quick();
  options.linger = 20ms;  // for the request that is not answered any more
  serve(options);
  auto idle = client();
  auto busy = client();
  ASSERT_TRUE(busy.send(get("/later") + get("/echo")));
  ASSERT_TRUE(run_until(loop, [&] { return waiting.size() == 1; }));
  reactor::Scope scope(loop);
  scope.spawn(server->closed());
  ASSERT_TRUE(idle.receive_all());
  EXPECT_EQ(scope.alive(), 1u);
  waiting[0].send(text_response("last words"));
  waiting.clear();
  ASSERT_TRUE(busy.receive_all());
  EXPECT_THAT(busy.received, HasSubstr("Connection: close\r\n"));
  EXPECT_THAT(busy.received, EndsWith("last words"));
  EXPECT_TRUE(run_until(loop, [&] { return scope.alive() == 0; }));
}

TEST_F(ServerTest, WaitsForAnAnswerThoughTheClientHasGone) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/later")));
  ASSERT_TRUE(run_until(loop, [&] { return waiting.size() == 1; }));
  peer.break_off();
  reactor::Scope scope(loop);
  scope.spawn(server->closed());
  for (int i = 0; i < 20; ++i) {
    loop.context().restart();
    loop.context().poll();
  }
  EXPECT_EQ(scope.alive(), 1u);
  waiting.clear();
  EXPECT_TRUE(run_until(loop, [&] { return scope.alive() == 0; }));
}

TEST_F(ServerTest, LeavesTheLoopWithNothingToDo) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/echo")));
  ASSERT_TRUE(peer.receive_until("GET /echo"));
  end();
  loop.context().restart();
  loop.run();  // would not return
}

TEST_F(ServerTest, LetsAStreamOutliveIt) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/stream")));
  ASSERT_TRUE(run_until(loop, [&] { return streams.size() == 1; }));
  end();
  EXPECT_FALSE(streams[0].open());
  EXPECT_FALSE(streams[0].write("data: x\n\n"));
}

}  // namespace
}  // namespace baton::http::test
