// What a filter wants, without a database: for those who are handed new events instead of asking for them.
//
// A topic is the narrowest thing that a filter names: a task, else a team, else an agent, else everything. An event
// belongs to a few topics; only followers of these can want it. So a crowd of followers need not be asked one by one.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "store/rows.hpp"
#include "store/tx.hpp"

namespace baton::events {

// The same answer as the store gives (EventTable::after). `filter.up_to` does not count.
bool wants(const store::EventFilter& filter, const store::Event& event);

// True when the filter wants each event.
bool wants_all(const store::EventFilter& filter);

struct Topic {
  enum class Kind : std::uint8_t { kEverything, kTask, kTeam, kAgent };
  Kind kind = Kind::kEverything;
  std::string name = {};  // of the task, the team or the agent

  auto operator<=>(const Topic&) const = default;
};

Topic topic_of(const store::EventFilter& filter);

// Appends the topics of an event; each filter that wants it has one of them.
void append_topics(std::vector<Topic>& topics, const store::Event& event);

}  // namespace baton::events
