// A signal for the process that was meant, and no other that got its number meanwhile.
#pragma once

#include "process/proc_stat.hpp"

namespace baton::process {

// By a descriptor, and only after the start time was read again.
void signal_exactly(const ProcStat& process, int number);

// Nothing happens unless it is a child of this process and has ended.
void reap_if_ended(int pid);

}  // namespace baton::process
