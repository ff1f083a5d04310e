// One run: the program from its start to its exit, and what is made of both.
//
// The outcome is decided when the program has exited, in this order: somebody cancelled it, its time was over, what its
// "result" line said, how it exited. Success needs exit status 0 whatever was said.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <baton/ext/runtime.h>
#include <baton/cpp/process.hpp>
#include <baton/cpp/run.hpp>
#include <baton/cpp/timer.hpp>

#include "command/config.hpp"
#include "command/events.hpp"
#include "command/tail.hpp"

namespace command {

struct Services {
  baton::plugin::Host host;
  baton::plugin::Processes processes;
  baton::plugin::Timers timers;
};

class CommandRun {
 public:
  CommandRun(baton::plugin::Run run, const Config& config, const Services& services);
  CommandRun(const CommandRun&) = delete;
  CommandRun& operator=(const CommandRun&) = delete;

  // A program that cannot be started ends the run at once.
  void start(const baton_run_request& request);
  void cancel(std::int64_t deadline);

 private:
  void write_prompt();
  void on_output(baton::plugin::Stream stream, std::string_view bytes, std::uint32_t cut);
  void take_text(std::string_view piece, std::uint32_t cut);
  void take_event(std::string_view piece, std::uint32_t cut);
  void on_exit(const baton_exit& exit);
  void refuse(const baton::plugin::Status& why, const std::string& program);
  baton::plugin::Outcome outcome(const baton_exit& exit) const;

  baton::plugin::Run run_;
  const Config& config_;
  Services services_;
  EventReader events_;
  baton::plugin::Process process_;
  baton::plugin::Timer timeout_;
  std::string prompt_;  // what is still to be written
  std::size_t written_ = 0;
  Tail words_, complaints_;  // ends of what it said on stdout and stderr
  bool cancelled_ = false;
  bool timed_out_ = false;
};

}  // namespace command
