// Group conduct: what a plugin leaves behind in the process that it lives in, and what it changes there.
//
// Each is asked of whole lives: an instance, some runs, its end. The first life is not judged, so that what a library
// sets up once (a cache, a lock file of its C library) does not count.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.hpp"
#include "plugin_check/check.hpp"
#include "plugin_check/scene.hpp"
#include "plugin_check/snapshot.hpp"

namespace baton::plugin_check {
namespace {

constexpr int kRunsPerLife = 3;
constexpr auto kPatience = std::chrono::seconds(2);  // the kernel shows a joined thread for a moment

// Runs to their end, a cancelled one, and the end of the instance. What is not judged: it never came to rest.
std::optional<Finding> live(Scene& scene) {
  for (int number = 0; number < kRunsPerLife; ++number) {
    const KeptRun& run = scene.run();
    if (scene.instance() == nullptr || !run.refusal.empty()) return scene.untried(run);
  }
  KeptRun& run = scene.start(scene.request());
  scene.bench().turn();
  if (run.handle) run.handle->cancel(runtime::CancelReason::kUser);
  if (scene.bench().end(*scene.instance())) return std::nullopt;
  return skip("it does not come to rest: see quiesce-idle");
}

using Differences = std::vector<std::string> (*)(const Snapshot& before, const Snapshot& after);

// What there is more after the second life than before it. It may take the kernel a moment to forget something.
Finding left_over(const Subject& subject, Differences differences) {
  {
    Scene first(subject);
    if (auto why = live(first)) return *why;
  }
  const Snapshot before = take_snapshot();
  {
    Scene second(subject);
    if (auto why = live(second)) return *why;
  }
  const auto until = std::chrono::steady_clock::now() + kPatience;
  std::vector<std::string> left;
  do {
    left = differences(before, take_snapshot());
    if (left.empty()) return pass();
    std::this_thread::yield();
  } while (std::chrono::steady_clock::now() < until);
  return fault("after destroy " + joined(left));
}

Finding no_threads_left(const Subject& subject) { return left_over(subject, new_threads); }
Finding no_children(const Subject& subject) { return left_over(subject, new_children); }
Finding no_fd_leak(const Subject& subject) { return left_over(subject, new_descriptors); }

Finding process_state_untouched(const Subject& subject) {
  const Snapshot before = take_snapshot();
  Scene scene(subject);
  const auto changed = [&](std::string_view when) -> std::optional<Finding> {
    const auto changes = changed_state(before, take_snapshot());
    if (changes.empty()) return std::nullopt;
    return fault(fmt::format("{} {}", when, joined(changes)));
  };
  if (auto wrong = changed("after create")) return *wrong;
  KeptRun& run = scene.start_program(scene.request());
  if (auto why = scene.untried(run)) return *why;
  if (auto wrong = changed("after the start of its program")) return *wrong;
  scene.bench().settle([&] { return run.ended(); });
  if (auto wrong = changed("after a run")) return *wrong;
  auto why = live(scene);
  if (auto wrong = changed("after its end")) return *wrong;
  return why ? *why : pass();
}

// A descriptor that leads into a file as long as this lives.
class Diverted {
 public:
  explicit Diverted(int descriptor) : descriptor_(descriptor), original_(::dup(descriptor)) {
    ::dup2(file_, descriptor_);
  }
  ~Diverted() {
    ::dup2(original_, descriptor_);
    ::close(original_);
    ::close(file_);
  }
  Diverted(const Diverted&) = delete;
  Diverted& operator=(const Diverted&) = delete;
  int file() const { return file_; }
  std::string content() const {
    std::string bytes(4096, '\0');
    const auto size = ::pread(file_, bytes.data(), bytes.size(), 0);
    bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return bytes;
  }

 private:
  int descriptor_, original_;
  int file_ = ::memfd_create("output", MFD_CLOEXEC);
};

// The host writes its log to stderr, so only what is written while the plugin is called counts there.
Finding no_stdout(const Subject& subject) {
  std::fflush(stdout);
  const Diverted out(STDOUT_FILENO), err(STDERR_FILENO);
  Witness witness;
  witness.measure(err.file());
  Scene scene(subject, &witness);
  const auto why = live(scene);
  std::fflush(stdout);
  if (const auto said = out.content(); !said.empty())
    return fault(fmt::format("it writes to stdout: \"{}\"", text::shortened(text::repaired_utf8(said))));
  for (const Visit& visit : witness.visits()) {
    if (visit.written > 0) return fault(fmt::format("it writes to stderr in {}", visit.what));
  }
  return why ? *why : pass();
}

constexpr std::array kChecks{
    Check{"no-threads-left", "conduct", "Every thread has ended when destroy returns", no_threads_left},
    Check{"no-children", "conduct", "It starts no processes but through the host", no_children},
    Check{"no-fd-leak", "conduct", "Every descriptor is closed when destroy returns", no_fd_leak},
    Check{"process-state-untouched", "conduct", "Directory, environment, umask, locale and signals stay as they are",
          process_state_untouched},
    Check{"no-stdout", "conduct", "It writes neither to stdout nor to stderr", no_stdout},
};

}  // namespace

std::span<const Check> conduct_trace_checks() { return kChecks; }

}  // namespace baton::plugin_check
