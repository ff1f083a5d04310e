#include "process/signal_exactly.hpp"

#include <cerrno>

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/descriptor.hpp"

namespace baton::process {

void signal_exactly(const ProcStat& process, int number) {
  const Descriptor pidfd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
  if (!pidfd.valid()) return;
  const auto now = stat_of(process.pid);
  if (now && now->start_time == process.start_time) ::syscall(SYS_pidfd_send_signal, pidfd.get(), number, nullptr, 0);
}

void reap_if_ended(int pid) {
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG) != 0 && errno == EINTR) {
  }
}

}  // namespace baton::process
