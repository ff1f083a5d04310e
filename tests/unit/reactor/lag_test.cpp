#include "reactor/lag.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include <gmock/gmock.h>

#include "tests/support/run_task.hpp"

namespace baton::reactor {
namespace {

using namespace std::chrono_literals;
using Samples = LagMeter::Samples;

class LagMeterTest : public ::testing::Test {
 protected:
  bool measure(std::chrono::milliseconds duration) {
    return meter->measure(duration, [this](Samples got) { samples.push_back(std::move(got)); });
  }
  bool wait_for(std::size_t count) {
    return test::run_until(loop, [&] { return samples.size() >= count; });
  }
  static void hold_up(std::chrono::milliseconds how_long) {
    const auto end = std::chrono::steady_clock::now() + how_long;
    while (std::chrono::steady_clock::now() < end) {
    }
  }

  Loop loop;
  std::optional<LagMeter> meter{std::in_place, loop};
  std::vector<Samples> samples;
};

TEST_F(LagMeterTest, GivesOneSampleForEachMillisecond) {
  ASSERT_TRUE(measure(20ms));
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(samples[0].size(), 20U);
  EXPECT_THAT(samples[0], ::testing::Each(::testing::Ge(0ns)));
}

TEST_F(LagMeterTest, CountsAPauseForAllThatWasDueInIt) {
  ASSERT_TRUE(measure(40ms));
  hold_up(30ms);
  ASSERT_TRUE(wait_for(1));
  EXPECT_GE(samples[0][0], 29ms);
  EXPECT_GE(samples[0][10], 19ms);
  EXPECT_EQ(samples[0][0] - samples[0][10], 10ms) << "one turn, ten milliseconds apart";
}

TEST_F(LagMeterTest, EndsAfterAPauseThatIsLongerThanItself) {
  ASSERT_TRUE(measure(2ms));
  hold_up(10ms);
  ASSERT_TRUE(wait_for(1));
  EXPECT_EQ(samples[0].size(), 2U);
}

TEST_F(LagMeterTest, MeasuresForSeveralAtOnceButNotForAnyNumber) {
  std::size_t begun = 0;
  while (begun < 1000 && measure(3ms)) ++begun;
  ASSERT_GT(begun, 1U);
  ASSERT_LT(begun, 1000U);
  ASSERT_TRUE(wait_for(begun));
  EXPECT_TRUE(measure(1ms)) << "there is room again";
  EXPECT_TRUE(wait_for(begun + 1));
}

TEST_F(LagMeterTest, StopsWithWhatItHas) {
  ASSERT_TRUE(measure(1h));
  ASSERT_TRUE(measure(1h));
  meter->stop();
  EXPECT_EQ(samples.size(), 2U);
  EXPECT_FALSE(measure(1ms));
  loop.run();  // ends, since nothing is left to wait for
}

TEST_F(LagMeterTest, EndsItsMeasurementsWhenItDies) {
  ASSERT_TRUE(measure(1h));
  meter.reset();
  EXPECT_EQ(samples.size(), 1U);
  loop.run();
}

// Both have come due when the loop turns; the first one's answer ends the second, whose wait is already done.
TEST_F(LagMeterTest, MayBeStoppedByAnAnswer) {
  ASSERT_TRUE(meter->measure(1ms, [this](Samples) { meter->stop(); }));
  ASSERT_TRUE(measure(1ms));
  hold_up(3ms);
  loop.run();
  EXPECT_EQ(samples.size(), 1U);
}

}  // namespace
}  // namespace baton::reactor
