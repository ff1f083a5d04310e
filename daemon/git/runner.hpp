// Starts git: a few at a time, each bounded in time and output, in the scrubbed environment. It knows no command.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "base/result.hpp"
#include "git/types.hpp"
#include "process/command.hpp"
#include "process/environment.hpp"
#include "reactor/loop.hpp"
#include "reactor/semaphore.hpp"
#include "reactor/task.hpp"

namespace baton::git {

struct Options {
  std::string program = "git";
  std::chrono::nanoseconds timeout = limits::kGitTimeout;  // of each command, from its start
  int at_once = limits::kGitAtOnce;
  process::Ledger* ledger = nullptr;  // outlives the Git
};

struct Invocation {
  std::filesystem::path directory;
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> variables;  // more environment
  std::string input;
  std::size_t capture = limits::kGitCapture;
  bool may_be_cut = false;  // more output than `capture` is no error
  bool durable = false;     // what it writes is on the disk when it ends (environment.hpp)
};

// A command in a checkout, which is named explicitly.
Invocation in_checkout(const Checkout& checkout, std::vector<std::string> arguments);

class Runner {
 public:
  Runner(reactor::Loop& loop, Options options);

  // The end of the command, whatever its exit status. Errors: it did not start, ran too long, said too much, was
  // cancelled.
  reactor::Task<Result<process::Finished>> run(Invocation invocation);

  // The same, and an exit status other than 0 is an error; what it wrote to stdout.
  reactor::Task<Result<std::string>> output(Invocation invocation);

  // Work on the file system that may take long, by a child that is no git; `argv` names a program of coreutils.
  // kNoSpace "disk_full", else kIo with its words.
  reactor::Task<Result<Unit>> tool(std::vector<std::string> argv, std::string input = {});

  // What `du` says of `names` below `directory`, in bytes: parse_disk_usage(). What cannot be read does not count.
  reactor::Task<Result<std::string>> disk_usage(std::filesystem::path directory, std::vector<std::string> names);

  void cancel_all() { stop_.request_stop(); }
  std::uint64_t started() const { return started_; }
  reactor::Loop& loop() { return loop_; }

 private:
  reactor::Task<Result<process::Finished>> start(process::Command command);

  reactor::Loop& loop_;
  Options options_;
  process::Environment environment_;
  reactor::Semaphore places_;
  std::stop_source stop_;
  std::uint64_t started_ = 0;
};

}  // namespace baton::git
