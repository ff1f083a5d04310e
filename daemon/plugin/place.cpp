#include "plugin/place.hpp"

#include <atomic>
#include <functional>
#include <mutex>
#include <set>
#include <string>

namespace baton::plugin {
namespace {

// Atomics without a lock are what a signal handler may read. Order matters between this thread and its own handler
// only.
constinit std::atomic<const char*> g_subject{nullptr}, g_call{nullptr};
constinit std::atomic<std::uint64_t> g_visit{0}, g_visits{0};
constinit std::atomic<const void*> g_visitor{nullptr};
static_assert(std::atomic<const char*>::is_always_lock_free && std::atomic<std::uint64_t>::is_always_lock_free);

constexpr auto kRelaxed = std::memory_order_relaxed;

}  // namespace

Place place_now() { return {g_subject.load(std::memory_order_acquire), g_call.load(kRelaxed)}; }

std::uint64_t visit_now() { return g_visit.load(kRelaxed); }

// As many as there are instances and libraries.
const char* lasting(std::string_view text) {
  static std::mutex mutex;
  static auto* texts = new std::set<std::string, std::less<>>();
  const std::lock_guard lock(mutex);
  const auto known = texts->find(text);
  return (known != texts->end() ? known : texts->emplace(text).first)->c_str();
}

Stay::Stay(const char* subject, const char* call, const void* visitor) {
  g_call.store(call, kRelaxed);
  g_visitor.store(visitor, kRelaxed);
  const auto number = g_visits.load(kRelaxed) + 1;
  g_visits.store(number, kRelaxed);
  g_visit.store(number, kRelaxed);
  g_subject.store(subject, std::memory_order_release);
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

Stay::~Stay() {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  g_subject.store(nullptr, kRelaxed);
  g_visit.store(0, kRelaxed);
}

const void* last_visitor() { return g_visitor.load(kRelaxed); }

}  // namespace baton::plugin
