#include "http/listening_socket.hpp"

#include <sys/stat.h>

#include "harness.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::http::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

using ListeningSocketTest = ServerTest;

TEST_F(ListeningSocketTest, ServesAUnixSocketForItsUserAlone) {
  const baton::test::TempDir dir;
  const auto path = dir / "batond.sock";
  server.emplace(loop, router, quick());
  ASSERT_TRUE(server->listen_unix(path));
  server->start();
  struct stat file {};
  ASSERT_EQ(::stat(path.c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0600u);
  RawClient peer(loop, path);
  ASSERT_TRUE(peer.send("GET /echo HTTP/1.1\r\nHost: anything.example\r\n\r\n"));
  EXPECT_TRUE(peer.receive_until("GET /echo []"));
  peer.leave();
  end();
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST_F(ListeningSocketTest, OpensAUnixSocketToOthersWhenTold) {
  const baton::test::TempDir dir;
  auto options = quick();
  options.socket_mode = 0660;
  server.emplace(loop, router, options);
  const mode_t before = ::umask(0077);
  EXPECT_TRUE(server->listen_unix(dir / "batond.sock"));
  ::umask(before);
  struct stat file {};
  ASSERT_EQ(::stat((dir / "batond.sock").c_str(), &file), 0);
  EXPECT_EQ(file.st_mode & 0777, 0660u);
}

TEST_F(ListeningSocketTest, ReplacesAStaleUnixSocketOnly) {
  const baton::test::TempDir dir;
  const auto path = dir / "batond.sock";
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strncpy(name.sun_path, path.c_str(), sizeof name.sun_path - 1);
  const int dead = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(dead, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  ::close(dead);  // the file stays, as after a crash

  server.emplace(loop, router, quick());
  EXPECT_TRUE(server->listen_unix(path));
  Server other(loop, router);
  EXPECT_EQ(other.listen_unix(path).error().code, Errc::kIo);  // somebody listens there now
  baton::test::write_file(dir / "file", "precious");
  EXPECT_EQ(other.listen_unix(dir / "file").error().code, Errc::kIo);
  EXPECT_EQ(baton::test::read_file(dir / "file"), "precious");
  EXPECT_EQ(other.listen_unix(dir / std::string(200, 'x')).error().code, Errc::kInvalid);
}

TEST_F(ListeningSocketTest, ListensOnIpv6) {
  server.emplace(loop, router, quick());
  const auto chosen = server->listen_tcp("[::1]:0");
  if (!chosen) GTEST_SKIP() << chosen.error().what;
  EXPECT_THAT(*chosen, MatchesRegex("\\[::1\\]:[0-9]+"));
  server->start();
  RawClient peer(loop, *chosen);
  ASSERT_TRUE(peer.send("GET /echo HTTP/1.1\r\nHost: " + *chosen + "\r\n\r\n"));
  EXPECT_TRUE(peer.receive_until("GET /echo []"));
}

TEST_F(ListeningSocketTest, SaysWhyItCannotListen) {
  serve();
  Server other(loop, router);
  const auto taken = other.listen_tcp(address);
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, Errc::kIo);
  EXPECT_THAT(taken.error().what, HasSubstr(address));
  for (const auto* bad : {"", "80", "127.0.0.1", "127.0.0.1:", "127.0.0.1:99999", "127.0.0.1:-1", "::1:80", "[::1]",
                          "name.example:80", "127.0.0.1:80x"}) {
    const auto refused = other.listen_tcp(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, Errc::kInvalid) << bad;
  }
}

TEST_F(ListeningSocketTest, TakesOverAListeningSocket) {
  const int inherited = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in any{};
  any.sin_family = AF_INET;
  any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(inherited, reinterpret_cast<sockaddr*>(&any), sizeof any), 0);
  server.emplace(loop, router, quick());
  EXPECT_EQ(server->listen_inherited(inherited).error().code, Errc::kInvalid);  // does not listen yet
  ASSERT_EQ(::listen(inherited, 8), 0);
  const auto chosen = server->listen_inherited(inherited);
  ASSERT_TRUE(chosen);
  server->start();
  RawClient peer(loop, *chosen);
  ASSERT_TRUE(peer.send(get("/echo")));
  EXPECT_TRUE(peer.receive_until("GET /echo []"));
}

}  // namespace
}  // namespace baton::http::test
