#include "events/filter.hpp"

#include <algorithm>

namespace baton::events {
namespace {

template <class T>
bool agrees(const std::optional<T>& wanted, const std::optional<T>& there) {
  return !wanted || wanted == there;
}

}  // namespace

bool wants(const store::EventFilter& filter, const store::Event& event) {
  return agrees(filter.task_id, event.task_id) && agrees(filter.team_id, event.team_id) &&
         agrees(filter.agent_id, event.agent_id) && event.ts >= filter.since_ms &&
         (!filter.trace_id || store::trace_of(event) == *filter.trace_id) &&
         (filter.kinds.empty() || std::ranges::find(filter.kinds, event.kind) != filter.kinds.end());
}

bool wants_all(const store::EventFilter& filter) {
  return !filter.task_id && !filter.team_id && !filter.agent_id && !filter.trace_id && filter.kinds.empty() &&
         filter.since_ms == store::EventFilter{}.since_ms;
}

Topic topic_of(const store::EventFilter& filter) {
  using enum Topic::Kind;
  if (filter.task_id) return {kTask, filter.task_id->value};
  if (filter.team_id) return {kTeam, *filter.team_id};
  if (filter.agent_id) return {kAgent, *filter.agent_id};
  return {};
}

void append_topics(std::vector<Topic>& topics, const store::Event& event) {
  using enum Topic::Kind;
  topics.emplace_back();
  if (event.task_id) topics.push_back({kTask, event.task_id->value});
  if (event.team_id) topics.push_back({kTeam, *event.team_id});
  if (event.agent_id) topics.push_back({kAgent, *event.agent_id});
}

}  // namespace baton::events
