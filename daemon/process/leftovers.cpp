// Every child leads its own session, so what it left behind carries its pid as session id, whatever group it moved to.
//
// The leader lives and has the start time of the entry: the session is ours. It lives with another start time: the
// number was given out again, which the kernel does only when no session and no group carries it any more, so nothing
// of ours is left. It is gone: the number may have been given to a stranger who started a session, and ended. A member
// is still provably ours when it started while the old daemon lived, since that daemon reaps a leader last and so held
// the number
// (`writer_lived_until`), or when fewer processes were made since than it takes to come back to a number. Otherwise it
// is spared: killing a stranger is worse than a left-over.
#include "process/leftovers.hpp"

#include <algorithm>
#include <cstddef>
#include <set>

#include "process/orphans.hpp"

namespace baton::process {

bool pids_cannot_be_reused(std::optional<std::uint64_t> forks_then, std::optional<std::uint64_t> forks_now,
                           std::optional<std::uint64_t> highest_pid) {
  if (!forks_then || !forks_now || !highest_pid || *forks_now < *forks_then) return false;
  return *forks_now - *forks_then < *highest_pid / 2;  // half: numbers in use are skipped
}

std::vector<ProcStat> leftovers_of(const Ledger::Entry& entry, const std::vector<ProcStat>& processes,
                                   const Evidence& evidence) {
  const auto leader = std::find_if(processes.begin(), processes.end(),
                                   [&](const ProcStat& process) { return process.pid == entry.pid; });
  const bool leader_is_known = leader != processes.end() && leader->start_time == entry.start_time;
  if (leader != processes.end() && !leader_is_known) return {};

  std::vector<ProcStat> found;
  for (const auto& process : processes) {
    if (process.ended()) continue;
    if (process.session != entry.pid) {
      if (leader_is_known && process.pid == entry.pid) found.push_back(process);
      continue;
    }
    const bool ours = leader_is_known || evidence.numbers_were_not_reused ||
                      (process.start_time >= entry.start_time && process.start_time <= evidence.writer_lived_until);
    if (ours) found.push_back(process);
  }
  return found;
}

namespace {

// Who was started with the tag that this process carries. Nothing: nobody of the ledger's writers.
std::optional<Ledger::Entry> sender_of(const ProcStat& process, const LedgerText& ledger) {
  const auto tag = variable_of(process.pid, kTagName);
  if (!tag) return std::nullopt;
  Ledger::Entry entry{process.session, process.start_time, "of the last daemon"};
  if (const auto intended = ledger.intended.find(*tag); intended != ledger.intended.end()) {
    entry.label = "started in the moment in which the daemon was killed";
    entry.subject = intended->second;
    return entry;
  }
  if (!ledger.writers.contains(tag->substr(0, tag->rfind('.')))) return std::nullopt;
  for (const auto& [pid, living] : ledger.living)
    if (living.tag == *tag) return living;
  return entry;
}

}  // namespace

std::vector<Leftover> leftovers(const LedgerText& ledger, bool same_boot, const Evidence& evidence, int own_session) {
  const auto processes = all_processes();
  std::vector<Leftover> found;
  std::set<int> taken;
  const auto take = [&](const ProcStat& process, const Ledger::Entry& of) {
    if (process.session != own_session && !process.ended() && taken.insert(process.pid).second)
      found.push_back({process, of});
  };
  if (same_boot) {
    for (const auto& [pid, entry] : ledger.living)
      for (const auto& member : leftovers_of(entry, processes, evidence)) take(member, entry);
  }
  for (const auto& process : processes) {
    if (process.ended() || taken.contains(process.pid)) continue;
    if (const auto sender = sender_of(process, ledger)) take(process, *sender);
  }
  for (std::size_t at = 0; at < found.size(); ++at) {  // grows as it goes
    const auto parent = found[at];
    for (const auto& process : processes)
      if (process.parent == parent.process.pid) take(process, parent.of);
  }
  return found;
}

}  // namespace baton::process
