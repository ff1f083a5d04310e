// TLS as the streaming client speaks it: what is trusted, and what is not.
#include "http/tls_context.hpp"

#include "streaming_harness.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::http {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

class TlsTest : public StreamingTest {
 protected:
  void SetUp() override {
    if (!server().has("good")) GTEST_SKIP() << "no openssl command to make certificates with";
  }
  std::string refusal(const std::string& url) {
    Heard heard;
    complete(request(url), heard);
    EXPECT_EQ(heard.code(), Errc::kIo) << url;
    EXPECT_EQ(heard.heads, 0u);
    return heard.why();
  }
};

TEST_F(TlsTest, AGoodCertificateIsTakenForNameAndAddress) {
  EXPECT_EQ(ask("ok/x", "good"), "fine x");
  Heard named;
  complete(request(fmt::format("https://localhost:{}/ok/y", server().port("named"))), named);
  EXPECT_EQ(named.why(), "");
  EXPECT_EQ(named.body, "fine y");
  EXPECT_EQ(ask("chunked", "good"), "hello!");
  EXPECT_EQ(ask("until-close", "good"), "all of it");
}

TEST_F(TlsTest, EveryOtherOneIsRefused) {
  EXPECT_THAT(refusal(server().url("wrong", "ok")), HasSubstr("mismatch"));
  EXPECT_THAT(refusal(server().url("named", "ok")), HasSubstr("mismatch"));
  EXPECT_THAT(refusal(server().url("expired", "ok")), HasSubstr("expired"));
  EXPECT_THAT(refusal(server().url("self", "ok")), HasSubstr("self-signed"));
  EXPECT_THAT(refusal(fmt::format("https://localhost:{}/ok", server().port("wrong"))), HasSubstr("ostname mismatch"));
  // The common name says localhost, the certificate's names do not.
  EXPECT_THAT(refusal(server().url("old", "ok")), HasSubstr("TLS with"));
}

TEST_F(TlsTest, TheAuthorityIsTrustedOnlyWhenItWasNamed) {
  make_client({.ca_file = server().ca_file().parent_path() / "self.pem"});
  EXPECT_THAT(refusal(server().url("good", "ok")), HasSubstr("issuer certificate"));
}

TEST_F(TlsTest, APlainServerIsNotMistakenForOne) {
  EXPECT_THAT(refusal(fmt::format("https://127.0.0.1:{}/ok", server().port("plain"))), HasSubstr("TLS with"));
}

TEST_F(TlsTest, AServerThatStallsInTheHandshakeIsATimeout) {
  asio::ip::tcp::acceptor silent(loop.context(), {asio::ip::address_v4::loopback(), 0});
  Heard heard;
  auto what = request(fmt::format("https://127.0.0.1:{}/", silent.local_endpoint().port()));
  what.connect_timeout = 50ms;
  complete(std::move(what), heard);
  EXPECT_EQ(heard.code(), Errc::kTimeout) << heard.why();
}

TEST_F(TlsTest, AnEndWithoutFarewellIsACut) {
  Heard heard;
  complete(request(server().url("good", "cut")), heard);
  EXPECT_EQ(heard.code(), Errc::kIo);
  EXPECT_EQ(heard.body, "all of it");
}

TEST_F(TlsTest, ConnectionsAreUsedAgain) {
  const auto before = connections("good");
  for (int count = 0; count < 10; ++count) ask("ok", "good");
  EXPECT_EQ(connections("good"), before);
}

TEST_F(TlsTest, ALargeBodyGoesBothWays) {
  Heard up, down;
  complete(request(server().url("good", "echo"), "POST", std::string(2'000'000, '\2')), up);
  EXPECT_THAT(up.body, HasSubstr("body=2000000:4000000"));
  down.keep = false;
  complete(request(server().url("good", "big/100")), down);
  EXPECT_EQ(down.bytes, 100u * 64 * 1024);
}

TEST_F(TlsTest, PausedItReadsNothing) {
  Heard heard;
  heard.keep = false;
  heard.on_body = [&] { heard.exchange->pause(true); };
  start(request(server().url("good", "big/1600")), heard);
  ASSERT_TRUE(test::run_until(loop, [&] { return heard.pieces > 0; }));
  EXPECT_LT(std::stoul(ask("blocks", "good")), 800u);
  EXPECT_EQ(heard.pieces, 1u);
}

TEST(TlsContext, AFileThatHoldsNoCertificateIsRefused) {
  const test::TempDir directory;
  EXPECT_EQ(TlsContext::make(directory / "none.pem").error().code, Errc::kInvalid);
  std::ofstream(directory / "text.pem") << "no certificate\n";
  const auto checked = check_ca_file(directory / "text.pem");
  ASSERT_FALSE(checked);
  EXPECT_THAT(checked.error().what, HasSubstr("text.pem"));
}

}  // namespace
}  // namespace baton::http
