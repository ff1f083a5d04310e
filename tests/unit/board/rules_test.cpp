// The rules as a whole: random sequences of operations on a small board, next to a model in memory that says after each
// step what must be there. The model knows no store, no event and no lease queue; it knows what an operation means.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "board/claim.hpp"
#include "board/claim_next.hpp"
#include "board/dependency.hpp"
#include "board/edit.hpp"
#include "board/lease.hpp"
#include "board/own.hpp"
#include "board/run.hpp"
#include "board/status.hpp"
#include "tests/support/board_on_disk.hpp"

namespace baton::board {
namespace {

using test::BoardOnDisk;
using enum TaskStatus;

constexpr std::int64_t kUsual = 60'000;  // the board's lease and the sweep's distance
constexpr std::size_t kTasks = 24;

struct ModelTask {
  TaskId id;
  TaskStatus status = kTodo;
  std::int64_t priority = 0;
  std::optional<std::string> owner = {};
  std::int64_t fence = 0;
  bool dropped = false;
  std::optional<std::int64_t> lease_ms = {};
  std::int64_t alive = 0;
  std::set<std::size_t> waits_for = {};
};

// What an operation must answer: "" for success, else the reason of the refusal; and whether it changed the board.
struct Expected {
  std::string reason = {};
  bool changes = true;
};
Expected refused(std::string reason) { return {std::move(reason), false}; }
Expected nothing() { return {{}, false}; }

class Model {
 public:
  std::vector<ModelTask> tasks;
  std::map<std::size_t, std::int64_t> runs;  // task -> fence of the newest run that goes on

  std::int64_t unmet(std::size_t at) const {
    return std::ranges::count_if(tasks[at].waits_for, [&](std::size_t on) { return tasks[on].status != kDone; });
  }
  bool reaches(std::size_t from, std::size_t to) const {
    return from == to || std::ranges::any_of(tasks[from].waits_for, [&](auto on) { return reaches(on, to); });
  }
  bool has_run(std::size_t at) const { return runs.contains(at) && runs.at(at) == tasks[at].fence; }
  std::string standing(std::size_t at, bool ignore_dependencies = false) const {
    const auto& task = tasks[at];
    if (task.dropped) return "dropped";
    if (is_terminal(task.status)) return "status";
    if (task.owner) return "claimed";
    if (task.status != kTodo) return "status";
    return unmet(at) > 0 && !ignore_dependencies ? "dependencies" : "";
  }
  std::vector<TaskId> ready() const {
    std::vector<std::size_t> order;
    for (std::size_t at = 0; at < tasks.size(); ++at) {
      if (standing(at).empty()) order.push_back(at);
    }
    std::ranges::stable_sort(order, [&](auto a, auto b) { return tasks[a].priority > tasks[b].priority; });
    std::vector<TaskId> ids;
    for (const auto at : order) ids.push_back(tasks[at].id);
    return ids;
  }

  static void end_ownership(ModelTask& task) {
    task.owner.reset();
    task.lease_ms.reset();
    ++task.fence;
  }
  static void own(ModelTask& task, const std::string& agent, std::optional<std::int64_t> lease_ms) {
    end_ownership(task);
    task.status = kInProgress;
    task.owner = agent;
    task.lease_ms = lease_ms;
  }
  static void move(ModelTask& task, TaskStatus to) {
    if (task.status == to) return;
    task.status = to;
    if (to == kTodo) end_ownership(task);
    if (is_terminal(to)) task.lease_ms.reset();
  }
  Expected drop(std::size_t at) {
    auto& task = tasks[at];
    if (task.dropped) return nothing();
    if (has_run(at)) return refused("running");
    if (is_locked(task.status)) {
      move(task, kTodo);
    } else if (task.owner && !is_terminal(task.status)) {
      end_ownership(task);
    }
    task.dropped = true;
    return {};
  }
};

class Game {
 public:
  explicit Game(unsigned seed) : random_(seed) {}

  void play(int steps) {
    for (int step = 0; step < steps && !testing::Test::HasFailure(); ++step) {
      done_.clear();
      const auto seq = last_seq();
      const auto fences = fences_now();
      changed_ = false;
      take_turn();
      SCOPED_TRACE("step " + std::to_string(step) + ": " + done_);
      note_signs_of_life(seq);
      check_log(seq);
      check_rows(fences);
      check_ready();
    }
  }

 private:
  int pick(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random_); }
  bool chance(int percent) { return pick(100) < percent; }
  std::size_t some() { return static_cast<std::size_t>(pick(static_cast<int>(model_.tasks.size()))); }
  std::string agent() { return std::string(1, static_cast<char>('a' + pick(4))); }
  std::optional<std::int64_t> some_fence(std::size_t at) {
    if (chance(50)) return std::nullopt;
    return model_.tasks[at].fence - (chance(20) ? 1 : 0);
  }
  bool is_stale(std::size_t at, const std::optional<std::int64_t>& fence) const {
    return fence && *fence != model_.tasks[at].fence;
  }

  std::int64_t last_seq() {
    return *board_.read([](const store::View& view) -> Result<std::int64_t> { return view.events.last_seq(); });
  }
  std::vector<std::int64_t> fences_now() const {
    std::vector<std::int64_t> fences;
    for (const auto& task : model_.tasks) fences.push_back(task.fence);
    return fences;
  }

  // Carries out `script` and compares its answer with what the model expects.
  template <class Script>
  auto act(const std::string& what, std::size_t at, const Expected& expected, Script script) {
    done_ = what + " " + std::to_string(at);
    changed_ = expected.changes;
    auto result = board_.write(std::move(script));
    EXPECT_EQ(result ? "" : std::string(result.error().reason), expected.reason) << done_;
    return result;
  }

  void take_turn() {
    board_.clock().step(pick(5) + 1);
    if (model_.tasks.size() < 3) return create();
    const int turn = pick(100);
    if (turn < 8) return create();
    if (turn < 18) return link_two();
    if (turn < 23) return unlink_two();
    if (turn < 38) return claim_one();
    if (turn < 43) return claim_best();
    if (turn < 50) return release_one();
    if (turn < 55) return assign_one();
    if (turn < 72) return edit_one();
    if (turn < 76) return drop_one();
    if (turn < 81) return restore_one();
    if (turn < 86) return heartbeat_one();
    if (turn < 91) return begin_one();
    if (turn < 96) return end_one();
    sweep();
  }

  void create() {
    if (model_.tasks.size() == kTasks) return;
    NewTask request;
    request.status = chance(80) ? kTodo : chance(50) ? kBacklog : kBlocked;
    request.priority = pick(3);
    if (chance(50)) request.team_id = "red";
    done_ = "create";
    changed_ = true;
    const auto made = board_.create("task", request);
    model_.tasks.push_back({.id = made.id, .status = made.status, .priority = made.priority});
  }

  void link_two() {
    const auto at = some();
    const auto on = some();
    Expected expected;
    if (model_.reaches(on, at)) {
      expected = refused("task_dependency_cycle");
    } else if (!model_.tasks[at].waits_for.insert(on).second) {
      expected = nothing();
    }
    const Link request{model_.tasks[at].id, model_.tasks[on].id};
    act("link to " + std::to_string(on) + " of", at, expected, [&](store::Tx& tx) { return link(tx, request); });
  }

  void unlink_two() {
    const auto at = some();
    const auto on = model_.tasks[at].waits_for.empty() ? some() : *model_.tasks[at].waits_for.begin();
    const bool was = model_.tasks[at].waits_for.erase(on) > 0;
    const Link request{model_.tasks[at].id, model_.tasks[on].id};
    const auto result = act("unlink from " + std::to_string(on) + " of", at, was ? Expected{} : nothing(),
                            [&](store::Tx& tx) { return unlink(tx, request); });
    EXPECT_EQ(result, was);
  }

  void claim_one() {
    const auto at = some();
    auto& task = model_.tasks[at];
    ClaimRequest request{.task_id = task.id, .assignee_agent_id = agent()};
    request.ignore_dependencies = chance(20);
    request.own_lease = chance(40);
    request.lease_ms = request.own_lease ? 1000 * (pick(100) + 1) : kUsual;
    const auto standing = model_.standing(at, request.ignore_dependencies);
    if (standing.empty()) Model::own(task, request.assignee_agent_id, request.lease_ms);
    act("claim", at, standing.empty() ? Expected{} : refused(standing),
        [&](store::Tx& tx) { return claim(tx, request); });
  }

  void claim_best() {
    const auto ready = model_.ready();
    const ClaimNext request{.assignee_agent_id = agent(), .lease_ms = kUsual};
    const auto best = std::ranges::find(model_.tasks, ready.empty() ? TaskId() : ready.front(), &ModelTask::id);
    if (best != model_.tasks.end()) Model::own(*best, request.assignee_agent_id, request.lease_ms);
    const auto result = act("claim-next", 0, ready.empty() ? nothing() : Expected{},
                            [&](store::Tx& tx) { return claim_next(tx, request); });
    if (!ready.empty()) {
      EXPECT_EQ(result->task->id, ready.front());
    }
  }

  void release_one() {
    const auto at = some();
    auto& task = model_.tasks[at];
    const Release request{.task_id = task.id, .fence = some_fence(at), .reason = "enough"};
    Expected expected;
    if (is_stale(at, request.fence)) {
      expected = refused("stale_fence");
    } else if (!task.owner) {
      expected = refused("not_claimed");
    } else if (!may_move(task.status, kTodo)) {
      expected = refused("illegal_transition");
    } else {
      Model::move(task, kTodo);
    }
    act("release", at, expected, [&](store::Tx& tx) { return release(tx, request); });
  }

  void assign_one() {
    const auto at = some();
    auto& task = model_.tasks[at];
    const Assignment request{
        .task_id = task.id, .assignee_agent_id = agent(), .fence = some_fence(at), .lease_ms = kUsual};
    Expected expected;
    if (is_stale(at, request.fence)) {
      expected = refused("stale_fence");
    } else if (task.status == kInProgress && request.fence) {
      Model::own(task, request.assignee_agent_id, kUsual);
    } else if (const auto standing = model_.standing(at); !standing.empty()) {
      expected = refused(standing);
    } else {
      Model::own(task, request.assignee_agent_id, kUsual);
    }
    act("assign", at, expected, [&](store::Tx& tx) { return assign(tx, request); });
  }

  void edit_one() {
    const auto at = some();
    auto& task = model_.tasks[at];
    TaskEdit request{.task_id = task.id, .fence = some_fence(at), .lease_ms = kUsual};
    if (chance(80)) request.status = static_cast<TaskStatus>(pick(store::kTaskStatuses));
    if (chance(20)) request.priority = pick(3);
    if (chance(10)) request.dropped = chance(50);
    const auto before = task;
    auto expected = edited(at, request);
    if (!expected.reason.empty()) task = before;
    act(request.status ? "edit to " + std::string(to_text(*request.status)) : "edit", at, expected,
        [&](store::Tx& tx) { return edit_task(tx, request); });
  }

  Expected edited(std::size_t at, const TaskEdit& request) {
    auto& task = model_.tasks[at];
    if (is_stale(at, request.fence)) return refused("stale_fence");
    Expected expected = nothing();
    if (request.dropped == false && task.dropped) {
      task.dropped = false;
      expected.changes = true;
    }
    if (request.status && *request.status != task.status) {
      if (task.dropped) return refused("dropped");
      if (!may_move(task.status, *request.status)) return refused("illegal_transition");
      if (*request.status == kInProgress && !task.lease_ms && !model_.has_run(at)) task.lease_ms = kUsual;
      Model::move(task, *request.status);
      expected.changes = true;
    }
    if (request.priority) {
      task.priority = *request.priority;
      expected.changes = true;
    }
    if (request.dropped == true) {
      const auto dropped = model_.drop(at);
      if (!dropped.reason.empty()) return dropped;
      expected.changes = expected.changes || dropped.changes;
    }
    return expected;
  }

  void drop_one() {
    const auto at = some();
    const Drop request{.task_id = model_.tasks[at].id, .fence = some_fence(at)};
    const bool stale = is_stale(at, request.fence) && !model_.tasks[at].dropped;
    const auto expected = stale ? refused("stale_fence") : model_.drop(at);
    act("drop", at, expected, [&](store::Tx& tx) { return drop(tx, request); });
  }

  void restore_one() {
    const auto at = some();
    const bool was = std::exchange(model_.tasks[at].dropped, false);
    act("restore", at, was ? Expected{} : nothing(), [&](store::Tx& tx) { return restore(tx, model_.tasks[at].id); });
  }

  void heartbeat_one() {
    const auto at = some();
    auto& task = model_.tasks[at];
    Heartbeat request{.task_id = task.id, .fence = some_fence(at)};
    if (chance(30)) request.lease_ms = 1000 * (pick(100) + 1);
    Expected expected = nothing();  // a sign of life is no change of the board
    if (is_stale(at, request.fence)) {
      expected = refused("stale_fence");
    } else if (!task.owner) {
      expected = refused("not_claimed");
    } else if (task.status != kInProgress) {
      expected = refused("status");
    } else {
      task.alive = board_.clock().unix_ms();
      if (request.lease_ms && !model_.has_run(at)) task.lease_ms = request.lease_ms;
    }
    act("heartbeat", at, expected, [&](store::Tx& tx) { return heartbeat(tx, request); });
  }

  void begin_one() {
    const auto at = some();
    auto& task = model_.tasks[at];
    const RunClaim request{task.id, agent(), "codex", "run"};
    const auto standing = model_.standing(at);
    if (standing.empty()) {
      Model::own(task, request.agent_id, std::nullopt);
      model_.runs[at] = task.fence;
    }
    const auto run = act("begin run", at, standing.empty() ? Expected{} : refused(standing),
                         [&](store::Tx& tx) { return begin_run(tx, request); });
    if (run) running_.push_back({at, run->lease});
  }

  void end_one() {
    if (running_.empty()) return;
    const auto which = running_.begin() + pick(static_cast<int>(running_.size()));
    const auto [at, lease] = *which;
    running_.erase(which);
    auto& task = model_.tasks[at];
    const bool late = lease.fence != task.fence || !is_locked(task.status) || task.dropped;
    const auto after = chance(50) ? AfterWork::kRelease : AfterWork::kDone;
    if (!late) Model::move(task, after == AfterWork::kDone ? kDone : kTodo);
    if (model_.runs.contains(at) && model_.runs[at] == lease.fence) model_.runs.erase(at);
    const auto settled = act("end run", at, {}, [&, l = lease](store::Tx& tx) {
      return end_run(tx, l, {.status = store::ExecutionStatus::kSucceeded}, {.after = after});
    });
    if (settled) {
      EXPECT_EQ(settled->late, late);
    }
  }

  void sweep() {
    board_.clock().step(pick(static_cast<int>(kUsual)));
    const auto now = board_.clock().unix_ms();
    std::vector<TaskId> stale;
    for (std::size_t at = 0; at < model_.tasks.size(); ++at) {
      auto& task = model_.tasks[at];
      if (task.status != kInProgress || !task.lease_ms || model_.has_run(at)) continue;
      if (task.alive + *task.lease_ms > now) continue;
      Model::move(task, kTodo);
      stale.push_back(task.id);
    }
    done_ = "sweep";
    changed_ = !stale.empty();
    std::vector<TaskId> released;
    for (bool more = true; more;) {
      const auto swept =
          board_.write([](store::Tx& tx) { return sweep_stale(tx, {.stale_after_ms = kUsual, .limit = 16}); });
      ASSERT_TRUE(swept);
      released.insert(released.end(), swept->released.begin(), swept->released.end());
      more = swept->more;
    }
    EXPECT_THAT(released, testing::UnorderedElementsAreArray(stale));
  }

  std::vector<store::Event> events_after(std::int64_t seq) {
    return *board_.read(
        [&](const store::View& view) -> Result<std::vector<store::Event>> { return view.events.after(seq, {}, 1000); });
  }

  void note_signs_of_life(std::int64_t seq) {
    for (const auto& event : events_after(seq)) {
      const auto task = std::ranges::find(model_.tasks, event.task_id.value_or(TaskId()), &ModelTask::id);
      if (task != model_.tasks.end()) task->alive = event.ts;
    }
  }

  void check_log(std::int64_t seq) {
    EXPECT_EQ(last_seq() > seq, changed_) << "one event at least per change, else none";
  }

  void check_rows(const std::vector<std::int64_t>& fences) {
    for (std::size_t at = 0; at < model_.tasks.size(); ++at) {
      SCOPED_TRACE("task " + std::to_string(at));
      const auto& expected = model_.tasks[at];
      const auto row = board_.task(expected.id);
      EXPECT_EQ(to_text(row.status), to_text(expected.status));
      EXPECT_EQ(row.assignee_agent_id, expected.owner);
      EXPECT_EQ(row.fence, expected.fence);
      EXPECT_EQ(row.dropped, expected.dropped);
      EXPECT_EQ(row.lease_ms, expected.lease_ms);
      EXPECT_EQ(row.unmet_blockers, model_.unmet(at));
      EXPECT_TRUE(row.status != kTodo || !row.assignee_agent_id) << "a todo task has no owner";
      if (at < fences.size()) {
        EXPECT_GE(row.fence, fences[at]) << "fences only grow";
      }
    }
  }

  void check_ready() {
    std::vector<TaskId> ids;
    const auto page = board_.read([](const store::View& view) { return list_tasks(view, {.ready = true}, {}, 100); });
    for (const auto& task : page->tasks) ids.push_back(task.id);
    EXPECT_EQ(ids, model_.ready());
  }

  struct Running {
    std::size_t at;
    Lease lease;
  };

  std::mt19937 random_;
  BoardOnDisk board_;
  Model model_;
  std::vector<Running> running_;
  std::string done_;      // this step's operation, for the failure message
  bool changed_ = false;  // whether the model says that it changed the board
};

class Rules : public testing::TestWithParam<unsigned> {};

TEST_P(Rules, HoldAfterEachStepOfARandomGame) {
  SCOPED_TRACE("seed " + std::to_string(GetParam()));
  Game(GetParam()).play(250);
}

INSTANTIATE_TEST_SUITE_P(Seeds, Rules, testing::Range(1U, 17U));

}  // namespace
}  // namespace baton::board
