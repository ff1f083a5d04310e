#include "process/cgroup_subtree.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/text.hpp"
#include "process/cgroup_place.hpp"
#include "process/environment.hpp"
#include "process/launch.hpp"
#include "process/proc_stat.hpp"

namespace baton::process {
namespace {

constexpr char kDivider = '+';  // no id holds one
constexpr auto kStep = std::chrono::milliseconds(5);

// FNV-1a: the same in each build, since an earlier one may have made the directory.
std::string short_name_of(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  return fmt::format("{:016x}", hash);
}

std::string word_of(std::string_view text) {
  std::string word(text::head(text, 100));
  std::replace_if(
      word.begin(), word.end(), [](char c) { return c == ' ' || c == '/' || c == '\n' || c == kDivider; }, '-');
  return word;
}

// As each child in a cell does it: making a group and killing it may be allowed where moving into it is not.
std::optional<std::string> entry_refused(const Cgroup& group) {
  constexpr int kLongestMs = 5000;
  SpawnRequest request;
  request.argv = {"/bin/sh", "-c", ":"};
  request.cwd = "/";
  request.env = clean_environment();
  const auto launched = launch(request, group.directory());
  if (!launched) return launched.error().what;
  pollfd ends{.fd = launched->pidfd.get(), .events = POLLIN, .revents = 0};
  siginfo_t info{};
  if (::poll(&ends, 1, kLongestMs) == 1) ::waitid(P_PIDFD, static_cast<id_t>(ends.fd), &info, WEXITED);
  if (info.si_pid == 0) end_now(launched->pid);
  if (info.si_code == CLD_EXITED && info.si_status == 0) return std::nullopt;
  return "no process can be moved into " + group.directory();
}

// Nothing when it can be used for cells.
std::optional<std::string> unfit(const Cgroup& base) {
  if (!base.is_there()) return base.directory() + " is no control group";
  const Cgroup trial = base.below(fmt::format("trial-{}", ::getpid()));
  if (!trial.make()) return fmt::format("no group can be made in {}: {}", base.directory(), std::strerror(errno));
  const bool kills = trial.write("cgroup.kill", "1");
  auto refused = kills ? entry_refused(trial) : std::string("the kernel has no cgroup.kill (Linux 5.14)");
  trial.remove();
  return refused;
}

Ledger::Entry entry_of(int pid, const std::string& cell, const Cgroup& group) {
  Ledger::Entry entry;
  entry.pid = pid;
  if (const auto stat = stat_of(pid)) entry.start_time = stat->start_time;
  const auto divider = std::min(cell.find(kDivider), cell.size());
  entry.subject = cell.substr(0, divider);
  entry.label = cell.substr(std::min(divider + 1, cell.size()));
  entry.cgroup = group.directory();
  return entry;
}

}  // namespace

Result<std::optional<CgroupSubtree>> CgroupSubtree::open(const CgroupSettings& settings) {
  std::optional<CgroupSubtree> none;
  const bool limits = settings.memory_max || settings.pids_max;
  std::string base = settings.where;
  while (base.size() > 1 && base.back() == '/') base.pop_back();
  std::optional<std::string> why;
  if (base == "off") {
    why = "they are switched off";
  } else if (base == "auto") {
    auto own = delegated_cgroup();
    base = std::move(own.directory);
    if (base.empty()) why = std::move(own.why_not);
  }
  if (!why) why = unfit(Cgroup(base));
  if (why && settings.where.starts_with('/')) return fail(Errc::kInvalid, "processes.cgroup: " + *why, "config");
  if (why) {
    log::info("runs get no control groups of their own: {}", *why);
    if (limits) log::error("the limits of [processes] are not in force: without control groups nothing enforces them");
    return none;
  }
  const Cgroup runs = Cgroup(base).below("runs-" + short_name_of(settings.state));
  if (!runs.make()) return fail(Errc::kIo, fmt::format("cannot make {}: {}", runs.directory(), std::strerror(errno)));
  CgroupSubtree subtree(runs, settings);
  subtree.enable_controllers(Cgroup(base));
  log::info("control groups of runs: {}", runs.directory());
  return std::optional<CgroupSubtree>(std::move(subtree));
}

// A group with controllers for its children may hold no process itself, so the daemon steps aside into one of them.
void CgroupSubtree::enable_controllers(const Cgroup& base) {
  const std::string offered = " " + std::string(text::trimmed(base.read("cgroup.controllers"))) + " ";
  const auto offers = [&](std::string_view name) {
    return offered.find(fmt::format(" {} ", name)) != std::string::npos;
  };
  if ((offers("memory") || offers("pids")) && own_cgroup() == base.directory()) {
    const Cgroup aside = base.below("daemon");
    if (!aside.make() || !aside.write("cgroup.procs", "0"))
      log::warn("cannot move into {}: {}", aside.directory(), std::strerror(errno));
  }
  const auto enable = [&](std::string_view name, std::optional<std::int64_t>& limit, const char* setting) {
    const std::string command = fmt::format("+{}", name);
    const bool on =
        offers(name) && base.write("cgroup.subtree_control", command) && runs_.write("cgroup.subtree_control", command);
    if (on || !limit) return;
    log::error("{} is not in force: {} has no {} controller to give", setting, base.directory(), name);
    limit.reset();
  };
  enable("memory", settings_.memory_max, "processes.memory_max_mb");
  enable("pids", settings_.pids_max, "processes.pids_max");
}

std::vector<Ledger::Entry> CgroupSubtree::sweep(int wait_ms) const {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
  const std::string own = own_cgroup().value_or("") + "/";
  std::vector<std::string> cells = runs_.children();
  // A daemon that was started from a run must not end itself.
  std::erase_if(cells, [&](const auto& cell) { return own.starts_with(runs_.below(cell).directory() + "/"); });
  for (bool first = true;; first = false) {
    std::erase_if(cells, [&](const auto& name) {
      const Cgroup cell = runs_.below(name);
      if (!cell.is_populated()) return cell.remove();
      if (first) log::warn("the last daemon left processes in {}, they are being ended", cell.directory());
      cell.kill();
      return false;
    });
    if (cells.empty() || std::chrono::steady_clock::now() >= deadline) break;
    std::this_thread::sleep_for(kStep);
  }
  std::vector<Ledger::Entry> left;
  for (const auto& cell : cells)
    for (const int pid : runs_.below(cell).pids()) left.push_back(entry_of(pid, cell, runs_.below(cell)));
  return left;
}

Result<Cgroup> CgroupSubtree::make_cell(std::string_view subject, std::string_view name) {
  const auto task = is_safe_id(subject) ? std::string(subject) : std::string();
  const auto next = [&] {
    return runs_.below(fmt::format("{}{}{}{}{}", task, kDivider, word_of(name), kDivider, ++made_));
  };
  Cgroup cell = next();
  while (cell.is_there()) cell = next();  // of an earlier daemon, with what could not be ended
  const auto limited = [&](const char* file, std::optional<std::int64_t> most) {
    return subject.empty() || !most || cell.write(file, std::to_string(*most));
  };
  if (cell.make() && limited("memory.max", settings_.memory_max) && limited("pids.max", settings_.pids_max))
    return cell;
  const std::string why = fmt::format("cannot make the control group {}: {}", cell.directory(), std::strerror(errno));
  log::error("{}", why);
  cell.remove();
  return fail(Errc::kIo, why);
}

CgroupSubtree::CgroupSubtree(Cgroup runs, CgroupSettings settings)
    : runs_(std::move(runs)),
      settings_(std::move(settings)),
      mount_(cgroup_mount(whole_file("/proc/self/mountinfo"))) {}

std::string CgroupSubtree::directory_of(int pid) const {
  auto directory = mount_ ? cgroup_of(pid, *mount_) : std::string();
  return directory.starts_with(runs_.directory() + "/") ? directory : std::string();
}

void CgroupSubtree::kill() const { runs_.kill(); }
void CgroupSubtree::remove() const { runs_.remove(); }

}  // namespace baton::process
