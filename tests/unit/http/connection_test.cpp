#include "http/connection.hpp"

#include "harness.hpp"

namespace baton::http::test {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using ConnectionTest = ServerTest;

std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

TEST_F(ConnectionTest, AnswersSeveralRequestsOnOneConnection) {
  serve();
  auto peer = client();
  for (int i = 0; i < 3; ++i) {
    peer.received.clear();
    ASSERT_TRUE(peer.send(post("/echo", std::to_string(i))));
    ASSERT_TRUE(peer.receive_until("POST /echo [" + std::to_string(i) + "]"));
    EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 200 OK\r\n"));
  }
  EXPECT_EQ(server->connections(), 1u);
}

TEST_F(ConnectionTest, AnswersPipelinedRequestsInOrder) {
  serve();
  auto peer = client();
  std::string all;
  for (int i = 0; i < 16; ++i) all += get("/api/things/n" + std::to_string(i) + "e");
  ASSERT_TRUE(peer.send(all));
  ASSERT_TRUE(peer.receive_until("\"n15e\""));
  std::size_t last = 0;
  for (int i = 0; i < 16; ++i) {
    const auto at = peer.received.find("\"n" + std::to_string(i) + "e\"");
    ASSERT_NE(at, std::string::npos) << i;
    EXPECT_GT(at, last);
    last = at;
  }
  EXPECT_EQ(peer.answers(), 16u);
}

TEST_F(ConnectionTest, WritesPipelinedAnswersBeyondItsBuffers) {
  router.add(route(Method::kGet, "/large",
                   [](Request&, Responder responder) { responder.send(text_response(std::string(300'000, 'x'))); }));
  serve();
  auto peer = client();
  std::string all;
  for (int i = 0; i < 50; ++i) all += get("/large");
  ASSERT_TRUE(peer.send(all + get("/echo")));
  ASSERT_TRUE(peer.receive_until("GET /echo []"));
  EXPECT_EQ(peer.answers(), 51u);
  EXPECT_GT(peer.received.size(), 15'000'000u);
}

TEST_F(ConnectionTest, TakesAChunkedBody) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"));
  ASSERT_TRUE(peer.send("4\r\ndefg\r\n0\r\n\r\n" + get("/echo")));
  ASSERT_TRUE(peer.receive_until("GET /echo []"));
  EXPECT_THAT(peer.received, HasSubstr("POST /echo [abcdefg]"));
}

TEST_F(ConnectionTest, TakesABodyAsLargeAsTheLimit) {
  serve();
  auto peer = client();
  const std::string body(limits::kRequestBody, 'b');
  ASSERT_TRUE(peer.send(post("/echo", body)));
  ASSERT_TRUE(peer.receive_until("]"));
  EXPECT_GT(peer.received.size(), body.size());
}

// The server's buffer is filled to its last byte, and nothing more is there yet.
TEST_F(ConnectionTest, WaitsForTheRestBehindAFullBuffer) {
  serve();
  auto peer = client();
  const std::string all = post("/echo", std::string(100'000, 'b'));
  ASSERT_TRUE(peer.send(std::string_view(all).substr(0, limits::kRequestHead)));
  for (int turn = 0; turn < 20; ++turn) {
    loop.context().restart();
    loop.context().poll();
  }
  ASSERT_TRUE(peer.send(std::string_view(all).substr(limits::kRequestHead)));
  EXPECT_TRUE(peer.receive_until("b]"));
}

TEST_F(ConnectionTest, AnswersAnExpectation) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
  ASSERT_TRUE(peer.receive_until("HTTP/1.1 100 Continue\r\n\r\n"));
  ASSERT_TRUE(peer.send("ok"));
  EXPECT_TRUE(peer.receive_until("POST /echo [ok]"));
}

TEST_F(ConnectionTest, LetsTheClientReadWhyABodyWasRefused) {
  serve();
  auto peer = client();
  const std::size_t length = limits::kRequestBody + 1'000'000;
  ASSERT_TRUE(
      peer.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n"));
  ASSERT_TRUE(peer.send(std::string(length, 'x')));  // all of it, before it looks at the answer
  peer.shut_writing();
  ASSERT_TRUE(peer.receive_all());
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(peer.received, HasSubstr("Connection: close\r\n"));
  EXPECT_EQ(body_of(peer.received), R"({"error":"request body too large"})");
}

TEST_F(ConnectionTest, LetsTheClientReadWhyAHeadWasRefused) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send("GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: " + std::string(200'000, 'x') + "\r\n\r\n"));
  peer.shut_writing();
  ASSERT_TRUE(peer.receive_all());
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 431 "));
}

TEST_F(ConnectionTest, EndsAClientThatGoesOnSendingAfterARefusal) {
  auto options = quick();
  options.linger = 50ms;
  serve(options);
  auto peer = client();
  ASSERT_TRUE(peer.send("BREW / HTTP/1.1\r\n\r\n"));
  ASSERT_TRUE(peer.receive_until("method not implemented"));
  EXPECT_TRUE(wait_for_connections(0));
}

TEST_F(ConnectionTest, AnswersWhatCameBeforeABrokenRequest) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/echo") + "GET / HTTP/1.1\r\n\r\n" + get("/echo")));
  peer.shut_writing();
  ASSERT_TRUE(peer.receive_all());
  EXPECT_THAT(peer.received, HasSubstr("GET /echo []HTTP/1.1 400 Bad Request"));
  EXPECT_EQ(peer.answers(), 2u);
}

TEST_F(ConnectionTest, CutsOffAHeadThatNeverEnds) {
  auto options = quick();
  options.header_deadline = 100ms;
  options.keep_alive = 1h;
  serve(options);
  auto peer = client();
  const auto begun = std::chrono::steady_clock::now();
  ASSERT_TRUE(peer.send("GET / HTTP/1.1\r\n"));
  // A line now and then does not prolong it.
  auto last = begun;
  ASSERT_TRUE(run_until(loop, [&] {
    if (std::chrono::steady_clock::now() - last > 10ms && !peer.ended) {
      last = std::chrono::steady_clock::now();
      peer.send("X-A: b\r\n");
    }
    peer.receive();
    return peer.ended;
  }));
  EXPECT_GE(std::chrono::steady_clock::now() - begun, 100ms);
  EXPECT_THAT(peer.received, HasSubstr("408 Request Timeout"));
}

TEST_F(ConnectionTest, CutsOffABodyThatNeverEnds) {
  auto options = quick();
  options.body_deadline = 50ms;
  serve(options);
  auto peer = client();
  ASSERT_TRUE(peer.send("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc"));
  ASSERT_TRUE(peer.receive_all());
  EXPECT_THAT(peer.received, HasSubstr("408 Request Timeout"));
}

TEST_F(ConnectionTest, ClosesAnIdleConnection) {
  auto options = quick();
  options.keep_alive = 50ms;
  serve(options);
  auto silent = client();
  auto served = client();
  ASSERT_TRUE(served.send(get("/echo")));
  ASSERT_TRUE(served.receive_all());
  EXPECT_THAT(served.received, EndsWith("GET /echo []"));
  ASSERT_TRUE(silent.receive_all());
  EXPECT_EQ(silent.received, "");
}

TEST_F(ConnectionTest, ServesAConnectionThatRested) {
  auto options = quick();
  serve(options);
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/echo")));
  ASSERT_TRUE(peer.receive_until("GET /echo"));
  const auto until = std::chrono::steady_clock::now() + 50ms;  // ten sweeps: its buffer was given back
  ASSERT_TRUE(run_until(loop, [&] { return std::chrono::steady_clock::now() > until; }));
  peer.received.clear();
  ASSERT_TRUE(peer.send(get("/echo")));
  EXPECT_TRUE(peer.receive_until("GET /echo"));
}

TEST_F(ConnectionTest, CutsOffAReaderThatStalls) {
  router.add(route(Method::kGet, "/large",
                   [](Request&, Responder responder) { responder.send(text_response(std::string(32 << 20, 'x'))); }));
  auto options = quick();
  options.body_deadline = 50ms;
  serve(options);
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/large")));
  ASSERT_TRUE(wait_for_connections(1));
  EXPECT_TRUE(wait_for_connections(0));
}

TEST_F(ConnectionTest, SendsNoBodyForHead) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send("HEAD /echo HTTP/1.1\r\nHost: localhost\r\n\r\n" + get("/api/things/after")));
  ASSERT_TRUE(peer.receive_until("\"after\""));
  EXPECT_THAT(peer.received, HasSubstr("Content-Length: 13\r\n"));
  EXPECT_THAT(peer.received, Not(HasSubstr("HEAD /echo")));
  auto missing = client();
  ASSERT_TRUE(missing.send("HEAD /none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
  ASSERT_TRUE(missing.receive_all());
  EXPECT_THAT(missing.received, StartsWith("HTTP/1.1 404"));
  EXPECT_EQ(body_of(missing.received), "");
}

TEST_F(ConnectionTest, AnswersOptionsAndOtherMethods) {
  serve();
  auto peer = client();
  ASSERT_TRUE(
      peer.send("OPTIONS /echo HTTP/1.1\r\nHost: localhost\r\n\r\nDELETE /echo HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  ASSERT_TRUE(peer.receive_until("method not allowed"));
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 204 No Content\r\n"));
  EXPECT_THAT(peer.received, HasSubstr("Allow: GET, HEAD, POST, OPTIONS\r\n"));
  EXPECT_THAT(peer.received, HasSubstr("HTTP/1.1 405 Method Not Allowed\r\n"));
}

TEST_F(ConnectionTest, ForbidsCachesForTheApi) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/api/things/x")));
  ASSERT_TRUE(peer.receive_until("\"x\""));
  EXPECT_THAT(peer.received, HasSubstr("Cache-Control: no-store\r\n"));
  peer.received.clear();
  ASSERT_TRUE(peer.send(get("/echo")));
  ASSERT_TRUE(peer.receive_until("GET /echo"));
  EXPECT_THAT(peer.received, Not(HasSubstr("Cache-Control")));
}

TEST_F(ConnectionTest, SpeaksHttp10) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send("GET /echo HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n"));
  ASSERT_TRUE(peer.receive_until("GET /echo []"));
  EXPECT_THAT(peer.received, HasSubstr("Connection: keep-alive\r\n"));
  ASSERT_TRUE(peer.send("GET /echo HTTP/1.0\r\nHost: localhost\r\n\r\n"));
  ASSERT_TRUE(peer.receive_all());
  EXPECT_THAT(peer.received, HasSubstr("Connection: close\r\n"));
}

}  // namespace
}  // namespace baton::http::test
