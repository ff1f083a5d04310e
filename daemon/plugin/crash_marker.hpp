// Writes down which plugin the daemon was inside of when a fatal signal came.
//
// What the signal does stays as it was: the default action follows, with its exit status and its core. A signal that
// somebody handles already (a sanitizer) is left to them. A crash on a thread of a plugin's own names nobody.
#pragma once

#include "plugin/place.hpp"

namespace baton::plugin {

// SEGV, BUS, ILL, FPE and ABRT on this thread, which is the one that enters plugins, leave a line of crash_log.hpp in
// `descriptor`, which stays open. Once.
void mark_crashes(int descriptor);

// Leaves such a line for `place`, from any thread, when no signal has done so. Its texts are there for ever.
void mark_crash(const char* cause, const Place& place);

// The cause of the next ABRT; a constant. Null: the signal.
void set_crash_cause(const char* cause);

}  // namespace baton::plugin
