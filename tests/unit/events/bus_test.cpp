#include "events/bus.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::events {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class BusTest : public ::testing::Test {
 protected:
  // Notes "name:seq" when woken.
  Bus::Subscription listen(const std::string& name) {
    return bus_.subscribe([this, name](std::int64_t seq) { heard_.push_back(name + ":" + std::to_string(seq)); });
  }

  Bus bus_{10};
  std::vector<std::string> heard_;
};

TEST_F(BusTest, TellsEveryListenerInTheOrderOfTheirSubscription) {
  const auto a = listen("a");
  const auto b = listen("b");
  EXPECT_THAT(heard_, IsEmpty());
  bus_.published(11);
  EXPECT_THAT(heard_, ElementsAre("a:11", "b:11"));
  EXPECT_EQ(bus_.high_water(), 11);
}

TEST_F(BusTest, SaysNothingThatIsNotNews) {
  const auto a = listen("a");
  bus_.published(10);
  bus_.published(9);
  EXPECT_THAT(heard_, IsEmpty());
  EXPECT_EQ(bus_.high_water(), 10);
}

TEST_F(BusTest, WorksWithoutListeners) {
  bus_.published(11);
  EXPECT_EQ(bus_.high_water(), 11);
}

TEST_F(BusTest, EndsASubscriptionWithItsObject) {
  { const auto a = listen("a"); }
  bus_.published(11);
  EXPECT_THAT(heard_, IsEmpty());
  EXPECT_EQ(bus_.listeners(), 0U);
}

TEST_F(BusTest, MovesASubscription) {
  Bus::Subscription kept;
  {
    auto a = listen("a");
    kept = std::move(a);
  }
  bus_.published(11);
  auto b = listen("b");
  kept = std::move(b);  // ends a
  bus_.published(12);
  kept.end();
  kept.end();
  bus_.published(13);
  EXPECT_THAT(heard_, ElementsAre("a:11", "b:12"));
}

TEST_F(BusTest, LetsAListenerEndItself) {
  std::optional<Bus::Subscription> self;
  auto evidence = std::make_shared<int>(0);
  self = bus_.subscribe([&self, evidence](std::int64_t) {
    self.reset();
    ++*evidence;  // the function still stands after its end
  });
  const auto b = listen("b");
  bus_.published(11);
  bus_.published(12);
  EXPECT_EQ(*evidence, 1);
  EXPECT_EQ(evidence.use_count(), 1) << "the ended listener is gone";
  EXPECT_THAT(heard_, ElementsAre("b:11", "b:12"));
}

TEST_F(BusTest, LetsAListenerEndAnother) {
  auto before = listen("before");
  std::optional<Bus::Subscription> after;
  const auto ender = bus_.subscribe([&](std::int64_t) {
    before.end();
    after.reset();
  });
  after = listen("after");
  bus_.published(11);
  bus_.published(12);
  EXPECT_THAT(heard_, ElementsAre("before:11"));
  EXPECT_EQ(bus_.listeners(), 1U);
}

TEST_F(BusTest, TellsAListenerThatIsAddedMeanwhileFromTheNextTimeOn) {
  std::vector<Bus::Subscription> added;
  const auto adder = bus_.subscribe([&](std::int64_t) {
    if (added.empty()) added.push_back(listen("added"));
  });
  bus_.published(11);
  EXPECT_THAT(heard_, IsEmpty());
  bus_.published(12);
  EXPECT_THAT(heard_, ElementsAre("added:12"));
}

TEST(BusDeathTest, RefusesToPublishFromInsideAListener) {
  Bus bus(0);
  const auto a = bus.subscribe([&](std::int64_t seq) { bus.published(seq + 1); });
  EXPECT_DEATH(bus.published(1), "inside a listener");
}

}  // namespace
}  // namespace baton::events
