// What a transaction script may do to the rows: typed operations, one interface per table, one implementation per
// backend.
//
// A script is a plain function `Result<X> act(store::Tx&, const Request&)`. It runs inside one transaction on the
// store's thread (Tx), or against a snapshot on the reactor (View). It returns an error to undo everything that it did.
//
// A failing disk is not a script's business: after the first failure every operation does nothing and finds nothing,
// and whoever runs the script answers with that failure instead of the script's result.
//
// There is one writer, so what a script read stays true until its end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/rows.hpp"

namespace baton::store {

struct TaskFilter {
  std::optional<std::string> team_id = {};
  std::optional<TaskStatus> status = {};
  bool include_dropped = false;
  // Status todo, unassigned, not dropped, no unmet blocker: what a claim may take. `status` and `include_dropped` are
  // ignored.
  bool ready = false;
  // Only tasks of these kinds; empty: all. A task without a kind is "code" (contract §1.5).
  std::vector<std::string> kinds = {};
};

// A position in a list: the last row that was looked at for the page before. Opaque outside the store.
struct TaskCursor {
  std::int64_t priority = 0;  // of ready lists
  std::int64_t row = 0;
};

// A page may hold fewer rows than asked for, even none, and have a next one: a list stops after limits::kListScan rows
// that the filter did not want.
struct TaskPage {
  std::vector<Task> tasks;
  std::optional<TaskCursor> next;  // nothing: this was the last page
};

// The guarded UPDATE of a claim (contract §1.3). What it refers to must outlive it.
struct ClaimUpdate {
  const TaskId& id;
  std::string_view assignee_agent_id;
  std::optional<std::string_view> assignee_runtime;
  std::int64_t now_ms = 0;
  bool ignore_dependencies = false;
  std::optional<std::int64_t> lease_ms = {};
  std::optional<std::int64_t> lease_check_at = {};
};

class TaskTable {
 public:
  virtual ~TaskTable() = default;
  virtual std::optional<Task> find(const TaskId& id) const = 0;
  // Newest first; ready ones by priority, then oldest first. `limit` is at least 1. Never by OFFSET.
  virtual TaskPage list(const TaskFilter& filter, std::optional<TaskCursor> after, std::size_t limit) const = 0;
  // Parent first, then its parent, at most `limit`.
  virtual std::vector<Ancestor> ancestors(const TaskId& id, std::size_t limit) const = 0;
  virtual void insert(const Task& task) = 0;
  // Writes all columns of the row with this id but `last_event_seq`, which only the event log changes. The row must be
  // there.
  virtual void save(const Task& task) = 0;
  // One statement: todo, unassigned, not dropped, no unmet blocker (unless ignored) -> in_progress, assigned, fence
  // + 1. Nothing when the guard did not hold.
  virtual std::optional<Task> claim(const ClaimUpdate& update) = 0;
  // Tasks with lease_check_at <= `now_ms`, the longest due first, at most `limit`.
  virtual std::vector<Task> lease_due(std::int64_t now_ms, std::size_t limit) const = 0;
};

// A piece of a task's history: oldest first, ending with its newest row or where the piece after it began. At most
// limits::kHistoryPage rows, and no more than about limits::kHistoryBytes.
template <class Row>
struct HistoryPage {
  std::vector<Row> rows;
  std::optional<std::int64_t> older = {};  // where the piece before it ends; nothing: this is the beginning
};

class CommentTable {
 public:
  virtual ~CommentTable() = default;
  virtual std::vector<Comment> of_task(const TaskId& task) const = 0;  // oldest first
  virtual HistoryPage<Comment> newest_of(const TaskId& task, std::optional<std::int64_t> before) const = 0;
  virtual void insert(const Comment& comment) = 0;
};

class ExecutionTable {
 public:
  virtual ~ExecutionTable() = default;
  virtual std::optional<Execution> find(const ExecutionId& id) const = 0;
  virtual std::vector<Execution> of_task(const TaskId& task) const = 0;  // oldest first
  virtual HistoryPage<Execution> newest_of(const TaskId& task, std::optional<std::int64_t> before) const = 0;
  virtual std::vector<Execution> running_of(const TaskId& task) const = 0;  // oldest first
  virtual std::vector<Execution> leased() const = 0;  // running, with a lease_fence: at start-up, runs of a dead daemon
  // The running one of `task` with this lease_fence: one search among what runs now, however long the history is.
  virtual std::optional<ExecutionId> leased_at(const TaskId& task, std::int64_t fence) const = 0;
  virtual void insert(const Execution& execution) = 0;
  virtual void save(const Execution& execution) = 0;
};

struct RepositoryPage {
  std::vector<std::string> paths;
  std::int64_t next = 0;  // what to go on behind; 0: this was the last page
};

class WorkspaceTable {
 public:
  virtual ~WorkspaceTable() = default;
  virtual std::optional<Workspace> newest_of(const TaskId& task) const = 0;
  // The repositories of the next `limit` rows behind `after` (0: the first ones), in order, some of them twice.
  virtual RepositoryPage repositories(std::int64_t after, std::size_t limit) const = 0;
  virtual void insert(const Workspace& workspace) = 0;
  virtual void save(const Workspace& workspace) = 0;
};

class DependencyTable {
 public:
  virtual ~DependencyTable() = default;
  static constexpr std::size_t kAll = std::numeric_limits<std::int64_t>::max();
  // What it depends on, and what depends on it, directly: the first `limit`, in the order of their ids.
  virtual std::vector<TaskId> blockers_of(const TaskId& task, std::size_t limit = kAll) const = 0;
  virtual std::vector<TaskId> dependents_of(const TaskId& task, std::size_t limit = kAll) const = 0;
  // True when `from` depends on `to`, directly or not, or is it.
  virtual bool reaches(const TaskId& from, const TaskId& to) const = 0;
  virtual bool insert(const TaskId& task, const TaskId& depends_on) = 0;  // false: was there already
  virtual bool erase(const TaskId& task, const TaskId& depends_on) = 0;   // false: was not there
};

struct EventFilter {
  std::optional<TaskId> task_id = {};
  std::optional<std::string> team_id = {};
  std::optional<std::string> agent_id = {};
  std::optional<std::string> trace_id = {};                          // see rows.hpp
  std::vector<std::string> kinds = {};                               // empty: all
  std::int64_t since_ms = std::numeric_limits<std::int64_t>::min();  // `ts` at least this
  // The last seq that is looked at, so that a filter which hardly anything passes does not read the whole log at once.
  std::int64_t up_to = std::numeric_limits<std::int64_t>::max();
};

// What may be forgotten: events that are older, and the oldest ones while the log holds more bytes. The newest event
// always stays.
struct EventRetention {
  std::int64_t before_ms = 0;  // `ts` below this; 0: none for their age
  std::int64_t keep_bytes = std::numeric_limits<std::int64_t>::max();
  std::int64_t up_to = std::numeric_limits<std::int64_t>::max();  // nothing after this seq, whatever the rest says
};

struct EventsBack {
  std::vector<Event> events;  // newest first
  std::int64_t cursor = 0;    // from here on up everything was looked at: what to go on before
};

class EventTable {
 public:
  virtual ~EventTable() = default;
  virtual std::int64_t last_seq() const = 0;
  virtual std::optional<Event> find(std::int64_t seq) const = 0;
  // What the log holds, in bytes of its rows' texts; exact and O(1), since each row carries where it ends.
  virtual std::int64_t bytes() const = 0;
  // Deletes from the oldest on, at most `limit` rows. Returns how many; `limit` means that there may be more.
  virtual std::size_t prune(const EventRetention& retention, std::size_t limit) = 0;
  // Events with seq > `seq`, oldest first: a scan of the log. events/query.hpp reads it page by page without long
  // pauses.
  virtual std::vector<Event> after(std::int64_t seq, const EventFilter& filter, std::size_t limit) const = 0;
  // The same for a filter with a task_id, by the task's chain, so no index is needed. A chain is followed from its
  // newest end; nothing when limits::kEventChain events do not lead back to `seq`.
  virtual std::optional<std::vector<Event>> of_task(std::int64_t seq, const EventFilter& filter,
                                                    std::size_t limit) const = 0;
  // Events with `down_to` < seq < `before`, newest first, by the chain when there is a task_id. Looks at
  // limits::kEventScan events at most. `filter.up_to` does not count.
  virtual EventsBack before(std::int64_t before, std::int64_t down_to, const EventFilter& filter,
                            std::size_t limit) const = 0;
  // The seq before the first event with `ts` >= `ts`, found by halving: a clock that was set back may hide some.
  virtual std::int64_t last_before(std::int64_t ts) const = 0;
  // Gives the row its seq and, for an event of a task, makes it the head of the task's chain. Returns the seq.
  virtual std::int64_t append(const Event& event) = 0;
};

class PostTable {
 public:
  virtual ~PostTable() = default;
  // Posts of a room with seq > `seq`, oldest first.
  virtual std::vector<Post> after(const std::string& room_id, std::int64_t seq, std::size_t limit) const = 0;
  // Gives the post the room's next seq and returns it. A room keeps its last limits::kRoomPosts posts, and a few
  // hundred more until old ones are forgotten together.
  virtual std::int64_t append(const Post& post) = 0;
};

class KeptAnswerTable {
 public:
  virtual ~KeptAnswerTable() = default;
  virtual std::optional<KeptAnswer> find(const std::string& key) const = 0;
  virtual void insert(const KeptAnswer& row) = 0;
  virtual void save(const KeptAnswer& row) = 0;  // `answer` of a row that is there
  virtual void erase(const std::string& key) = 0;
  // Deletes rows made before `before_ms`, oldest first, at most `limit`. Returns how many.
  virtual std::size_t prune(std::int64_t before_ms, std::size_t limit) = 0;
};

// Numbers that housekeeping must find again after a restart, by name.
class MarkTable {
 public:
  virtual ~MarkTable() = default;
  virtual std::int64_t get(std::string_view name) const = 0;  // 0: never set
  virtual void set(std::string_view name, std::int64_t value) = 0;
  virtual void drop(std::string_view name) = 0;
  virtual std::vector<std::string> below(std::string_view folder) const = 0;  // "a/" finds "a/b"; whole names, sorted
};

// Reads only. Valid for the duration of the call that was given it.
struct View {
  const TaskTable& tasks;
  const CommentTable& comments;
  const ExecutionTable& executions;
  const WorkspaceTable& workspaces;
  const DependencyTable& dependencies;
  const EventTable& events;
  const PostTable& posts;
  const KeptAnswerTable& kept_answers;
  const MarkTable& marks;
};

struct Tx {
  TaskTable& tasks;
  CommentTable& comments;
  ExecutionTable& executions;
  WorkspaceTable& workspaces;
  DependencyTable& dependencies;
  EventTable& events;
  PostTable& posts;
  KeptAnswerTable& kept_answers;
  MarkTable& marks;
  std::int64_t now_ms;  // one time for the whole transaction
  IdSource& ids;

  operator View() const {
    return {tasks, comments, executions, workspaces, dependencies, events, posts, kept_answers, marks};
  }
};

}  // namespace baton::store
