// The event log: rows in the order of their sequence number, and no index at all, because each would cost every
// mutation a page (feasibility Q2). The events of one task are found by a chain instead: the task's row names its
// newest event, and each event the one before it.
//
// Numbers are given from memory, counted from the newest row, and are never given twice: a trigger keeps the newest row
// whatever is pruned. A number that an undone script had taken is free again, for nobody outside the transaction has
// seen it. The bytes of the log are counted in the same way, each row carrying the sum so far, so that its size is the
// difference of its two ends.
#include "store/sqlite/events.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include <fmt/format.h>

#include "base/bug.hpp"
#include "base/limits.hpp"

namespace baton::store::sqlite {
namespace {

constexpr const char* kColumns =
    "seq, id, ts, kind, team_id, task_id, agent_id, runtime, trace_id, data, tenant_id, previous_seq";

template <class Row, class Visit>
void each_content_column(Row& event, Visit&& visit) {
  visit(event.id);
  visit(event.ts);
  visit(event.kind);
  visit(event.team_id);
  visit(event.task_id);
  visit(event.agent_id);
  visit(event.runtime);
  visit(event.trace_id);
  visit(event.data);
  visit(event.tenant_id);
}

Event read(const Run& run) {
  Event event;
  auto columns = run.columns();
  columns(event.seq);
  each_content_column(event, columns);
  columns(event.previous_seq);
  return event;
}

constexpr int kPreviousSeq = 11;
constexpr int kLogEnd = 12;  // behind kColumns

// Adds up the texts of a row.
struct Bytes {
  void operator()(std::int64_t) {}
  void operator()(const std::string& text) { sum += static_cast<std::int64_t>(text.size()); }
  void operator()(const TaskId& id) { (*this)(id.value); }
  template <class T>
  void operator()(const std::optional<T>& maybe) {
    if (maybe) (*this)(*maybe);
  }
  std::int64_t sum = 0;
};

std::int64_t bytes_of(const Event& event) {
  Bytes bytes;
  each_content_column(event, bytes);
  return bytes.sum;
}

// Positions of what a filter looks at.
struct FilterColumns {
  int ts;
  int kind;
  int team_id;
  int task_id;
  int agent_id;
  int trace_id;
};
constexpr FilterColumns kOfRow{.ts = 2, .kind = 3, .team_id = 4, .task_id = 5, .agent_id = 6, .trace_id = 8};
constexpr const char* kLinkColumns = "previous_seq, ts, kind, team_id, task_id, agent_id, trace_id";
constexpr FilterColumns kOfLink{.ts = 1, .kind = 2, .team_id = 3, .task_id = 4, .agent_id = 5, .trace_id = 6};

bool holds(const Run& run, int column, std::string_view text) {
  return !run.is_null(column) && run.text(column) == text;
}

bool agrees(const std::optional<std::string>& wanted, const Run& run, int column) {
  return !wanted || holds(run, column, *wanted);
}

// As trace_of() of rows.hpp.
bool is_of_trace(const std::optional<std::string>& wanted, const Run& run, FilterColumns at) {
  return !wanted || holds(run, run.is_null(at.trace_id) ? at.task_id : at.trace_id, *wanted);
}

bool is_wanted(const Run& run, const EventFilter& filter, FilterColumns at) {
  if (!agrees(filter.team_id, run, at.team_id) || !agrees(filter.agent_id, run, at.agent_id)) return false;
  if (filter.task_id && !holds(run, at.task_id, filter.task_id->value)) return false;
  if (!is_of_trace(filter.trace_id, run, at) || run.integer(at.ts) < filter.since_ms) return false;
  return filter.kinds.empty() || std::ranges::find(filter.kinds, run.text(at.kind)) != filter.kinds.end();
}

}  // namespace

Events::Events(Connection& connection)
    : newest_(connection, "SELECT seq, log_end FROM events ORDER BY seq DESC LIMIT 1"),
      oldest_(connection, fmt::format("SELECT {}, log_end FROM events ORDER BY seq LIMIT 1", kColumns)),
      old_(connection, "SELECT seq, ts, log_end FROM events WHERE seq <= ? ORDER BY seq LIMIT ?"),
      after_(connection, fmt::format("SELECT {} FROM events WHERE seq > ? AND seq <= ? ORDER BY seq", kColumns)),
      before_(connection, fmt::format("SELECT {} FROM events WHERE seq < ? AND seq > ? ORDER BY seq DESC", kColumns)),
      at_(connection, fmt::format("SELECT {} FROM events WHERE seq = ?", kColumns)),
      ts_from_(connection, "SELECT seq, ts FROM events WHERE seq >= ? ORDER BY seq LIMIT 1"),
      chain_head_(connection, "SELECT last_event_seq FROM tasks WHERE id = ?"),
      chain_link_(connection, fmt::format("SELECT {} FROM events WHERE seq = ?", kLinkColumns)),
      insert_(connection,
              fmt::format("INSERT INTO events ({}, log_end) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", kColumns)),
      set_chain_head_(connection, "UPDATE tasks SET last_event_seq = ? WHERE id = ?"),
      erase_up_to_(connection, "DELETE FROM events WHERE seq <= ?") {}

LogEnd Events::end() const {
  if (end_) return *end_;
  auto run = newest_.run();
  return run.next() ? LogEnd{.seq = run.integer(0), .bytes = run.integer(1)} : LogEnd{};
}

std::optional<Event> Events::find(std::int64_t seq) const {
  auto run = at_.run(seq);
  if (!run.next()) return std::nullopt;
  return read(run);
}

std::int64_t Events::bytes() const { return end().bytes - begin_bytes(); }

std::int64_t Events::begin_bytes() const {
  auto run = oldest_.run();
  if (!run.next()) return 0;
  return run.integer(kLogEnd) - bytes_of(read(run));
}

// What is pruned is a beginning of the log, so the look stops at the first event that stays, even if a clock that was
// set back made a later one look older.
std::size_t Events::prune(const EventRetention& retention, std::size_t limit) {
  const LogEnd end = this->end();
  const std::int64_t last = std::min(retention.up_to, end.seq - 1);
  std::int64_t begin = begin_bytes();
  std::int64_t erased_up_to = 0;
  for (auto run = old_.run(last, limit); run.next();) {
    const bool is_too_much = end.bytes - begin > retention.keep_bytes;
    if (!is_too_much && run.integer(1) >= retention.before_ms) break;
    erased_up_to = run.integer(0);
    begin = run.integer(2);
  }
  if (erased_up_to == 0) return 0;
  return static_cast<std::size_t>(erase_up_to_.run(erased_up_to).finish());
}

std::vector<Event> Events::after(std::int64_t seq, const EventFilter& filter, std::size_t limit) const {
  std::vector<Event> found;
  for (auto run = after_.run(seq, filter.up_to); found.size() < limit && run.next();) {
    if (is_wanted(run, filter, kOfRow)) found.push_back(read(run));
  }
  return found;
}

// The chain leads from the newest to the oldest, and the oldest are asked for: walk all of it, keep the last `limit`
// numbers.
std::optional<std::vector<Event>> Events::of_task(std::int64_t seq, const EventFilter& filter,
                                                  std::size_t limit) const {
  std::int64_t at = 0;
  if (auto head = chain_head_.run(*filter.task_id); head.next()) at = head.integer(0);
  std::deque<std::int64_t> kept;
  for (std::size_t links = 0; at > seq; ++links) {
    if (links == limits::kEventChain) return std::nullopt;
    auto link = chain_link_.run(at);
    if (!link.next()) break;  // what was before is pruned
    if (at <= filter.up_to && is_wanted(link, filter, kOfLink)) kept.push_front(at);
    if (kept.size() > limit) kept.pop_back();
    at = link.integer(0);
  }
  std::vector<Event> found;
  for (const std::int64_t number : kept) {
    if (auto run = at_.run(number); run.next()) found.push_back(read(run));
  }
  return found;
}

EventsBack Events::before(std::int64_t before, std::int64_t down_to, const EventFilter& filter,
                          std::size_t limit) const {
  const auto start = filter.task_id ? chain_from(*filter.task_id, before) : std::nullopt;
  return start ? chain_back(*start, down_to, filter, limit) : scan_back(before, down_to, filter, limit);
}

// In the middle of a chain only a cursor of its own is found without a walk.
std::optional<std::int64_t> Events::chain_from(const TaskId& task, std::int64_t before) const {
  std::int64_t newest = 0;
  if (auto head = chain_head_.run(task); head.next()) newest = head.integer(0);
  if (newest < before) return newest;
  const auto there = find(before);
  if (!there || there->task_id != task) return std::nullopt;
  return there->previous_seq;
}

EventsBack Events::scan_back(std::int64_t before, std::int64_t down_to, const EventFilter& filter,
                             std::size_t limit) const {
  EventsBack back{.events = {}, .cursor = before};
  auto run = before_.run(before, down_to);
  for (std::int64_t looked_at = 0; looked_at < limits::kEventScan; ++looked_at) {
    if (!run.next()) {
      back.cursor = down_to + 1;
      break;
    }
    back.cursor = run.integer(0);
    if (is_wanted(run, filter, kOfRow)) back.events.push_back(read(run));
    if (back.events.size() == limit) break;
  }
  return back;
}

EventsBack Events::chain_back(std::int64_t newest, std::int64_t down_to, const EventFilter& filter,
                              std::size_t limit) const {
  EventsBack back;
  std::int64_t at = newest;
  for (std::int64_t looked_at = 0; at > down_to; ++looked_at) {
    if (looked_at == limits::kEventScan || back.events.size() == limit) return back;
    auto row = at_.run(at);
    if (!row.next()) break;  // what was before is pruned
    if (is_wanted(row, filter, kOfRow)) back.events.push_back(read(row));
    back.cursor = std::exchange(at, row.integer(kPreviousSeq));
  }
  back.cursor = down_to + 1;
  return back;
}

std::int64_t Events::last_before(std::int64_t ts) const {
  std::int64_t low = 0;
  std::int64_t high = end().seq;
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    auto next = ts_from_.run(middle + 1);
    if (!next.next() || next.integer(1) >= ts) {
      high = middle;
    } else {
      low = next.integer(0);
    }
  }
  return low;
}

std::int64_t Events::append(const Event& event) {
  require(end_.has_value(), "store: events are appended by the writer only");
  std::int64_t previous = 0;
  if (event.task_id) {
    if (auto head = chain_head_.run(*event.task_id); head.next()) previous = head.integer(0);
  }
  end_->seq += 1;
  end_->bytes += bytes_of(event);
  insert_
      .run_with([&](Binder& bind) {
        bind(end_->seq);
        each_content_column(event, bind);
        bind(previous);
        bind(end_->bytes);
      })
      .finish();
  if (event.task_id) set_chain_head_.run(end_->seq, *event.task_id).finish();
  return end_->seq;
}

}  // namespace baton::store::sqlite
