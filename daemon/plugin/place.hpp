// Where the daemon is inside a plugin: readable from a signal handler and from another thread.
//
// Only the reactor's thread enters plugins, one at a time, so there is one place. It holds pointers to texts that stay
// for ever, because another thread may be reading them while the plugin is left.
#pragma once

#include <atomic>
#include <cstdint>
#include <string_view>

namespace baton::plugin {

// Where it is. In a header, because each line that an agent prints writes it. Atomics without a lock are what a signal
// handler may read; order matters between this thread and its own handler only.
namespace detail {

inline constinit std::atomic<const char*> g_subject{nullptr}, g_call{nullptr};
inline constinit std::atomic<std::uint64_t> g_visit{0}, g_visits{0};
inline constinit std::atomic<const void*> g_visitor{nullptr};
static_assert(std::atomic<const char*>::is_always_lock_free && std::atomic<std::uint64_t>::is_always_lock_free);

}  // namespace detail

struct Place {
  const char* subject = nullptr;  // the instance's name, or the real path of a library that is being loaded; null: none
  const char* call = nullptr;     // one word: the crash log parts its fields by blanks
};

// Any thread; a signal handler.
inline Place place_now() {
  return {detail::g_subject.load(std::memory_order_acquire), detail::g_call.load(std::memory_order_relaxed)};
}

// A number of its own for each stay; 0 while outside. Any thread.
inline std::uint64_t visit_now() { return detail::g_visit.load(std::memory_order_relaxed); }

// `text` as one that stays for ever; one copy of each.
const char* lasting(std::string_view text);

// Inside a plugin, from here to the end of the scope.
class Stay {
 public:
  // Both texts stay for ever. `visitor` is who enters, for last_visitor().
  Stay(const char* subject, const char* call, const void* visitor) {
    constexpr auto kRelaxed = std::memory_order_relaxed;
    detail::g_call.store(call, kRelaxed);
    detail::g_visitor.store(visitor, kRelaxed);
    const auto number = detail::g_visits.load(kRelaxed) + 1;
    detail::g_visits.store(number, kRelaxed);
    detail::g_visit.store(number, kRelaxed);
    detail::g_subject.store(subject, std::memory_order_release);
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  ~Stay() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    detail::g_subject.store(nullptr, std::memory_order_relaxed);
    detail::g_visit.store(0, std::memory_order_relaxed);
  }
  Stay(const Stay&) = delete;
  Stay& operator=(const Stay&) = delete;
};

// Who entered last, also after it has left; to be compared, since it may be gone. Null: nobody.
inline const void* last_visitor() { return detail::g_visitor.load(std::memory_order_relaxed); }

}  // namespace baton::plugin
