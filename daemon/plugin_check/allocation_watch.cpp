#include "plugin_check/allocation_watch.hpp"

#include <array>
#include <cerrno>
#include <string_view>

#include <dlfcn.h>
#include <execinfo.h>

namespace baton::plugin_check {
namespace {

// A constructor's call goes through few functions; below it lies the loader.
constexpr int kFrames = 32;
constexpr std::size_t kCalls = 1024;  // the loader itself makes several for each library that is needed

struct Call {
  std::array<void*, kFrames> frames;
  int depth = 0;
};

// Without constructors and destructors: malloc is called before and after those.
constinit thread_local bool watching = false;
constinit std::array<Call, kCalls> calls{};
constinit std::size_t call_count = 0;

[[maybe_unused]] void remember() {
  if (!watching) return;
  watching = false;  // what looks at the stack may allocate
  if (call_count < kCalls) {
    auto& call = calls[call_count++];
    call.depth = ::backtrace(call.frames.data(), kFrames);
  }
  watching = true;
}

bool lies_in(const void* address, const std::filesystem::path& library) {
  Dl_info info{};
  return ::dladdr(address, &info) != 0 && info.dli_fname != nullptr && library == info.dli_fname;
}

bool comes_from(const Call& call, const std::filesystem::path& library) {
  for (int frame = 0; frame < call.depth; ++frame) {
    if (lies_in(call.frames[static_cast<std::size_t>(frame)], library)) return true;
  }
  return false;
}

}  // namespace

AllocationWatch::AllocationWatch() {
  std::array<void*, kFrames> once;
  ::backtrace(once.data(), kFrames);  // the first call loads what it needs
  call_count = 0;
  watching = true;
}

AllocationWatch::~AllocationWatch() { stop(); }

void AllocationWatch::stop() { watching = false; }

bool AllocationWatch::is_full() const { return call_count == kCalls; }

std::size_t AllocationWatch::calls_from(const std::filesystem::path& library) const {
  std::size_t count = 0;
  for (std::size_t index = 0; index < call_count; ++index) {
    if (comes_from(calls[index], library)) ++count;
  }
  return count;
}

}  // namespace baton::plugin_check

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define BATON_OWN_MALLOC 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define BATON_OWN_MALLOC 0
#endif
#endif
#ifndef BATON_OWN_MALLOC
#define BATON_OWN_MALLOC 1
#endif

#if BATON_OWN_MALLOC
// glibc lets a program define these; its own remain reachable by other names.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the names are glibc's.
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

void* malloc(std::size_t size) {
  baton::plugin_check::remember();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  baton::plugin_check::remember();
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  baton::plugin_check::remember();
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  baton::plugin_check::remember();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  baton::plugin_check::remember();
  void* made = __libc_memalign(alignment, size);
  if (made == nullptr) return ENOMEM;
  *out = made;
  return 0;
}
}
#endif
