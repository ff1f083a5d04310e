// Runs a task, or the loop, until something is true; a test that waits too long fails with a message instead of
// hanging.
#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include <gtest/gtest.h>

#include "base/bug.hpp"
#include "reactor/loop.hpp"
#include "reactor/scope.hpp"
#include "reactor/task.hpp"

namespace baton::test {

inline constexpr auto kPatience = std::chrono::seconds(30);

// Turns the loop until `condition` holds. False after kPatience.
template <class Condition>
bool run_until(reactor::Loop& loop, Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    loop.context().restart();
    loop.context().run_one_for(std::chrono::milliseconds(5));
  }
  return true;
}

template <class T>
reactor::Task<> keep_result(reactor::Task<T> task, std::optional<T>* out) {
  T value = co_await std::move(task);
  out->emplace(std::move(value));
}

// Runs `task` to its end and returns what it gave.
template <class T>
T run_task(reactor::Loop& loop, reactor::Task<T> task) {
  std::optional<T> result;
  reactor::Scope scope(loop);
  scope.spawn(keep_result(std::move(task), &result));
  require(run_until(loop, [&] { return scope.alive() == 0; }), "a task did not end in time");
  return std::move(*result);
}

}  // namespace baton::test
