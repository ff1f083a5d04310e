// Watches from a thread of its own whether the reactor comes back out of a plugin.
//
// It looks a few times per limit, so a visit is told between its limit and a fifth more. What it tells is a line and
// the reactor's stack, on stderr and once per visit; with `abort` it then ends the daemon, and the crash marker names
// the plugin. Where the reactor's thread does not hear the signal for as long again, the watcher itself says so,
// without the stack, and ends the daemon. A supervisor's watchdog is not fooled by it: nothing here speaks to the
// supervisor, and a reactor that hangs answers nobody.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace baton::plugin {

class StallWatch {
 public:
  struct Settings {
    std::chrono::nanoseconds limit{};
    bool abort = false;
  };
  // Watches the thread that makes it. One at a time.
  explicit StallWatch(Settings settings);
  ~StallWatch();
  StallWatch(const StallWatch&) = delete;
  StallWatch& operator=(const StallWatch&) = delete;

 private:
  void watch();

  const Settings settings_;
  const pthread_t reactor_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace baton::plugin
