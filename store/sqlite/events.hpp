// The event log over one connection.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "store/sqlite/statement.hpp"
#include "store/tx.hpp"

namespace baton::store::sqlite {

// Where the log ends: its newest number, and the bytes of all events' texts up to and including that one, ever.
struct LogEnd {
  std::int64_t seq = 0;
  std::int64_t bytes = 0;
};

class Events final : public EventTable {
 public:
  explicit Events(Connection& connection);

  std::int64_t last_seq() const override { return end().seq; }
  std::optional<Event> find(std::int64_t seq) const override;
  std::int64_t bytes() const override;
  std::size_t prune(const EventRetention& retention, std::size_t limit) override;
  std::vector<Event> after(std::int64_t seq, const EventFilter& filter, std::size_t limit) const override;
  std::optional<std::vector<Event>> of_task(std::int64_t seq, const EventFilter& filter,
                                            std::size_t limit) const override;
  EventsBack before(std::int64_t before, std::int64_t down_to, const EventFilter& filter,
                    std::size_t limit) const override;
  std::int64_t last_before(std::int64_t ts) const override;
  std::int64_t append(const Event& event) override;

  LogEnd end() const;
  // Who appends tells where the log ends, so that it need not be looked up for each event. It is told again after an
  // undo.
  void continue_from(LogEnd end) { end_ = end; }

 private:
  // Where the task's chain is to be followed from to find what is before `before`. Nothing: no end of it is at hand.
  std::optional<std::int64_t> chain_from(const TaskId& task, std::int64_t before) const;
  EventsBack chain_back(std::int64_t newest, std::int64_t down_to, const EventFilter& filter, std::size_t limit) const;
  EventsBack scan_back(std::int64_t before, std::int64_t down_to, const EventFilter& filter, std::size_t limit) const;
  // Where the log begins, in bytes as LogEnd counts them.
  std::int64_t begin_bytes() const;

  std::optional<LogEnd> end_;  // nothing: not an appender
  mutable Statement newest_;
  mutable Statement oldest_;
  mutable Statement old_;
  mutable Statement after_;
  mutable Statement before_;
  mutable Statement at_;
  mutable Statement ts_from_;
  mutable Statement chain_head_;
  mutable Statement chain_link_;
  Statement insert_;
  Statement set_chain_head_;
  Statement erase_up_to_;
};

}  // namespace baton::store::sqlite
