#include "plugin/stall_watch.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include <execinfo.h>
#include <pthread.h>
#include <unistd.h>

#include "plugin/crash_marker.hpp"
#include "plugin/place.hpp"

namespace baton::plugin {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kLooksPerLimit = 5;
constexpr int kFrames = 64;

constinit std::atomic<std::uint64_t> g_stalled{0};  // the visit that the handler is asked to tell of
constinit std::atomic<bool> g_aborts{false};

int stall_signal() { return SIGRTMIN + 6; }

void say(const char* text) { (void)!::write(STDERR_FILENO, text, std::strlen(text)); }

// On the reactor's thread, in the middle of the plugin. backtrace() allocates at its first call only, which the
// constructor makes.
void on_stalled(int /*signal*/) {
  const int error = errno;
  const Place place = place_now();
  if (visit_now() == g_stalled && place.subject != nullptr) {
    say("<4>plugin ");
    say(place.subject);
    say(": ");
    say(place.call);
    say(" does not come back; the daemon's stack:\n");
    std::array<void*, kFrames> frames{};
    ::backtrace_symbols_fd(frames.data(), ::backtrace(frames.data(), kFrames), STDERR_FILENO);
    if (g_aborts) {
      set_crash_cause("stall");
      std::abort();
    }
  }
  errno = error;
}

}  // namespace

StallWatch::StallWatch(Settings settings) : settings_(settings), reactor_(::pthread_self()) {
  std::array<void*, kFrames> frames{};
  (void)::backtrace(frames.data(), kFrames);
  g_aborts = settings.abort;
  struct sigaction action {};
  action.sa_handler = &on_stalled;
  action.sa_flags = SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  ::sigaction(stall_signal(), &action, nullptr);
  sigset_t all, old;  // signals of the process are the reactor's
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &old);
  thread_ = std::thread([this] { watch(); });
  ::pthread_sigmask(SIG_SETMASK, &old, nullptr);
}

StallWatch::~StallWatch() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void StallWatch::watch() {
  std::uint64_t seen = 0;
  auto since = Clock::now();
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, settings_.limit / kLooksPerLimit, [this] { return ending_; })) {
    const auto visit = visit_now();
    if (visit != seen) since = Clock::now();
    seen = visit;
    if (visit == 0 || visit == g_stalled || Clock::now() - since < settings_.limit) continue;
    g_stalled = visit;
    ::pthread_kill(reactor_, stall_signal());
  }
}

}  // namespace baton::plugin
