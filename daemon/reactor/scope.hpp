// What a component started and must see ended before it dies.
//
// Every task is spawned into a Scope; the component's shutdown awaits `drained()`, and the destructor checks that
// nothing is left. A Scope does not cancel: whoever owns the work knows how to end it (stop a child, close a socket).
// It only counts.
#pragma once

#include <cstddef>

#include "reactor/event.hpp"
#include "reactor/loop.hpp"
#include "reactor/task.hpp"

namespace baton::reactor {

class Scope {
 public:
  explicit Scope(Loop& loop) : loop_(&loop), idle_(loop) {}
  ~Scope();  // a bug when tasks still live
  Scope(const Scope&) = delete;
  Scope& operator=(const Scope&) = delete;

  // Starts `task`: called on the loop, at once, up to its first wait; else in a later turn. So a task that calls back
  // waits for a turn of its own first. An exception out of it is a bug.
  void spawn(Task<> task);

  // Ends when no spawned task is alive. More may be spawned meanwhile; they are awaited too.
  Task<> drained();

  std::size_t alive() const { return alive_; }
  Loop& loop() { return *loop_; }

 private:
  Task<> counted(Task<> task);

  Loop* loop_;
  std::size_t alive_ = 0;
  Event idle_;
};

}  // namespace baton::reactor
