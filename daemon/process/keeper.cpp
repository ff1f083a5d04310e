#include "process/keeper.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <limits>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.hpp"
#include "process/signal_exactly.hpp"

namespace baton::process {
namespace {

constexpr std::size_t kLongestTree = 4096;   // processes below one orphan in one look; the next look goes on
constexpr std::int64_t kDeadForMs = 60'000;  // a dead stranger whom nobody reaped for so long has nobody
constexpr std::size_t kNamed = 3;            // in a sentence
constexpr auto kStep = std::chrono::milliseconds(5);

std::int64_t now_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void reap(int pid) {
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG) != 0 && errno == EINTR) {
  }
}

bool is_living(int pid, std::uint64_t start_time) {
  const auto now = stat_of(pid);
  return now && now->start_time == start_time && !now->ended();
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

std::optional<Cgroup> Cell::make_place() {
  if (!group_ && keeper_.groups_) group_ = keeper_.groups_->make_cell(subject_, name_);
  if (!group_) return std::nullopt;
  Cgroup place = group_->below(std::to_string(++places_));
  return place.make() ? std::optional<Cgroup>(std::move(place)) : std::nullopt;
}

void Cell::joined(int pid, std::optional<Cgroup> place) {
  inside_.emplace(pid, std::move(place));
  keeper_.joined(pid);
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
  keeper_.held_.erase(pid);
  if (const auto& place = inside_.at(pid)) place->remove();
  inside_.erase(pid);
  if (!inside_.empty() || !when_empty_) return;
  std::exchange(when_empty_, nullptr)();
}

Keeper::Keeper(Ledger& ledger, std::optional<CgroupSubtree> groups)
    : ledger_(ledger),
      groups_(std::move(groups)),
      own_session_(::getsid(0)),
      first_held_(std::numeric_limits<std::uint64_t>::max()) {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
    log::warn("cannot become a subreaper: {}; a run's background processes may survive it", std::strerror(errno));
}

std::shared_ptr<Cell> Keeper::open(std::string name, std::string subject) {
  return std::make_shared<Cell>(*this, std::move(name), std::move(subject));
}

void Keeper::joined(int pid) {
  const auto entry = ledger_.living().find(pid);
  if (entry == ledger_.living().end()) return;  // it has ended already, and /proc knew nothing of it
  held_[pid] = {entry->second.start_time, entry->second.tag};
  first_held_ = std::min(first_held_, entry->second.start_time);
}

Family Keeper::family() const {
  Family family{.own_session = own_session_, .nonce = ledger_.nonce(), .first_held = first_held_};
  for (const auto& [pid, entry] : ledger_.living()) {
    const auto held = held_.find(pid);
    const bool is_held = held != held_.end();
    const bool is_over = ending_ || (is_held && held->second.over);
    family.members.push_back({pid, entry.start_time, entry.tag, is_held, is_over});
  }
  return family;
}

std::size_t Keeper::clear(int pid) {
  const auto left = left_of(pid);
  if (left.empty()) {
    std::erase_if(known_, [](const auto& known) {
      const auto now = stat_of(known.first);
      return !now || now->start_time != known.second.start_time;
    });
  }
  return left.size();
}

// Ends what has no right to live any more; what of it `pid` left, or perhaps left, is the answer.
std::vector<ProcStat> Keeper::left_of(int pid) {
  if (const auto held = held_.find(pid); held != held_.end()) held->second.over = true;
  const auto family_now = family();
  std::map<int, SeenDead> seen;
  std::vector<ProcStat> left;
  for (const int child : children_of(::getpid())) {
    if (ledger_.living().contains(child)) continue;
    const auto orphan = stat_of(child);
    if (!orphan) continue;
    if (orphan->ended()) {
      bury(*orphan, family_now, seen);
      continue;
    }
    if (is_undead(*orphan)) continue;
    const auto known = known_.find(child);
    auto origin = known != known_.end() && known->second.start_time == orphan->start_time
                      ? Origin{Kinship::kOver, known->second.leader}
                      : origin_of(*orphan, variable_of(child, kTagName), family_now);
    if (origin.kinship != Kinship::kOver) continue;
    auto killed = kill_tree(*orphan, origin.leader);
    if (origin.leader == 0 || origin.leader == pid) left.insert(left.end(), killed.begin(), killed.end());
  }
  seen_dead_ = std::move(seen);
  return left;
}

// Each is stopped before its children are listed: it forks no more from then on, so none is missed.
std::vector<ProcStat> Keeper::kill_tree(const ProcStat& root, int leader) {
  std::vector<ProcStat> killed{root};
  for (std::size_t at = 0; at < killed.size(); ++at) {
    const auto process = killed[at];
    signal_exactly(process, SIGSTOP);
    for (const int child : children_of(process.pid)) {
      if (killed.size() == kLongestTree) break;
      const auto stat = stat_of(child);
      if (stat && !stat->ended()) killed.push_back(*stat);
    }
    signal_exactly(process, SIGKILL);
    known_[process.pid] = {process.start_time, leader};
  }
  return killed;
}

// Reaps an orphan that is known to be ours. One that lived and died unseen may be a library's child, which its library
// is about to reap; it is taken only when nobody did so for a long time.
void Keeper::bury(const ProcStat& dead, const Family& family, std::map<int, SeenDead>& seen) {
  const auto known = known_.find(dead.pid);
  if (known != known_.end() && known->second.start_time == dead.start_time) {
    known_.erase(known);
    return reap(dead.pid);
  }
  if (dead.session == family.own_session) return;
  if (origin_of(dead, std::nullopt, family).leader != 0) return reap(dead.pid);
  const auto before = seen_dead_.find(dead.pid);
  const bool seen_before = before != seen_dead_.end() && before->second.start_time == dead.start_time;
  const auto since = seen_before ? before->second.since_ms : now_ms();
  if (now_ms() - since >= kDeadForMs) return reap(dead.pid);
  seen[dead.pid] = {dead.start_time, since};
}

bool Keeper::is_undead(const ProcStat& process) const {
  return std::any_of(undead_.begin(), undead_.end(), [&](const Undead& one) {
    return one.entry.pid == process.pid && one.entry.start_time == process.start_time;
  });
}

void Keeper::give_up(int pid, const Cell& cell, const std::optional<Cgroup>& group) {
  auto left = left_of(pid);
  const auto leader = stat_of(pid);
  if (leader && !leader->ended()) {
    undead_.push_back({ledger_.living().at(pid), true});
    const auto below = kill_tree(*leader, pid);
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
  undead_.push_back({std::move(entry), false});
}

void Keeper::keep_in_mind(const std::vector<Ledger::Entry>& left) {
  for (const auto& entry : left) {
    if (!ledger_.living().contains(entry.pid)) ledger_.keep(entry);
    const ProcStat process{.pid = entry.pid, .start_time = entry.start_time};
    if (!is_undead(process)) undead_.push_back({entry, false});
  }
}

void Keeper::look_again() {
  std::erase_if(undead_, [this](const Undead& one) {
    if (is_living(one.entry.pid, one.entry.start_time)) return false;
    if (!one.has_child) {
      reap(one.entry.pid);  // nothing happens unless it is a child of ours
      ledger_.ended(one.entry.pid);
    }
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

void Keeper::end_all(int wait_ms) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
  ending_ = true;
  if (groups_) groups_->kill();
  while (!left_of(0).empty()) {
    if (std::chrono::steady_clock::now() >= deadline) {
      log::warn("some processes that runs left behind have not ended yet");
      break;
    }
    std::this_thread::sleep_for(kStep);
  }
  if (groups_) groups_->remove();
}

}  // namespace baton::process
