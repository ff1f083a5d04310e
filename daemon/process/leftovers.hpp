// Which living processes belong to what a ledger names.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "process/ledger_file.hpp"
#include "process/proc_stat.hpp"

namespace baton::process {

// What is needed to tell a left-over process from a stranger with the same numbers.
struct Evidence {
  std::uint64_t writer_lived_until = 0;  // start-time ticks: LedgerText::newest_start
  bool numbers_were_not_reused = false;  // too few processes were made since the ledger was begun
};

// True when the kernel, which gives pids in a circle, cannot have come round since `forks_then`.
bool pids_cannot_be_reused(std::optional<std::uint64_t> forks_then, std::optional<std::uint64_t> forks_now,
                           std::optional<std::uint64_t> highest_pid);

// The living members of the session of `entry` that are provably its own, leader included; and the process that the
// entry names, whatever its session.
std::vector<ProcStat> leftovers_of(const Ledger::Entry& entry, const std::vector<ProcStat>& processes,
                                   const Evidence& evidence);

// A living process of an earlier daemon.
struct Leftover {
  ProcStat process;
  Ledger::Entry of;  // as the ledger has it; made up for one that the ledger does not name
};

// Everything that the writers of `ledger` left: by session, by the tag that it inherited, and what is below those.
// Never a process of `own_session`, so that a daemon that was started from a run does not end itself.
std::vector<Leftover> leftovers(const LedgerText& ledger, bool same_boot, const Evidence& evidence, int own_session);

}  // namespace baton::process
