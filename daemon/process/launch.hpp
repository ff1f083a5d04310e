// Starts a program by posix_spawn: never fork, which stalls a large process for milliseconds while page tables are
// copied.
#pragma once

#include "base/result.hpp"
#include "process/child.hpp"
#include "process/descriptor.hpp"

namespace baton::process {

// A started program, leader of its own session and group. The owner must reap it.
struct Launched {
  int pid = 0;
  Descriptor pidfd;
  Descriptor stdin_writer;  // not valid when stdin is /dev/null; all three are non-blocking
  Descriptor stdout_reader;
  Descriptor stderr_reader;
};

// Errors as Child::spawn. The program starts with default signal handlers, an empty signal mask and no descriptor but
// 0, 1, 2.
//
// `cgroup`, if not empty, is the directory of a control group that it enters before it becomes the program: the first
// thing that runs is a shell that moves itself there and then becomes the program, so that nothing can be forked
// outside. What then is wrong with the file of the program is told by the exit status 126 or 127, as shells do; 125
// when the group could not be entered. argv[0] becomes the path that was found.
Result<Launched> launch(const SpawnRequest& request, const std::string& cgroup = {});

// Kills the group of `pid` and reaps its leader: for the moments when no loop can. One that does not end within
// seconds is left to whoever inherits it.
void end_now(int pid);

}  // namespace baton::process
