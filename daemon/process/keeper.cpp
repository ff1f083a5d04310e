#include "process/keeper.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/log.hpp"

namespace baton::process {
namespace {

// What it works in; what is said may name a link.
std::string real_path(const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path.c_str(), nullptr), &std::free);
  return real ? real.get() : path;
}

}  // namespace

Cell::Cell(Keeper& keeper, std::string name, std::string subject)
    : keeper_(keeper), name_(std::move(name)), subject_(std::move(subject)) {}

Cell::~Cell() {
  if (group_) group_->remove();  // stays while something undead is in it; the next daemon's sweep looks again
}

void Cell::when_empty(std::function<void()> then) {
  if (inside_.empty()) return then();
  when_empty_ = std::move(then);
}

Cell::Usage Cell::usage() const {
  if (!group_) return {};
  return {.memory_peak = group_->number("memory.peak"),
          .memory_max = group_->number("memory.max"),
          .out_of_memory = group_->entry("memory.events", "oom_kill").value_or(0) > 0};
}

std::string out_of_memory_text(const Cell::Usage& usage) {
  constexpr std::int64_t kMebibyte = 1024 * 1024;
  std::string text = "out of memory: the kernel ended one of its processes";
  if (usage.memory_max) text += fmt::format(" at the limit of {} MiB", *usage.memory_max / kMebibyte);
  return text;
}

// Without a group it would run without the limits that were asked for, so then it does not run.
Result<std::optional<Cgroup>> Cell::make_place() {
  std::optional<Cgroup> none;
  if (!keeper_.groups_) return none;
  const bool is_limited = keeper_.groups_->has_limits() && !subject_.empty();
  if (!group_) {
    auto made = keeper_.groups_->make_cell(subject_, name_);
    if (!made && is_limited) return fail(made);
    if (!made) return none;
    group_ = *std::move(made);
  }
  Cgroup place = group_->below(std::to_string(++places_));
  if (place.make()) return std::optional<Cgroup>(std::move(place));
  const std::string why = fmt::format("cannot make the control group {}: {}", place.directory(), std::strerror(errno));
  log::error("{}", why);
  if (is_limited) return fail(Errc::kIo, why);
  return none;
}

void Cell::joined(int pid, std::optional<Cgroup> place, const std::string& cwd) {
  keeper_.joined(pid, *this, place, cwd);
  inside_.emplace(pid, std::move(place));
}

void Cell::kill(int pid) {
  if (const auto& place = inside_.at(pid)) place->kill();
}

std::size_t Cell::clear(int pid) {
  kill(pid);
  const auto orphans = keeper_.clear(pid);
  const auto& place = inside_.at(pid);
  return orphans + (place && place->is_populated() ? 1 : 0);
}

void Cell::give_up(int pid) { keeper_.give_up(pid, *this, inside_.at(pid)); }

void Cell::left(int pid) {
  keeper_.left(pid);
  if (const auto& place = inside_.at(pid)) place->remove();
  inside_.erase(pid);
  if (!inside_.empty() || !when_empty_) return;
  std::exchange(when_empty_, nullptr)();
}

Keeper::Keeper(Ledger& ledger, std::optional<CgroupSubtree> groups, std::chrono::milliseconds dead_for)
    : ledger_(ledger), groups_(std::move(groups)), dead_for_(dead_for), own_session_(::getsid(0)) {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
    log::warn("cannot become a subreaper: {}; a run's background processes may survive it", std::strerror(errno));
  for (const int child : children_of(::getpid()))
    if (const auto stat = stat_of(child)) strangers_.emplace(child, stat->start_time);
}

std::shared_ptr<Cell> Keeper::open(std::string name, std::string subject) {
  return std::make_shared<Cell>(*this, std::move(name), std::move(subject));
}

void Keeper::joined(int pid, const Cell& cell, const std::optional<Cgroup>& place, const std::string& cwd) {
  const auto entry = ledger_.living().find(pid);
  if (entry == ledger_.living().end()) return;  // it has ended already, and /proc knew nothing of it
  held_[pid] = {.start_time = entry->second.start_time,
                .tag = entry->second.tag,
                .cwd = real_path(cwd),
                .place = place ? place->directory() : std::string(),
                .cell = cell.name(),
                .subject = cell.subject()};
}

void Keeper::left(int pid) { held_.erase(pid); }

}  // namespace baton::process
