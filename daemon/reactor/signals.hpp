// TERM, INT and HUP as calls on the reactor. SIGPIPE is ignored from construction on: a closed socket is an error
// value. SIGCHLD is never touched; children are watched through pidfds.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>

#include "reactor/loop.hpp"

namespace baton::reactor {

class Signals {
 public:
  // `action` is called with the signal's number, each time one arrives, until this object is destroyed.
  Signals(Loop& loop, std::initializer_list<int> numbers, std::function<void(int)> action);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  struct State;
  static void arm(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;  // shared with the pending wait, which may outlive this object by a turn
};

}  // namespace baton::reactor
