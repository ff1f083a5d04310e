// A run that somebody else ends: by a pause, or by taking its task away.
#include <chrono>
#include <optional>

#include <gtest/gtest.h>

#include "board/edit.hpp"
#include "executor/runs.hpp"
#include "reactor/scope.hpp"
#include "reactor/timer.hpp"
#include "tests/unit/executor/workshop.hpp"

namespace baton::executor {
namespace {

using store::ExecutionStatus;
using store::TaskStatus;
using test::Workshop;

auto never_ends() {
  return [](const runtime::Request&, runtime::Listener&) -> std::optional<runtime::Outcome> { return std::nullopt; };
}

// Starts a run that does not end by itself, and calls `then` when its runtime works.
template <class Then>
void while_it_runs(Workshop& shop, const TaskId& task, Then then) {
  auto& silent = shop.runtime("silent", never_ends());
  reactor::Scope scope(shop.loop());
  const auto start = [](Workshop& at, TaskId id) -> reactor::Task<> {
    auto report = co_await at.runs().run(at.request("silent", id));
    EXPECT_TRUE(report);
  };
  scope.spawn(start(shop, task));
  const auto play = [](Workshop& at, const test::ScriptedRuntime& runtime, Then& what,
                       reactor::Scope& all) -> reactor::Task<int> {
    while (runtime.requests().empty()) co_await reactor::sleep_for(at.loop(), std::chrono::milliseconds(1));
    co_await what(at);
    co_await all.drained();
    co_return 0;
  };
  shop.await(play(shop, silent, then, scope));
}

TEST(Cancel, APauseEndsTheRunFirst) {
  Workshop shop;
  const auto task = shop.create("to be paused");
  while_it_runs(shop, task.id, [id = task.id](Workshop& at) -> reactor::Task<> {
    const auto refused = co_await at.runs().pause(id, at.task(id).fence - 1);
    EXPECT_EQ(refused.error().reason, "stale_fence");
    EXPECT_EQ(at.runs().alive(), 1U);
    const auto paused = co_await at.runs().pause(id, at.task(id).fence);
    EXPECT_TRUE(paused) << paused.error().what;
  });
  EXPECT_EQ(shop.task(task.id).status, TaskStatus::kTodo);
  EXPECT_EQ(shop.executions(task.id)[0].status, ExecutionStatus::kCancelled);
}

TEST(Cancel, OneWhoseTaskIsTakenAwayIsEnded) {
  Workshop shop;
  const auto task = shop.create("to be taken away");
  while_it_runs(shop, task.id, [id = task.id](Workshop& at) -> reactor::Task<> {
    at.runs().look_after_owners();
    const auto away = [id](store::Tx& tx) {
      return board::edit_task(tx, {.task_id = id, .status = TaskStatus::kCancelled});
    };
    const auto moved = co_await write(at.loop(), at.board(), away);
    EXPECT_TRUE(moved);
    at.runs().look_after_owners();
  });
  EXPECT_EQ(shop.task(task.id).status, TaskStatus::kCancelled);
  EXPECT_EQ(shop.executions(task.id)[0].status, ExecutionStatus::kCancelled);
}

TEST(Cancel, WhoHasNoRunHasNothingToCancel) {
  Workshop shop;
  const auto task = shop.create("nobody works on it");
  EXPECT_FALSE(shop.await(shop.runs().cancel(task.id, "no reason")));
  EXPECT_EQ(shop.await(shop.runs().pause(task.id)).error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace baton::executor
