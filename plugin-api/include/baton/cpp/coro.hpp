// Optional: the same callbacks, awaited. For a loop inside the plugin that reads better from top to bottom:
//
//   Task<> EchoRun::work() {
//     co_await sleep(timers_, run_.id(), std::chrono::seconds(1));
//     Completion<baton_exit> ended;
//     Process::Events events;
//     events.on_exit = ended.callback();
//     ...
//     const baton_exit exit = co_await ended;
//     run_.finish(outcome_of(exit));
//   }
//
// The run object keeps the Task and calls start() once. Destroying a Task ends what it waits for (run_release does that
// with the run object); it must not be destroyed by its own code, which cannot happen to what a run object holds. An
// exception that nobody caught leaves through the callback that resumed it, so it fails the run (guard.hpp).
#pragma once

#include "timer.hpp"

#include <chrono>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace baton::plugin {

template <class T>
class Task;

// What the promises of all tasks have in common: who waits for the end.
struct TaskPromiseBase {
  std::coroutine_handle<> waiter;
  std::exception_ptr failure;

  std::suspend_always initial_suspend() noexcept { return {}; }
  auto final_suspend() noexcept {
    struct Transfer {
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<>) noexcept { return waiter; }
      void await_resume() noexcept {}
      std::coroutine_handle<> waiter;
    };
    return Transfer{waiter ? waiter : std::noop_coroutine()};
  }
  // Without a waiter it goes up to the callback that resumed the task.
  void unhandled_exception() {
    if (!waiter) throw;
    failure = std::current_exception();
  }
};

template <class T>
struct TaskPromise : TaskPromiseBase {
  std::optional<T> value;
  Task<T> get_return_object() noexcept;
  void return_value(T given) { value.emplace(std::move(given)); }
  T take() {
    if (failure) std::rethrow_exception(failure);
    return std::move(*value);
  }
};
template <>
struct TaskPromise<void> : TaskPromiseBase {
  Task<void> get_return_object() noexcept;
  void return_void() noexcept {}
  void take() const {
    if (failure) std::rethrow_exception(failure);
  }
};

// A coroutine that begins when it is awaited, or started.
template <class T = void>
class [[nodiscard]] Task {
 public:
  using promise_type = TaskPromise<T>;
  using Frame = std::coroutine_handle<promise_type>;

  Task() = default;
  explicit Task(Frame frame) noexcept : frame_(frame) {}
  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, {})) {}
  Task& operator=(Task&& other) noexcept {
    if (this == &other) return *this;
    if (frame_) frame_.destroy();
    frame_ = std::exchange(other.frame_, {});
    return *this;
  }
  ~Task() {
    if (frame_) frame_.destroy();
  }

  // Runs until it first waits. For the outermost one, once.
  void start() { frame_.resume(); }
  bool done() const noexcept { return !frame_ || frame_.done(); }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiter) noexcept {
    frame_.promise().waiter = waiter;
    return frame_;
  }
  T await_resume() { return frame_.promise().take(); }

 private:
  Frame frame_;
};

template <class T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
  return Task<T>(Task<T>::Frame::from_promise(*this));
}
inline Task<void> TaskPromise<void>::get_return_object() noexcept {
  return Task<void>(Task<void>::Frame::from_promise(*this));
}

// What a callback gives once: on_exit of a process, on_done of a request, an answer, a result.
template <class T>
class Completion {
 public:
  // Goes where the service wants its callback; T is made of the arguments. What comes after the Completion has gone, or
  // a second time, is dropped.
  auto callback() const {
    return [shared = shared_](auto&&... given) {
      if (shared->value) return;
      shared->value.emplace(T{std::forward<decltype(given)>(given)...});
      if (shared->waiter) std::exchange(shared->waiter, {}).resume();
    };
  }

  Completion() : shared_(std::make_shared<Shared>()) {}
  Completion(Completion&&) noexcept = default;
  Completion& operator=(Completion&&) = delete;
  ~Completion() {
    if (shared_) shared_->waiter = {};
  }

  bool await_ready() const noexcept { return shared_->value.has_value(); }
  void await_suspend(std::coroutine_handle<> waiter) noexcept { shared_->waiter = waiter; }
  T await_resume() { return std::move(*shared_->value); }

 private:
  struct Shared {
    std::optional<T> value;
    std::coroutine_handle<> waiter;
  };
  std::shared_ptr<Shared> shared_;
};

class Sleep {
 public:
  Sleep(const Timers& timers, baton_run owner, std::chrono::nanoseconds delay) noexcept
      : timers_(timers), owner_(owner), delay_(delay) {}
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiter) {
    timer_ = timers_.start(owner_, delay_, [waiter] { waiter.resume(); });
  }
  void await_resume() const noexcept {}

 private:
  Timers timers_;
  baton_run owner_;
  std::chrono::nanoseconds delay_;
  Timer timer_;
};

// co_await sleep(...): goes on in a later turn, after `delay`.
inline Sleep sleep(const Timers& timers, baton_run owner, std::chrono::nanoseconds delay) noexcept {
  return {timers, owner, delay};
}

}  // namespace baton::plugin
