// Finds what the children in cells left, ends it and reaps it.
//
// A look is cut when its steps are spent, since thousands of orphans would hold up the reactor; the next one goes on
// with the next number. What a child left counts as gone when a whole round found nothing of it.
#include <algorithm>
#include <array>
#include <chrono>
#include <climits>
#include <csignal>
#include <string_view>
#include <thread>
#include <utility>

#include <unistd.h>

#include "base/log.hpp"
#include "process/keeper.hpp"
#include "process/signal_exactly.hpp"

namespace baton::process {
namespace {

// A step is a file of /proc that is read, about 10 µs.
constexpr std::size_t kSteps = 2048;
constexpr std::size_t kStepsToKill = 4;
constexpr std::size_t kIdlePasses = 60;  // of tidy(): one of so many looks around while nothing runs
constexpr auto kStep = std::chrono::milliseconds(5);

std::int64_t now_ms() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

void spend(std::size_t& steps, std::size_t count) { steps -= std::min(steps, count); }

std::string directory_of(int pid) {
  std::array<char, PATH_MAX> buffer{};
  const std::string link = "/proc/" + std::to_string(pid) + "/cwd";
  const ssize_t count = ::readlink(link.c_str(), buffer.data(), buffer.size());
  return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : std::string();
}

// The root holds everything, so it says nothing.
bool is_within(std::string_view path, std::string_view directory) {
  if (directory.size() < 2 || !path.starts_with(directory)) return false;
  return path.size() == directory.size() || path[directory.size()] == '/';
}

}  // namespace

Family Keeper::family() const {
  Family family{.own_session = own_session_, .nonce = ledger_.nonce(), .is_init = ::getpid() == 1};
  for (const auto& [pid, entry] : ledger_.living()) {
    const auto held = held_.find(pid);
    const bool is_held = held != held_.end();
    const bool is_over = ending_ || (is_held && held->second.over);
    family.members.push_back({.pid = pid,
                              .start_time = entry.start_time,
                              .tag = entry.tag,
                              .held = is_held,
                              .works = is_held && !held->second.subject.empty(),
                              .over = is_over});
  }
  return family;
}

std::size_t Keeper::clear(int pid) {
  const auto found = held_.find(pid);
  Round once;  // of a child that ended before anything was known of it
  Round& round = found != held_.end() ? found->second.round : once;
  if (found != held_.end()) found->second.over = true;
  if (!look(pid, round, kSteps)) return round.left.size() + 1;
  const auto whole = std::exchange(round, {});
  if (!whole.left.empty()) return whole.left.size();
  if (found != held_.end()) doubt(whole.unsure, found->second);
  forget_gone();
  return 0;
}

void Keeper::forget_gone() {
  std::erase_if(known_, [](const auto& known) {
    const auto now = stat_of(known.first);
    return !now || now->start_time != known.second.start_time;
  });
}

// Ends what has no right to live any more and notes what of it `pid` left, or perhaps left. True when the round is
// whole.
bool Keeper::look(int pid, Round& round, std::size_t steps) {
  const auto family_now = family();
  auto children = children_of(::getpid());
  std::sort(children.begin(), children.end());
  round.steps = steps;
  for (auto at = std::lower_bound(children.begin(), children.end(), round.from); at != children.end(); ++at) {
    if (ledger_.living().contains(*at)) continue;
    if (round.steps == 0) {
      round.from = *at;
      return false;
    }
    spend(round.steps, 1);
    if (const auto orphan = stat_of(*at)) look_at(*orphan, pid, family_now, round);
  }
  round.from = 0;
  return true;
}

void Keeper::look_at(const ProcStat& orphan, int pid, const Family& family, Round& round) {
  if (orphan.ended()) return bury(orphan, family);
  if (is_undead(orphan)) return;
  const auto whose = origin(orphan, family, round);
  if (whose.kinship == Kinship::kLiving && whose.leader == 0) round.unsure.push_back(orphan);
  if (whose.kinship != Kinship::kOver) return;
  const auto killed = kill_tree(orphan, whose.leader, round.steps);
  if (whose.leader == 0 || whose.leader == pid) round.left.insert(round.left.end(), killed.begin(), killed.end());
}

Origin Keeper::origin(const ProcStat& orphan, const Family& family, Round& round) const {
  const auto known = known_.find(orphan.pid);
  if (known != known_.end() && known->second.start_time == orphan.start_time)
    return {Kinship::kOver, known->second.leader};
  const auto stranger = strangers_.find(orphan.pid);
  if (stranger != strangers_.end() && stranger->second == orphan.start_time) return {};
  spend(round.steps, 1);
  const auto tag = variable_of(orphan.pid, kTagName);
  const auto whose = origin_of(orphan, tag, family);
  const bool is_tagged = tag && tag->starts_with(ledger_.nonce() + ".");
  if (whose.leader != 0 || is_tagged || orphan.session == own_session_) return whose;
  spend(round.steps, 2);
  return origin_of(orphan, tag, family, home_of(orphan));
}

// The held child in whose control group it is, or else in whose directory it works, the closest of them; one that lives
// before one that has ended. 0 when children of different work are as close.
int Keeper::home_of(const ProcStat& orphan) const {
  const auto group = groups_ ? groups_->directory_of(orphan.pid) : std::string();
  const auto directory = directory_of(orphan.pid);
  std::pair<int, const Held*> home{0, nullptr};
  std::size_t closest = 0;
  bool is_shared = false;
  for (const auto& [pid, held] : held_) {
    if (held.start_time > orphan.start_time) continue;
    if (!group.empty() && is_within(group, held.place)) return pid;
    if (held.cwd.size() < closest || !is_within(directory, held.cwd)) continue;
    const bool same = held.cwd.size() == closest && home.second != nullptr;
    is_shared = same && (is_shared || home.second->subject != held.subject || home.second->cell != held.cell);
    if (!same || home.second->over) home = {pid, &held};
    closest = held.cwd.size();
  }
  return is_shared ? 0 : home.first;
}

// Each is stopped before its children are listed: it forks no more from then on, so none is missed. Those for which no
// steps are left become orphans, and are found by a later look.
std::vector<ProcStat> Keeper::kill_tree(const ProcStat& root, int leader, std::size_t& steps) {
  std::vector<ProcStat> killed{root};
  for (std::size_t at = 0; at < killed.size(); ++at) {
    const auto process = killed[at];
    spend(steps, kStepsToKill);
    signal_exactly(process, SIGSTOP);
    for (const int child : children_of(process.pid)) {
      if (steps <= kStepsToKill * (killed.size() - at)) break;
      spend(steps, 1);
      const auto stat = stat_of(child);
      if (stat && !stat->ended()) killed.push_back(*stat);
    }
    signal_exactly(process, SIGKILL);
    known_[process.pid] = {process.start_time, leader};
  }
  return killed;
}

// Reaps an orphan that is known to be ours. Any other may be a library's child, which its library is about to reap; it
// is taken only when nobody did so for a long time.
void Keeper::bury(const ProcStat& dead, const Family& family) {
  const auto known = known_.find(dead.pid);
  const bool was_killed = known != known_.end() && known->second.start_time == dead.start_time;
  const auto before = seen_dead_.find(dead.pid);
  const bool seen_before = before != seen_dead_.end() && before->second.start_time == dead.start_time;
  const auto since = seen_before ? before->second.since_ms : now_ms();
  const bool ours = was_killed || origin_of(dead, std::nullopt, family).leader != 0 ||
                    (groups_ && !groups_->directory_of(dead.pid).empty());
  if (!ours && now_ms() - since < dead_for_.count()) {
    seen_dead_[dead.pid] = {dead.start_time, since, passes_};
    return;
  }
  known_.erase(dead.pid);
  seen_dead_.erase(dead.pid);
  reap_if_ended(dead.pid);
}

void Keeper::tidy() {
  const bool idle = held_.empty() && known_.empty() && seen_dead_.empty() && tidying_.from == 0;
  if (idle && ++idle_ % kIdlePasses != 0) return;
  const auto family_now = family();
  auto children = children_of(::getpid());
  std::sort(children.begin(), children.end());
  std::size_t steps = kSteps;
  for (auto at = std::lower_bound(children.begin(), children.end(), tidying_.from); at != children.end(); ++at) {
    if (ledger_.living().contains(*at)) continue;
    if (steps == 0) {
      tidying_.from = *at;
      return;
    }
    spend(steps, 1);
    const auto dead = stat_of(*at);
    if (dead && dead->ended()) bury(*dead, family_now);
  }
  tidying_.from = 0;
  std::erase_if(seen_dead_, [this](const auto& seen) { return seen.second.pass != passes_; });
  forget_gone();
  ++passes_;
}

void Keeper::end_all(int wait_ms) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(wait_ms);
  ending_ = true;
  if (groups_) groups_->kill();
  for (Round round; !look(0, round, kSteps) || !std::exchange(round, {}).left.empty();) {
    if (std::chrono::steady_clock::now() >= deadline) {
      log::warn("some processes that runs left behind have not ended yet");
      break;
    }
    std::this_thread::sleep_for(kStep);
  }
  if (groups_) groups_->remove();
}

}  // namespace baton::process
