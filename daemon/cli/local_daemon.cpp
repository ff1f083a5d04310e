#include "cli/local_daemon.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/api_client.hpp"
#include "cli/program.hpp"

namespace baton::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto kStartDeadline = std::chrono::seconds(10);
constexpr auto kStopDeadline = std::chrono::seconds(10);
constexpr auto kPoll = std::chrono::milliseconds(10);
constexpr std::size_t kLogTail = 2000;

std::string log_tail(const fs::path& file) {
  std::ifstream in(file);
  std::stringstream content;
  content << in.rdbuf();
  return std::string(text::tail(content.str(), kLogTail));
}

bool answers(const http::Peer& peer) {
  ApiClient client(peer);
  const auto health = client.call(http::Method::kGet, "/api/health", {}, std::chrono::seconds(1));
  return health && health->ok();
}

}  // namespace

Result<LocalDaemon> LocalDaemon::start(const fs::path& state, const fs::path& config) {
  std::error_code error;
  const auto bin = fs::read_symlink("/proc/self/exe", error).parent_path();
  if (error) return fail(Errc::kIo, "cannot tell where this program is: " + error.message());
  const auto log = state / "batond.log";
  const auto pid = start_program({.argv = {(bin / "batond").string(), "--config", config.string(), "--state",
                                           state.string(), "--listen", "127.0.0.1:0"},
                                  .directory = state,
                                  .output = log,
                                  .env = clean_environment(state)});
  if (!pid) return fail(pid.error());
  LocalDaemon daemon(*pid, state);
  const auto deadline = std::chrono::steady_clock::now() + kStartDeadline;
  while (!answers(daemon.peer())) {
    if (daemon.reap(false) || std::chrono::steady_clock::now() > deadline) {
      return fail(Errc::kUnavailable, "the daemon did not start:\n" + log_tail(log));
    }
    std::this_thread::sleep_for(kPoll);
  }
  return daemon;
}

LocalDaemon::LocalDaemon(LocalDaemon&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), state_(std::move(other.state_)), status_(other.status_) {}

LocalDaemon::~LocalDaemon() { (void)stop(); }

bool LocalDaemon::reap(bool wait) {
  if (pid_ < 0) return true;
  if (::waitpid(pid_, &status_, wait ? 0 : WNOHANG) != pid_) return false;
  pid_ = -1;
  return true;
}

Result<Unit> LocalDaemon::stop() {
  if (pid_ < 0) return Unit{};
  ::kill(pid_, SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + kStopDeadline;
  while (!reap(false)) {
    if (std::chrono::steady_clock::now() > deadline) {
      ::kill(pid_, SIGKILL);
      reap(true);
      return fail(Errc::kTimeout, "the daemon did not end when it was told to");
    }
    std::this_thread::sleep_for(kPoll);
  }
  if (!WIFEXITED(status_) || WEXITSTATUS(status_) != 0) {
    return fail(Errc::kInternal, fmt::format("the daemon ended with status {}", status_));
  }
  return Unit{};
}

}  // namespace baton::cli
