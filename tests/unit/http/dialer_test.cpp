// Names, addresses and the sockets behind them; nothing outside of this machine is asked.
#include "http/dialer.hpp"

#include <gtest/gtest.h>
#include <asio/ip/tcp.hpp>

#include "tests/support/run_task.hpp"

namespace baton::http {
namespace {

using namespace std::chrono_literals;

class DialerTest : public ::testing::Test {
 protected:
  Result<Dialer::Endpoints> addresses(Destination to) { return test::run_task(loop, dialer.addresses(std::move(to))); }

  reactor::Loop loop;
  NameLookup names{loop};
  Dialer dialer{loop, names};
};

TEST_F(DialerTest, AnAddressAndLocalhostNeedNoNameServer) {
  EXPECT_EQ(addresses({"10.1.2.3", 80})->size(), 1u);
  EXPECT_EQ(addresses({"::1", 80})->size(), 1u);
  EXPECT_EQ(addresses({"localhost", 80})->size(), 2u);
  EXPECT_EQ(addresses({"api.localhost", 80})->size(), 2u);
}

TEST_F(DialerTest, LoopbackOnlyMeansTheAddress) {
  EXPECT_TRUE(addresses({"127.0.0.1", 80, true}));
  EXPECT_EQ(addresses({"10.1.2.3", 80, true}).error().code, Errc::kDenied);
  EXPECT_EQ(addresses({"0.0.0.0", 80, true}).error().code, Errc::kDenied);
}

TEST_F(DialerTest, ANameThatCannotBeIsToldAsAnError) {
  const auto found = addresses({"no-such-host.invalid", 80});
  ASSERT_FALSE(found);
  EXPECT_TRUE(found.error().code == Errc::kNotFound || found.error().code == Errc::kIo) << found.error().what;
}

TEST_F(DialerTest, GoesOnToTheNextAddress) {
  asio::ip::tcp::acceptor acceptor(loop.context(), {asio::ip::address_v4::loopback(), 0});
  const auto port = acceptor.local_endpoint().port();
  StreamSocket socket(loop.context());
  Dialer::Endpoints endpoints{asio::ip::tcp::endpoint(asio::ip::address_v6::loopback(), port),
                              asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port)};
  EXPECT_TRUE(test::run_task(loop, dialer.connect(socket, std::move(endpoints), 10s)));
  acceptor.close();
  Dialer::Endpoints gone{asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), port)};
  EXPECT_EQ(test::run_task(loop, dialer.connect(socket, std::move(gone), 10s)).error().code, Errc::kUnavailable);
}

TEST_F(DialerTest, ALookupIsCancelledAtOnce) {
  std::optional<Result<Dialer::Endpoints>> found;
  reactor::Scope scope(loop);
  scope.spawn(test::keep_result(dialer.addresses({"some-name.invalid", 80}), &found));
  loop.post([&] { loop.post([&] { dialer.cancel(); }); });
  ASSERT_TRUE(test::run_until(loop, [&] { return scope.alive() == 0; }));
  ASSERT_TRUE(found);
  EXPECT_FALSE(*found);
}

TEST(NameLookup, ItsEndWaitsForNoThreadAndIsFollowedByNoCall) {
  reactor::Loop loop;
  bool called = false;
  {
    NameLookup names(loop);
    for (int count = 0; count < 20; ++count) names.ask("a-name.invalid", [&](auto) { called = true; });
  }
  loop.context().restart();
  loop.context().poll();
  EXPECT_FALSE(called);
}

TEST(NameLookup, MoreQuestionsThanThreadsAreAllAnswered) {
  reactor::Loop loop;
  NameLookup names(loop);
  int answers = 0;
  for (int count = 0; count < 30; ++count) names.ask("127.0.0.1", [&](auto found) { answers += found ? 1 : 0; });
  const auto forgotten = names.ask("127.0.0.1", [&](auto) { FAIL(); });
  names.forget(forgotten);
  EXPECT_TRUE(test::run_until(loop, [&] { return answers == 30; }));
}

}  // namespace
}  // namespace baton::http
