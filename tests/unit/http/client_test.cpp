#include "http/client.hpp"

#include <array>

#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>

#include "harness.hpp"
#include "http/response_parser.hpp"
#include "http/sse.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::http::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class ClientTest : public ServerTest {
 protected:
  Result<ClientResponse> ask(ClientRequest request) {
    return run_task(loop, fetch(loop, *peer_from("http://" + address), std::move(request)));
  }
};

// Answers one connection with fixed bytes.
class FixedAnswer {
 public:
  FixedAnswer(reactor::Loop& loop, std::string bytes)
      : acceptor_(loop.context(), {asio::ip::address_v4::loopback(), 0}),
        socket_(loop.context()),
        bytes_(std::move(bytes)) {
    acceptor_.async_accept(socket_, [this](const std::error_code& error) {
      if (!error) answer();
    });
  }
  Peer peer() const { return TcpPeer{"127.0.0.1", std::to_string(acceptor_.local_endpoint().port())}; }

 private:
  void answer() {
    socket_.async_read_some(asio::buffer(in_), [this](const std::error_code& error, std::size_t) {
      if (error) return;
      std::error_code ignored;
      asio::write(socket_, asio::buffer(bytes_), ignored);
      socket_.close(ignored);
    });
  }

  asio::ip::tcp::acceptor acceptor_;
  asio::ip::tcp::socket socket_;
  std::string bytes_;
  std::array<char, 4096> in_{};
};

TEST_F(ClientTest, Fetches) {
  serve();
  const auto response = ask({.method = Method::kPost, .target = "/echo?a=b", .body = "{}"});
  ASSERT_TRUE(response) << response.error().what;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "POST /echo [{}]");
  EXPECT_THAT(response->headers, testing::Contains(testing::Pair("content-type", "application/json; charset=utf-8")));
}

TEST_F(ClientTest, FetchesErrorsAndHeads) {
  serve();
  EXPECT_EQ(ask({.target = "/none"})->status, 404);
  const auto head = ask({.method = Method::kHead, .target = "/echo"});
  ASSERT_TRUE(head) << head.error().what;
  EXPECT_EQ(head->body, "");
}

TEST_F(ClientTest, FetchesOverAUnixSocket) {
  const baton::test::TempDir dir;
  const auto path = dir / "s";
  server.emplace(loop, router, quick());
  ASSERT_TRUE(server->listen_unix(path));
  server->start();
  const auto response = run_task(loop, fetch(loop, *peer_from("unix:" + path.string()), {.target = "/echo"}));
  ASSERT_TRUE(response) << response.error().what;
  EXPECT_EQ(response->body, "GET /echo []");
}

TEST_F(ClientTest, ReadsALargeAnswer) {
  router.add(route(Method::kGet, "/large",
                   [](Request&, Responder responder) { responder.send(text_response(std::string(5'000'000, 'x'))); }));
  serve();
  EXPECT_EQ(ask({.target = "/large"})->body.size(), 5'000'000u);
}

TEST_F(ClientTest, ReadsARefusalOfABodyThatItStillSends) {
  serve();
  const auto response = ask({.method = Method::kPost, .target = "/echo", .body = std::string(6'000'000, 'x')});
  ASSERT_TRUE(response) << response.error().what;
  EXPECT_EQ(response->status, 413);
}

TEST_F(ClientTest, FollowsAStream) {
  router.add(route(Method::kGet, "/three", [](Request&, Responder responder) {
    auto stream = responder.stream();
    for (int i = 0; i < 3; ++i) stream.write("data: " + std::to_string(i) + "\n\n");
  }));
  serve();
  std::string seen;
  const auto response = ask({.target = "/three", .on_data = [&seen](std::string_view piece) {
                               seen += piece;
                               return true;
                             }});
  ASSERT_TRUE(response) << response.error().what;
  EXPECT_EQ(seen, "data: 0\n\ndata: 1\n\ndata: 2\n\n");
  EXPECT_EQ(response->body, "");
}

TEST_F(ClientTest, StopsAStreamWhenItHasEnough) {
  serve();
  std::optional<Result<ClientResponse>> response;
  reactor::Scope scope(loop);
  ClientRequest request{.target = "/stream", .timeout = 0ms, .on_data = [](std::string_view) { return false; }};
  scope.spawn(baton::test::keep_result(fetch(loop, *peer_from("http://" + address), std::move(request)), &response));
  ASSERT_TRUE(run_until(loop, [&] { return streams.size() == 1; }));
  streams[0].write("data: 1\n\n");
  ASSERT_TRUE(run_until(loop, [&] { return response.has_value(); }));
  EXPECT_TRUE(*response);
  EXPECT_TRUE(run_until(loop, [&] { return scope.alive() == 0; }));
}

TEST_F(ClientTest, SaysWhenTimeIsUp) {
  serve();
  const auto response = ask({.target = "/later", .timeout = 30ms});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Errc::kTimeout);
  EXPECT_THAT(response.error().what, HasSubstr("30 ms"));
}

TEST_F(ClientTest, SaysThatNobodyListens) {
  serve();
  end();
  const auto response = run_task(loop, fetch(loop, *peer_from("http://" + address), {.target = "/"}));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, Errc::kUnavailable);
  const auto local = run_task(loop, fetch(loop, UnixPeer{"/nonexistent/socket"}, {.target = "/"}));
  EXPECT_EQ(local.error().code, Errc::kUnavailable);
}

TEST_F(ClientTest, RefusesWhatCannotBeSent) {
  serve();
  EXPECT_EQ(ask({.target = "no-slash"}).error().code, Errc::kInvalid);
  EXPECT_EQ(ask({.target = "/a b"}).error().code, Errc::kInvalid);
  EXPECT_EQ(ask({.target = "/", .headers = {{"X", "a\r\nY: b"}}}).error().code, Errc::kInvalid);
  EXPECT_EQ(run_task(loop, fetch(loop, TcpPeer{"127.0.0.1", "http"}, {.target = "/"})).error().code, Errc::kInvalid);
}

TEST_F(ClientTest, TakesChunkedAnswersAndSkipsInterimOnes) {
  FixedAnswer fixed(loop,
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n"
                    "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  const auto response = run_task(loop, fetch(loop, fixed.peer(), {.target = "/"}));
  ASSERT_TRUE(response) << response.error().what;
  EXPECT_EQ(response->status, 200);
  EXPECT_EQ(response->body, "abcde");
  EXPECT_THAT(response->headers, testing::Contains(testing::Pair("x-a", "b")));
}

TEST_F(ClientTest, TakesAnAnswerThatEndsWithTheConnection) {
  FixedAnswer fixed(loop, "HTTP/1.0 200 OK\r\n\r\nall of it");
  EXPECT_EQ(run_task(loop, fetch(loop, fixed.peer(), {.target = "/"}))->body, "all of it");
}

TEST_F(ClientTest, RefusesABrokenAnswer) {
  const std::pair<const char*, Errc> cases[] = {
      {"SSH-2.0-nothing here\r\n\r\n", Errc::kInternal},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", Errc::kIo},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nabc", Errc::kInternal},
      {"HTTP/1.1 200 OK\r\nContent-Le", Errc::kIo},
      {"", Errc::kIo},
  };
  for (const auto& [bytes, code] : cases) {
    FixedAnswer fixed(loop, bytes);
    const auto response = run_task(loop, fetch(loop, fixed.peer(), {.target = "/"}));
    ASSERT_FALSE(response) << bytes;
    EXPECT_EQ(response.error().code, code) << bytes << ": " << response.error().what;
  }
}

TEST(Peer, IsReadFromAUrl) {
  const auto tcp = peer_from("http://[::1]:18790/");
  ASSERT_TRUE(tcp);
  EXPECT_EQ(std::get<TcpPeer>(*tcp).host, "::1");
  EXPECT_EQ(std::get<TcpPeer>(*tcp).port, "18790");
  EXPECT_EQ(std::get<TcpPeer>(*peer_from("http://localhost")).port, "80");
  EXPECT_EQ(std::get<UnixPeer>(*peer_from("unix:/run/x.sock")).path, "/run/x.sock");
  for (const auto* bad : {"", "https://a", "a:80", "unix:", "http://", "http://a:99999", "http://a/b", "http://a@b"}) {
    EXPECT_FALSE(peer_from(bad)) << bad;
  }
}

TEST(ResponseParser, ReadsTheSameAtEverySplit) {
  const std::string bytes =
      "HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n";
  for (std::size_t split = 1; split < bytes.size(); ++split) {
    std::string body;
    ResponseParser parser(false, [&body](std::string_view piece) -> Result<Unit> {
      body += piece;
      return Unit{};
    });
    auto used = parser.put(std::string_view(bytes).substr(0, split));
    ASSERT_TRUE(used) << split;
    ASSERT_TRUE(parser.put(std::string_view(bytes).substr(*used))) << split;
    EXPECT_TRUE(parser.done()) << split;
    EXPECT_EQ(body, "hello!") << split;
    EXPECT_EQ(parser.head().status, 200);
    EXPECT_EQ(parser.head().headers.size(), 2u);
  }
}

}  // namespace
}  // namespace baton::http::test
