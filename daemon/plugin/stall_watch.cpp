#include "plugin/stall_watch.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <utility>

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
constinit std::atomic<std::uint64_t> g_told{0};     // the one that it has told of
constinit std::atomic<bool> g_aborts{false};

int stall_signal() { return SIGRTMIN + 6; }

enum class Looked { kNotYet, kAsked, kTwice };  // at one visit

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
    g_told = visit_now();
  }
  errno = error;
}

// On the watcher's thread: the plugin has blocked all signals, or holds what the handler waits for.
void tell_without_stack(std::uint64_t visit) {
  const Place place = place_now();
  if (visit_now() != visit || place.subject == nullptr) return;
  say("<4>plugin ");
  say(place.subject);
  say(": ");
  say(place.call);
  say(" does not come back, and hears no signal\n");
  if (!g_aborts) return;
  mark_crash("stall", place);
  std::abort();
}

}  // namespace

StallWatch::StallWatch(Settings settings) : settings_(settings), reactor_(::pthread_self()) {
  std::array<void*, kFrames> frames{};
  (void)::backtrace(frames.data(), kFrames);
  g_aborts = settings.abort;
  struct sigaction action {};
  action.sa_handler = &on_stalled;
  action.sa_flags = SA_RESTART | SA_ONSTACK;  // what a plugin has left of its own may be too little
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
  auto looked = Looked::kNotYet;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, settings_.limit / kLooksPerLimit, [this] { return ending_; })) {
    const auto visit = visit_now();
    if (visit != std::exchange(seen, visit)) {
      since = Clock::now();
      looked = Looked::kNotYet;
    }
    if (visit == 0 || looked == Looked::kTwice || Clock::now() - since < settings_.limit) continue;
    since = Clock::now();
    if (std::exchange(looked, looked == Looked::kNotYet ? Looked::kAsked : Looked::kTwice) == Looked::kNotYet) {
      g_stalled = visit;
      ::pthread_kill(reactor_, stall_signal());
    } else if (g_told != visit) {
      tell_without_stack(visit);
    }
  }
}

}  // namespace baton::plugin
