#include "plugin/crash_marker.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string_view>

#include <unistd.h>

namespace baton::plugin {
namespace {

constinit std::atomic<int> g_descriptor{-1};
constinit std::atomic<pid_t> g_thread{0};
constinit std::atomic<const char*> g_cause{nullptr};
constinit std::atomic<bool> g_written{false};  // a process ends once

// Text in a buffer of fixed size, by nothing that a signal handler may not call.
class Line {
 public:
  void add(char c) {
    const bool control = static_cast<unsigned char>(c) < 0x20;
    if (size_ < text_.size() - 1) text_[size_++] = control ? '?' : c;
  }
  void add(std::string_view text) {
    for (const char c : text) add(c);
  }
  // A field that is not the last: a blank in it would shift those that follow.
  void add_word(std::string_view text) {
    for (const char c : text) add(c == ' ' ? '_' : c);
    add(' ');
  }
  void add(std::int64_t number) {
    std::array<char, 20> digits{};
    std::size_t count = 0;
    do digits[count++] = static_cast<char>('0' + number % 10);
    while ((number /= 10) > 0);
    while (count > 0) add(digits[--count]);
  }
  void write_to(int descriptor) {
    text_[size_++] = '\n';
    (void)!::write(descriptor, text_.data(), size_);
  }

 private:
  std::array<char, 4500> text_{};  // a path has up to 4096 bytes
  std::size_t size_ = 0;
};

void write_marker(int signal, const char* cause, const Place& place) {
  if (g_written.exchange(true)) return;
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  Line line;
  line.add(std::int64_t{now.tv_sec});
  line.add(" crash ");
  if (cause != nullptr) {
    line.add_word(cause);
  } else {
    line.add("signal-");
    line.add(std::int64_t{signal});
    line.add(' ');
  }
  line.add_word(place.call);
  line.add(std::string_view(place.subject));
  line.write_to(g_descriptor);
}

// SA_RESETHAND has brought the default action back; the signal is blocked until the end of this function and then ends
// the process where it was.
void on_fatal(int signal) {
  const int error = errno;
  const Place place = place_now();
  if (place.subject != nullptr && place.call != nullptr && ::gettid() == g_thread) write_marker(signal, g_cause, place);
  errno = error;
  ::raise(signal);
}

void handle(int signal) {
  struct sigaction old {};
  if (::sigaction(signal, nullptr, &old) != 0 || old.sa_handler != SIG_DFL) return;
  struct sigaction action {};
  action.sa_handler = &on_fatal;
  action.sa_flags = SA_ONSTACK | static_cast<int>(SA_RESETHAND);
  ::sigemptyset(&action.sa_mask);
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

void mark_crashes(int descriptor) {
  static std::array<char, 64 * 1024> stack;  // the handler runs also where a plugin has used up its own
  stack_t alternate{};
  if (::sigaltstack(nullptr, &alternate) == 0 && (alternate.ss_flags & SS_DISABLE) != 0) {
    alternate = {};
    alternate.ss_sp = stack.data();
    alternate.ss_size = stack.size();
    ::sigaltstack(&alternate, nullptr);
  }
  g_thread = ::gettid();
  g_descriptor = descriptor;
  for (const int signal : {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT}) handle(signal);
}

void mark_crash(const char* cause, const Place& place) { write_marker(SIGABRT, cause, place); }

void set_crash_cause(const char* cause) { g_cause = cause; }

}  // namespace baton::plugin
