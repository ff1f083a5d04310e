// The environment of every git child: what a command means must not depend on the user who runs the daemon.
#pragma once

#include "process/environment.hpp"

namespace baton::git {

// `base` (a clean one, which has no GIT_ variables) with: no prompts, no hooks, no signing, no optional locks, no
// background maintenance, no system or user configuration, English messages, no replaced objects or grafts, and an
// identity of our own. What the repository itself configures stays (line ends, filters, sparse checkout), except what
// would change the form of an answer.
process::Environment git_environment(process::Environment base);

// The same for a command that writes the only copy of somebody's work, or the ref that leads to it: what it wrote is on
// the disk before it ends. git's default leaves loose objects and refs to the operating system, and another copy may be
// deleted long before that writes them. Not for everything: making a worktree would take longer, and loses nothing.
process::Environment durable(process::Environment environment);

}  // namespace baton::git
