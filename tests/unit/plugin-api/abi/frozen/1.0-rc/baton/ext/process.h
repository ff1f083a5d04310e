/* baton.process/1: child processes. The host gives it; plugins do not fork.
 *
 * A program is started without a shell, in its own session and process group, with all other descriptors closed,
 * default signals, and a short clean environment (PATH, HOME, LANG, TERM, TMPDIR and their like) plus what `env` adds.
 * Whatever ends first, nothing that it started is left behind, in other sessions neither. The daemon adopts what loses
 * its parent: a process that a library daemonises by itself while a run goes on may be ended with that run.
 */
#ifndef BATON_EXT_PROCESS_H
#define BATON_EXT_PROCESS_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_PROCESS "baton.process/1"

#define BATON_SPAWN_STDIN (1u << 0)        /* keep a pipe to its stdin; otherwise it reads /dev/null */
#define BATON_SPAWN_LINES_STDOUT (1u << 1) /* deliver whole lines */
#define BATON_SPAWN_LINES_STDERR (1u << 2)

#define BATON_STREAM_STDOUT 1
#define BATON_STREAM_STDERR 2

/* Part of a line that was longer than the limit. 0: a whole line, or plain bytes. */
#define BATON_CUT_MORE 1 /* the line goes on in the next piece of this stream */
#define BATON_CUT_LAST 2 /* the line ends with this piece */

typedef struct baton_exit {
  uint32_t size;
  int32_t code, signal; /* code -1: a signal ended it; signal 0: it exited */
  uint32_t forced;      /* 1: ended by the host's ladder */
} baton_exit;

typedef struct baton_process_events {
  uint32_t size, reserved;

  /* Delivers bytes, or one line without its newline; a last line without one comes before on_exit. May be NULL:
   * output is dropped.
   * Thread:  reactor
   * When:    after spawn has returned, until on_exit or close
   * Owner:   bytes are borrowed
   * Errors:  -
   * Limits:  max_line; longer lines come in pieces, see BATON_CUT_MORE
   * Since:   1.0 */
  void (*on_output)(void* user, baton_process, uint32_t stream, baton_str bytes, uint32_t cut) BATON_NOEXCEPT;

  /* Says that write has room again. May be NULL.
   * Thread:  reactor
   * When:    once after a write that answered AGAIN
   * Owner:   -
   * Errors:  -
   * Limits:  -
   * Since:   1.0 */
  void (*on_drain)(void* user, baton_process) BATON_NOEXCEPT;

  /* The last callback: the program and both its streams have ended. If a grandchild keeps a pipe open, the host
   * waits one second after the exit, kills the group and closes the pipe. May be NULL.
   * Thread:  reactor
   * When:    once, unless closed before; the handle is stale when it begins
   * Owner:   the exit is borrowed
   * Errors:  -
   * Limits:  -
   * Since:   1.0 */
  void (*on_exit)(void* user, baton_process, const baton_exit*) BATON_NOEXCEPT;
} baton_process_events;

typedef struct baton_spawn {
  uint32_t size, flags;
  baton_run owner; /* id 0: belongs to the instance */
  const baton_str* argv;
  size_t argc;
  baton_str cwd; /* empty: the instance's data_dir */
  const baton_field* env;
  size_t env_count;
  uint32_t max_line, reserved; /* 0: 4 MiB */
} baton_spawn;

typedef struct baton_host_process {
  uint32_t size, reserved;

  /* Starts a program. argv[0] without a slash is searched in PATH; it must be in the descriptor's `executables`.
   * Thread:  reactor
   * When:    from create on; with an owner: while that run lives
   * Owner:   spawn and events are copied; *out is the plugin's until on_exit, close, or the end of the owner
   * Errors:  NOT_FOUND: no such program; DENIED: not in `executables`; INVALID; STALE: no such owner; LIMIT: too
   *          many processes, or an argument too long for the kernel; IO. Nothing was started then
   * Limits:  8 processes per run, 64 per instance; 128 KiB for one argument: long text goes through stdin; max_line
   *          at most 16 MiB
   * Since:   1.0 */
  baton_status (*spawn)(const baton_host*, const baton_spawn*, const baton_process_events*, void* user,
                        baton_process* out) BATON_NOEXCEPT;

  /* Queues bytes for stdin, all or nothing. A closed pipe on the other side is no error: the exit tells.
   * Thread:  reactor
   * When:    with BATON_SPAWN_STDIN, until close_stdin
   * Owner:   bytes are copied
   * Errors:  AGAIN: the queue is full, on_drain follows; STATE: stdin was not kept or is closed; STALE
   * Limits:  1 MiB queued
   * Since:   1.0 */
  baton_status (*write)(const baton_host*, baton_process, baton_str bytes) BATON_NOEXCEPT;

  /* Closes stdin after what is queued was written.
   * Thread:  reactor
   * When:    any time; a second call changes nothing
   * Owner:   -
   * Errors:  STALE
   * Limits:  -
   * Since:   1.0 */
  baton_status (*close_stdin)(const baton_host*, baton_process) BATON_NOEXCEPT;

  /* Sends INT, TERM, HUP, USR1 or USR2 to the main process only (agents take INT as "end this turn").
   * Thread:  reactor
   * When:    any time
   * Owner:   -
   * Errors:  INVALID: another signal; NOT_FOUND: the program has ended, on_exit is to come; STALE
   * Limits:  -
   * Since:   1.0 */
  baton_status (*signal)(const baton_host*, baton_process, int32_t signal) BATON_NOEXCEPT;

  /* Ends it: TERM to the whole group, KILL after the grace time. on_exit still comes.
   * Thread:  reactor
   * When:    any time; repeating it with a shorter grace moves the KILL forward
   * Owner:   -
   * Errors:  INVALID: negative grace; STALE
   * Limits:  grace at most 30 s (longer is taken as 30 s)
   * Since:   1.0 */
  baton_status (*stop)(const baton_host*, baton_process, int64_t grace_ns) BATON_NOEXCEPT;

  /* Stops or resumes reading its output, so that the program blocks on its pipe. What was read already still comes.
   * Thread:  reactor
   * When:    any time
   * Owner:   -
   * Errors:  STALE
   * Limits:  -
   * Since:   1.0 */
  baton_status (*pause)(const baton_host*, baton_process, uint32_t paused) BATON_NOEXCEPT;

  /* Forgets it: the group is killed and reaped by the host, no callback comes any more, `user` may be freed.
   * Thread:  reactor
   * When:    any time, also inside its own callbacks
   * Owner:   the handle ends here
   * Errors:  STALE: it has ended already, which is harmless
   * Limits:  -
   * Since:   1.0 */
  baton_status (*close)(const baton_host*, baton_process) BATON_NOEXCEPT;
} baton_host_process;

#ifdef __cplusplus
}
#endif

#endif
