#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace baton {
namespace {

TEST(Iso8601, IsUtcWithMilliseconds) {
  EXPECT_EQ(iso8601(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(iso8601(1'767'323'045'678), "2026-01-02T03:04:05.678Z");
  EXPECT_EQ(iso8601(951'782'400'007), "2000-02-29T00:00:00.007Z");
  EXPECT_EQ(iso8601(4'102'444'799'999), "2099-12-31T23:59:59.999Z");
}

TEST(Iso8601, ReachesBackBefore1970) {
  EXPECT_EQ(iso8601(-1), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(iso8601(-1000), "1969-12-31T23:59:59.000Z");
}

TEST(Iso8601, SortsAsTimeDoes) { EXPECT_LT(iso8601(999), iso8601(1000)); }

TEST(SystemClock, ShowsAPlausibleDate) {
  const SystemClock clock;
  EXPECT_GT(clock.unix_ms(), 1'700'000'000'000);  // 2023
  EXPECT_LT(clock.unix_ms(), 7'000'000'000'000);  // 2191
}

TEST(SystemClock, NeverStepsBack) {
  const SystemClock clock;
  std::int64_t last = clock.monotonic_ns();
  for (int i = 0; i < 1000; ++i) {
    const auto now = clock.monotonic_ns();
    ASSERT_GE(now, last);
    last = now;
  }
}

}  // namespace
}  // namespace baton
