// What could not be ended, and whose work it keeps waiting.
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/log.hpp"
#include "process/keeper.hpp"
#include "process/signal_exactly.hpp"

namespace baton::process {
namespace {

constexpr std::size_t kNamed = 3;         // in a sentence
constexpr std::size_t kLastSteps = 8192;  // of the look that names what is given up

bool is_there(int pid, std::uint64_t start_time) {
  const auto now = stat_of(pid);
  return now && now->start_time == start_time;
}

bool is_living(int pid, std::uint64_t start_time) {
  const auto now = stat_of(pid);
  return now && now->start_time == start_time && !now->ended();
}

}  // namespace

bool Keeper::is_undead(const ProcStat& process) const {
  return std::any_of(undead_.begin(), undead_.end(), [&](const Undead& one) {
    return !one.unsure && one.entry.pid == process.pid && one.entry.start_time == process.start_time;
  });
}

void Keeper::give_up(int pid, const Cell& cell, const std::optional<Cgroup>& group) {
  Round round;
  if (const auto held = held_.find(pid); held != held_.end()) held->second.over = true;
  look(pid, round, kLastSteps);
  auto left = std::move(round.left);
  const auto leader = stat_of(pid);
  if (leader && !leader->ended()) {
    undead_.push_back({.entry = ledger_.living().at(pid), .has_child = true});
    std::size_t steps = kLastSteps;
    const auto below = kill_tree(*leader, pid, steps);
    left.insert(left.end(), below.begin() + 1, below.end());
  }
  for (const int member : group ? group->pids() : std::vector<int>())
    if (const auto stat = stat_of(member)) left.push_back(*stat);
  for (const auto& process : left) remember(process, cell, group);
  log::error("{}: some of its processes cannot be ended", cell.name());
}

void Keeper::remember(const ProcStat& process, const Cell& cell, const std::optional<Cgroup>& group) {
  if (is_undead(process) || !is_living(process.pid, process.start_time)) return;
  Ledger::Entry entry{process.pid, process.start_time, "left by " + cell.name(), cell.subject(),
                      group ? group->directory() : std::string()};
  ledger_.keep(entry);
  undead_.push_back({.entry = std::move(entry)});
}

// It is not killed, since it may be of work that goes on; nor has the ended work's task a second worker beside it.
void Keeper::doubt(const std::vector<ProcStat>& unsure, const Held& ended) {
  if (ended.subject.empty()) return;
  for (const auto& process : unsure) {
    if (process.start_time < ended.start_time || !is_living(process.pid, process.start_time)) continue;
    const auto same = [&](const Undead& one) {
      return one.entry.pid == process.pid && one.entry.start_time == process.start_time &&
             one.entry.subject == ended.subject;
    };
    if (std::any_of(undead_.begin(), undead_.end(), same)) continue;
    log::warn("process {} may have been left by {}, or be of work that goes on", process.pid, ended.cell);
    undead_.push_back(
        {.entry = {process.pid, process.start_time, "perhaps left by " + ended.cell, ended.subject}, .unsure = true});
  }
}

void Keeper::keep_in_mind(const std::vector<Ledger::Entry>& left) {
  for (const auto& entry : left) {
    if (!ledger_.living().contains(entry.pid)) ledger_.keep(entry);
    const ProcStat process{.pid = entry.pid, .start_time = entry.start_time};
    if (!is_undead(process)) undead_.push_back({.entry = entry});
  }
}

// Its number may be another's by now, so the start time says whether it is meant.
void Keeper::look_again() {
  std::erase_if(undead_, [this](const Undead& one) {
    const auto& entry = one.entry;
    if (is_living(entry.pid, entry.start_time)) return false;
    if (one.has_child || one.unsure) return true;
    if (is_there(entry.pid, entry.start_time)) reap_if_ended(entry.pid);
    const auto named = ledger_.living().find(entry.pid);
    if (named != ledger_.living().end() && named->second.start_time == entry.start_time) ledger_.ended(entry.pid);
    return true;
  });
}

std::optional<std::string> Keeper::undead(std::string_view subject) {
  if (undead_.empty() || subject.empty()) return std::nullopt;
  look_again();
  std::string names;
  std::size_t count = 0;
  for (const auto& one : undead_) {
    if (one.entry.subject != subject) continue;
    if (count++ < kNamed) names += fmt::format("{}{} ({})", names.empty() ? "" : ", ", one.entry.pid, one.entry.label);
  }
  if (count == 0) return std::nullopt;
  return fmt::format("{} of earlier work on this task cannot be ended: {}{}",
                     count == 1 ? "a process" : fmt::format("{} processes", count), names, count > kNamed ? ", …" : "");
}

std::vector<std::string> Keeper::undead_subjects() {
  look_again();
  std::vector<std::string> subjects;
  for (const auto& one : undead_) {
    if (!one.entry.subject.empty()) subjects.push_back(one.entry.subject);
  }
  std::sort(subjects.begin(), subjects.end());
  subjects.erase(std::unique(subjects.begin(), subjects.end()), subjects.end());
  return subjects;
}

}  // namespace baton::process
