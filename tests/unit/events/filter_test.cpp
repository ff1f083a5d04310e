#include "events/filter.hpp"

#include <algorithm>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace baton::events {
namespace {

store::Event event(const std::string& kind, std::optional<std::string> task = {}, std::optional<std::string> team = {},
                   std::optional<std::string> agent = {}) {
  store::Event made;
  made.kind = kind;
  if (task) made.task_id = TaskId(*task);
  made.team_id = std::move(team);
  made.agent_id = std::move(agent);
  return made;
}

std::vector<Topic> topics_of(const store::Event& one) {
  std::vector<Topic> topics;
  append_topics(topics, one);
  return topics;
}

TEST(EventFilter, WantsEverythingWhenItNamesNothing) {
  EXPECT_TRUE(wants({}, event("note")));
  EXPECT_TRUE(wants_all({}));
}

TEST(EventFilter, WantsWhatAgreesInAllThatItNames) {
  const store::EventFilter filter{
      .task_id = TaskId("t"), .team_id = "red", .agent_id = "ada", .kinds = {"note", "cost"}};
  EXPECT_TRUE(wants(filter, event("cost", "t", "red", "ada")));
  EXPECT_FALSE(wants(filter, event("cost", "u", "red", "ada")));
  EXPECT_FALSE(wants(filter, event("cost", "t", "blue", "ada")));
  EXPECT_FALSE(wants(filter, event("cost", "t", "red", "bob")));
  EXPECT_FALSE(wants(filter, event("other", "t", "red", "ada")));
  EXPECT_FALSE(wants_all(filter));
}

TEST(EventFilter, DoesNotWantWhatHasNoneOfWhatItNames) {
  EXPECT_FALSE(wants({.task_id = TaskId("")}, event("note")));
  EXPECT_FALSE(wants({.team_id = ""}, event("note")));
  EXPECT_FALSE(wants({.agent_id = ""}, event("note")));
}

TEST(EventFilter, NamesOneTopicTheNarrowest) {
  using enum Topic::Kind;
  EXPECT_EQ(topic_of({}), (Topic{kEverything, ""}));
  EXPECT_EQ(topic_of({.kinds = {"note"}}), (Topic{kEverything, ""}));
  EXPECT_EQ(topic_of({.agent_id = "ada"}), (Topic{kAgent, "ada"}));
  EXPECT_EQ(topic_of({.team_id = "red", .agent_id = "ada"}), (Topic{kTeam, "red"}));
  EXPECT_EQ(topic_of({.task_id = TaskId("t"), .team_id = "red"}), (Topic{kTask, "t"}));
}

// Whatever a filter names: an event that it wants belongs to its topic.
TEST(EventFilter, WantsOnlyEventsOfItsTopic) {
  const std::optional<std::string> names[] = {std::nullopt, "x", "y"};
  for (const auto& task : names) {
    for (const auto& team : names) {
      for (const auto& agent : names) {
        store::EventFilter filter{.team_id = team, .agent_id = agent};
        if (task) filter.task_id = TaskId(*task);
        const auto wanted = event("note", task.value_or("x"), team.value_or("x"), agent.value_or("x"));
        ASSERT_TRUE(wants(filter, wanted));
        EXPECT_THAT(topics_of(wanted), ::testing::Contains(topic_of(filter)));
      }
    }
  }
}

}  // namespace
}  // namespace baton::events
