// Lets a task wait for one answer that comes by a callback.
//
//   Task<Result<Row>> read(...) {
//     Completion<Result<Row>> row(loop);
//     start_reading([resolve = row.resolver()](Result<Row> got) mutable { resolve(std::move(got)); });
//     co_return co_await row.take();
//   }
//
// The resolver may outlive the completion: an answer that nobody waits for any more is dropped.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "base/bug.hpp"
#include "reactor/event.hpp"

namespace baton::reactor {

template <class T>
class Completion {
  struct State;

 public:
  explicit Completion(Loop& loop) : state_(std::make_shared<State>(loop)) {}

  class Resolver {
   public:
    // Reactor thread, once.
    void operator()(T value) {
      require(!state_->value.has_value(), "answered twice");
      state_->value.emplace(std::move(value));
      state_->ready.notify_all();
    }

   private:
    friend class Completion;
    explicit Resolver(std::shared_ptr<typename Completion::State> state) : state_(std::move(state)) {}
    std::shared_ptr<typename Completion::State> state_;
  };

  Resolver resolver() { return Resolver(state_); }

  Task<T> take() {
    const auto state = state_;
    while (!state->value.has_value()) co_await state->ready.wait();
    co_return std::move(*state->value);
  }

 private:
  struct State {
    explicit State(Loop& loop) : ready(loop) {}
    std::optional<T> value;
    Event ready;
  };
  std::shared_ptr<State> state_;
};

}  // namespace baton::reactor
