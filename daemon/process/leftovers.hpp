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

// The living members of the session of `entry` that are provably its own, leader included.
std::vector<ProcStat> leftovers_of(const Ledger::Entry& entry, const std::vector<ProcStat>& processes,
                                   const Evidence& evidence);

}  // namespace baton::process
