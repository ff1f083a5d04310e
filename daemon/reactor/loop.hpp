// The one event loop of the process: everything but the store's writer runs on the thread that is inside run().
#pragma once

#include <functional>

#include <asio/io_context.hpp>

namespace baton::reactor {

class ManualTime;

class Loop {
 public:
  Loop() : context_(1) {}  // one thread runs it; others may post()
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  asio::io_context& context() { return context_; }

  // Runs until stop() or until nothing is left to wait for.
  void run() { context_.run(); }
  void stop() { context_.stop(); }

  // Runs `action` in a later turn. Any thread.
  void post(std::function<void()> action);

  // The time that the timers of this loop obey (manual_time.hpp); null: the machine's.
  ManualTime* manual_time() { return manual_time_; }
  void set_manual_time(ManualTime* time) { manual_time_ = time; }

 private:
  asio::io_context context_;
  ManualTime* manual_time_ = nullptr;
};

}  // namespace baton::reactor
