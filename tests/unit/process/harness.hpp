// One child and everything it said.
#pragma once

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/wait.h>

#include "process/child.hpp"
#include "process/environment.hpp"
#include "process/proc_stat.hpp"
#include "tests/support/run_task.hpp"

namespace baton::process {

inline SpawnRequest shell(std::string script, bool keep_stdin = false) {
  SpawnRequest request;
  request.argv = {"sh", "-c", std::move(script)};
  request.cwd = "/";
  request.env = clean_environment();
  request.keep_stdin = keep_stdin;
  request.label = "test";
  return request;
}

// False for a zombie too: it has ended.
inline bool lives(int pid) {
  const auto stat = stat_of(pid);
  return stat && !stat->ended();
}

inline int zombies() {
  int count = 0;
  for (const auto& process : all_processes()) {
    if (process.state != 'Z') continue;
    siginfo_t info{};
    // Ours only: WNOWAIT asks without reaping.
    if (::waitid(P_PID, static_cast<id_t>(process.pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0) ++count;
  }
  return count;
}

inline std::ptrdiff_t open_descriptors() {
  return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
}

class Watched {
 public:
  Watched(reactor::Loop& loop, SpawnRequest request, Ledger* ledger = nullptr) : loop_(&loop) {
    Child::Events events;
    events.on_output = [this](Stream stream, std::string_view bytes) {
      (stream == Stream::kStdout ? out : err) += bytes;
    };
    events.on_drain = [this] { ++drained; };
    events.on_exit = [this](const Exit& ended) {
      ++exits;
      exit = ended;
    };
    auto spawned = Child::spawn(loop, ledger, std::move(request), std::move(events));
    if (!spawned) {
      error = spawned.error();
      return;
    }
    child = std::move(*spawned);
  }

  bool ended() {
    return test::run_until(*loop_, [this] { return exit.has_value(); });
  }
  bool said(std::string_view text) {
    return test::run_until(*loop_, [this, text] { return out.find(text) != std::string::npos; });
  }
  // The number on the first line of its output.
  int told_pid() { return said("\n") ? std::atoi(out.c_str()) : -1; }

  std::unique_ptr<Child> child;
  std::optional<Error> error;
  std::string out, err;
  int drained = 0;
  int exits = 0;
  std::optional<Exit> exit;

 private:
  reactor::Loop* loop_;
};

}  // namespace baton::process
