#include "plugin/thread_census.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>
#include <memory>

#include <dirent.h>

namespace baton::plugin {
namespace {

struct Close {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

}  // namespace

// In rising order.
std::vector<pid_t> ThreadCensus::alive() {
  std::vector<pid_t> threads;
  const std::unique_ptr<DIR, Close> tasks(::opendir("/proc/self/task"));
  while (const dirent* entry = tasks ? ::readdir(tasks.get()) : nullptr) {
    pid_t thread = 0;
    const char* name = &entry->d_name[0];
    const auto [end, error] = std::from_chars(name, name + std::strlen(name), thread);
    if (error == std::errc() && *end == '\0') threads.push_back(thread);
  }
  std::ranges::sort(threads);
  return threads;
}

void ThreadCensus::after() {
  const auto now = alive();
  std::ranges::set_difference(now, known_, std::back_inserter(appeared_));
  std::ranges::sort(appeared_);
  std::erase_if(appeared_, [&](pid_t thread) { return !std::ranges::binary_search(now, thread); });
}

std::size_t ThreadCensus::left() const {
  const auto now = alive();
  return static_cast<std::size_t>(
      std::ranges::count_if(appeared_, [&](pid_t thread) { return std::ranges::binary_search(now, thread); }));
}

}  // namespace baton::plugin
