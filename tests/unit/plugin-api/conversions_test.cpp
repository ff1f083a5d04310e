// What the wrapper is made of: text, statuses, handles, guarded functions.
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "baton/cpp/guard.hpp"
#include "baton/cpp/handle.hpp"
#include "baton/cpp/timer.hpp"
#include "baton/ext/setup.h"
#include "tests/unit/plugin-api/noting_host.hpp"

namespace baton::plugin {
namespace {

TEST(Text, GoesBothWays) {
  EXPECT_EQ(view(str("abc")), "abc");
  EXPECT_EQ(view(baton_str{nullptr, 0}), "");
  const std::array<std::byte, 3> raw{std::byte{0}, std::byte{255}, std::byte{65}};
  const baton_str text = str(raw);
  EXPECT_EQ(text.size, 3u);
  EXPECT_EQ(bytes(text)[1], std::byte{255});
  EXPECT_EQ(bytes(text).data(), raw.data());
  EXPECT_TRUE(bytes(baton_str{nullptr, 0}).empty());
  const baton_field field{str("key"), str("value")};
  EXPECT_EQ(view(fields(&field, 1).front().value), "value");
}

TEST(Statuses, HaveATextOfTheirOwnOrThatOfTheirCode) {
  EXPECT_TRUE(Status(BATON_OK).ok());
  EXPECT_TRUE(Status(3).ok());
  EXPECT_STREQ(Status(BATON_E_AGAIN).text(), "the queue is full");
  EXPECT_STREQ(Status(BATON_E_IO, "the disk is wet").text(), "the disk is wet");
  for (baton_status code = BATON_E_INTERNAL - 1; code <= BATON_OK; ++code) EXPECT_NE(*status_text(code), '\0');
}

TEST(Statuses, AreToldToTheHost) {
  NotingHost host;
  EXPECT_EQ(fail(&host.table, Status(BATON_E_IO, "wet")), BATON_E_IO);
  EXPECT_EQ(host.failure, "wet");
  EXPECT_EQ(fail(&host.table, BATON_E_LIMIT, "full"), BATON_E_LIMIT);
  EXPECT_EQ(host.failure, "full");
  EXPECT_EQ(fail(&host.table, Status(BATON_OK)), BATON_OK);
  EXPECT_EQ(host.failure, "full");
}

TEST(Statuses, AreThrownWithWhatWasTried) {
  EXPECT_NO_THROW(Status(BATON_OK).or_throw("nothing"));
  try {
    Status(BATON_E_DENIED).or_throw("start it");
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), BATON_E_DENIED);
    EXPECT_STREQ(failure.what(), "start it: not granted");
  }
}

TEST(Hosts, TellTimeAndName) {
  NotingHost noting;
  const Host host(&noting.table);
  EXPECT_EQ(host.now(), 5);
  EXPECT_EQ(host.wall(), 6);
  EXPECT_STREQ(host.product(), "test/1");
  EXPECT_EQ(host.fail(BATON_E_STATE, "not now"), BATON_E_STATE);
  EXPECT_EQ(noting.failure, "not now");
}

using TimerHandle = Handle<baton_timer, baton_host_timer>;
static_assert(!std::is_copy_constructible_v<TimerHandle> && std::is_nothrow_move_constructible_v<TimerHandle>);

TEST(Handles, AreClosedOnceWhoeverHoldsThem) {
  NotingHost noting;
  const Host host(&noting.table);
  {
    TimerHandle one(host, &noting.timer, {1});
    TimerHandle two(std::move(one));
    EXPECT_TRUE(two);
    TimerHandle three;
    three = std::move(two);
    EXPECT_EQ(noting.closed, 0);
    three = TimerHandle(host, &noting.timer, {2});
    EXPECT_EQ(noting.closed, 1);
  }
  EXPECT_EQ(noting.closed, 2);
  TimerHandle gone(host, &noting.timer, {3});
  gone.forget();
  gone.close();
  EXPECT_EQ(noting.closed, 2);
}

// Fills tables by itself, as a plugin does for a table that the wrapper does not know.
struct Own {
  baton::plugin::Host given;
  int seen = 0;
  baton::plugin::Host host() const { return given; }
  baton_run owner() const { return {4}; }

  baton_status info(baton_setup_info* out) {
    if (out == nullptr) throw Failure(BATON_E_INVALID, "where to?");
    out->auth_kind = BATON_AUTH_KEY;
    return BATON_OK;
  }
  Status busy(baton_op) { return {BATON_E_STATE, "busy"}; }
  void on_fire(baton_timer timer) {
    if (timer.id == 0) throw std::runtime_error("burst");
    if (timer.id == 1) throw 1;
    ++seen;
  }
  void once(baton_timer) const { delete this; }
};

TEST(Guarded, MakesASlotOfAMethod) {
  constexpr baton_setup kTable{sizeof(baton_setup), 0, &guarded<&Own::info>};
  baton_status (*const busy)(baton_plugin*, baton_op) noexcept = &guarded<&Own::busy>;
  NotingHost noting;
  Own own{Host(&noting.table)};
  auto* plugin = reinterpret_cast<baton_plugin*>(&own);
  baton_setup_info info{};
  EXPECT_EQ(kTable.info(plugin, &info), BATON_OK);
  EXPECT_EQ(info.auth_kind, std::uint32_t{BATON_AUTH_KEY});
  EXPECT_EQ(kTable.info(plugin, nullptr), BATON_E_INVALID);
  EXPECT_EQ(noting.failure, "where to?");
  EXPECT_EQ(busy(plugin, {1}), BATON_E_STATE);
  EXPECT_EQ(noting.failure, "busy");
}

TEST(Guarded, MakesACallbackOfAMethod) {
  void (*const fire)(void*, baton_timer) noexcept = &guarded<&Own::on_fire>;
  NotingHost noting;
  Own own{Host(&noting.table)};
  fire(&own, {2});
  EXPECT_EQ(own.seen, 1);
  fire(&own, {0});
  fire(&own, {1});
  EXPECT_EQ(noting.log, (std::vector<std::string>{"burst", "an unknown exception"}));
  ASSERT_EQ(noting.ends.size(), 2u);  // its run fails; that the second is too much is the host's to say
  EXPECT_EQ(noting.ends[0].detail, "burst");
  void (*const once)(void*, baton_timer) noexcept = &guarded<&Own::once>;
  once(new Own{Host(&noting.table)}, {2});
}

TEST(Timers, ThrowWhatTheHostRefuses) {
  NotingHost noting;
  const Host host(&noting.table);
  noting.timer_answer = BATON_E_LIMIT;
  EXPECT_THROW((void)host.need<Timers>().start({}, std::chrono::seconds(1), [] {}), Failure);
  EXPECT_EQ(noting.closed, 0);
}

}  // namespace
}  // namespace baton::plugin
