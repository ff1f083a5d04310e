#include "plugin_check/snapshot.hpp"

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace baton::plugin_check {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_in(const char* directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator all(directory, error), end; !error && all != end; all.increment(error))
    names.push_back(all->path().filename().native());
  std::ranges::sort(names);
  return names;
}

std::map<int, std::string> open_descriptors() {
  std::map<int, std::string> open;
  for (const auto& name : names_in("/proc/self/fd")) {
    std::error_code error;
    const auto target = fs::read_symlink("/proc/self/fd/" + name, error);
    if (!error)
      open[std::atoi(name.c_str())] = target.native();  // the descriptor of the listing itself is closed by now
  }
  return open;
}

// Of every thread: whoever forks is the parent.
std::vector<std::string> living_children(const std::vector<std::string>& threads) {
  std::vector<std::string> children;
  for (const auto& thread : threads) {
    std::ifstream list("/proc/self/task/" + thread + "/children");
    for (std::string pid; list >> pid;) children.push_back(pid);
  }
  std::ranges::sort(children);
  return children;
}

std::string blocked() {
  std::ifstream status("/proc/thread-self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("SigBlk:")) return line;
  }
  return "";
}

std::array<Snapshot::Disposition, 65> dispositions() {
  std::array<Snapshot::Disposition, 65> all{};
  for (int number = 1; number < static_cast<int>(all.size()); ++number) {
    struct sigaction now {};
    if (::sigaction(number, nullptr, &now) == 0) all[static_cast<std::size_t>(number)] = {now.sa_handler, now.sa_flags};
  }
  return all;
}

template <class List>
std::vector<std::string> added(const List& before, const List& after) {
  std::vector<std::string> more;
  std::ranges::set_difference(after, before, std::back_inserter(more));
  return more;
}

std::string name_of(const std::string& variable) { return variable.substr(0, variable.find('=')); }

}  // namespace

Snapshot take_snapshot() {
  Snapshot now;
  now.threads = names_in("/proc/self/task");
  now.descriptors = open_descriptors();
  now.children = living_children(now.threads);
  std::error_code error;
  now.cwd = fs::current_path(error).native();
  const char* locale = std::setlocale(LC_ALL, nullptr);
  now.locale = locale != nullptr ? locale : "";
  now.umask = ::umask(0);
  ::umask(static_cast<mode_t>(now.umask));
  for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable)
    now.environment.emplace_back(*variable);
  std::ranges::sort(now.environment);
  now.signals = dispositions();
  now.blocked_signals = blocked();
  return now;
}

std::size_t count_threads() { return names_in("/proc/self/task").size(); }

std::vector<std::string> changed_state(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> changes;
  if (before.cwd != after.cwd) changes.push_back("the working directory is now " + after.cwd);
  if (before.locale != after.locale) changes.push_back("the locale is now " + after.locale);
  if (before.umask != after.umask) changes.push_back(fmt::format("the umask is now {:03o}", after.umask));
  std::set<std::string> variables;
  for (const auto& one : added(before.environment, after.environment)) variables.insert(name_of(one));
  for (const auto& one : added(after.environment, before.environment)) variables.insert(name_of(one));
  for (const auto& name : variables) changes.push_back("the environment's " + name + " has changed");
  for (std::size_t number = 1; number < before.signals.size(); ++number) {
    if (before.signals[number] != after.signals[number])
      changes.push_back(fmt::format("signal {} is handled otherwise", number));
  }
  if (before.blocked_signals != after.blocked_signals) changes.push_back("other signals are blocked");
  return changes;
}

std::vector<std::string> new_threads(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> found;
  for (const auto& id : added(before.threads, after.threads)) {
    std::ifstream comm("/proc/self/task/" + id + "/comm");
    std::string name;
    std::getline(comm, name);
    found.push_back(fmt::format("thread {} ({}) lives", id, name));
  }
  return found;
}

std::vector<std::string> new_descriptors(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> found;
  for (const auto& [number, target] : after.descriptors) {
    const auto earlier = before.descriptors.find(number);
    if (earlier == before.descriptors.end() || earlier->second != target)
      found.push_back(fmt::format("descriptor {} is open ({})", number, target));
  }
  return found;
}

std::vector<std::string> new_children(const Snapshot& before, const Snapshot& after) {
  std::vector<std::string> found;
  for (const auto& pid : added(before.children, after.children))
    found.push_back(fmt::format("process {} is its child", pid));
  return found;
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string all;
  for (const auto& one : sentences) all += (all.empty() ? "" : "; ") + one;
  return all;
}

}  // namespace baton::plugin_check
