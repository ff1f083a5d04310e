#include "load/latency.hpp"

#include <gtest/gtest.h>

namespace baton::load {
namespace {

using std::chrono::nanoseconds;
using namespace std::chrono_literals;

Latency of_one_to(std::int64_t last, nanoseconds step) {
  Latency latency;
  for (std::int64_t i = 1; i <= last; ++i) latency.add(i * step);
  return latency;
}

void expect_near(nanoseconds got, nanoseconds truth) {
  EXPECT_GE(got, truth);
  EXPECT_LE(static_cast<double>(got.count()), 1.01 * static_cast<double>(truth.count()));
}

TEST(Latency, IsWithinOnePercentAtEachScale) {
  for (const nanoseconds step :
       {nanoseconds(1), nanoseconds(37), nanoseconds(1us), nanoseconds(3ms), nanoseconds(1min)}) {
    SCOPED_TRACE(step.count());
    const auto latency = of_one_to(10'000, step);
    expect_near(latency.percentile(0.5), 5'000 * step);
    expect_near(latency.percentile(0.99), 9'900 * step);
    expect_near(latency.percentile(0.999), 9'990 * step);
    EXPECT_EQ(latency.max(), 10'000 * step);
    EXPECT_EQ(latency.percentile(1), latency.max());
  }
}

TEST(Latency, IsExactForASingleOne) {
  for (const nanoseconds only : {nanoseconds(0), nanoseconds(127), nanoseconds(128), nanoseconds(255), nanoseconds(256),
                                 nanoseconds(123'456'789), nanoseconds::max()}) {
    Latency latency;
    latency.add(only);
    EXPECT_EQ(latency.percentile(0.5), only);
    EXPECT_EQ(latency.percentile(0.999), only);
  }
}

TEST(Latency, KeepsTheTailApart) {
  Latency latency;
  for (int i = 0; i < 990; ++i) latency.add(1ms);
  for (int i = 0; i < 10; ++i) latency.add(1s);
  expect_near(latency.percentile(0.99), 1ms);
  expect_near(latency.percentile(0.991), 1s);
}

TEST(Latency, CountsATimeThatRanBackAsNone) {
  Latency latency;
  latency.add(nanoseconds(-5));
  EXPECT_EQ(latency.count(), 1U);
  EXPECT_EQ(latency.max(), 0ns);
}

TEST(Latency, IsZeroWithoutAny) {
  EXPECT_EQ(Latency().percentile(0.99), 0ns);
  EXPECT_EQ(Latency().max(), 0ns);
}

}  // namespace
}  // namespace baton::load
