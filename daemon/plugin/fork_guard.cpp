#include "plugin/fork_guard.hpp"

#include <atomic>

#include <pthread.h>
#include <unistd.h>

#include "plugin/place.hpp"

namespace baton::plugin {

constinit std::atomic<std::uint64_t> detail::g_forks{0};

namespace {

constinit std::atomic<pid_t> g_thread{0};
constexpr int kExit = 70;  // EX_SOFTWARE

bool is_inside() { return place_now().subject != nullptr; }

void count() {
  if (is_inside() && ::gettid() == g_thread) ++detail::g_forks;
}

// The child has one thread, whose number is new: only the place says whence it came. A fork on another thread while the
// reactor is inside a plugin ends its child too; the daemon itself never forks.
void end_copy() {
  if (is_inside()) ::_exit(kExit);
}

}  // namespace

void guard_forks() {
  g_thread = ::gettid();
  ::pthread_atfork(nullptr, &count, &end_copy);
}

}  // namespace baton::plugin
