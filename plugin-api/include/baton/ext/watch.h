/* baton.watch/1: readiness of a descriptor that the plugin owns, for libraries that bring a socket of their own. The
 * host gives it.
 *
 * Level-triggered: what is ready and not dealt with is told again in the next turn.
 */
#ifndef BATON_EXT_WATCH_H
#define BATON_EXT_WATCH_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_WATCH "baton.watch/1"

#define BATON_WATCH_READ (1u << 0)
#define BATON_WATCH_WRITE (1u << 1)
#define BATON_WATCH_ERROR (1u << 2) /* only reported: an error, or the other side is gone; read to learn which */

typedef struct baton_host_watch {
  uint32_t size, reserved;

  /* Calls on_ready(user, watch, ready) in each turn in which something of `interest` (READ, WRITE) is ready, or an
   * error.
   * Thread:  reactor (on_ready too, never inside start)
   * When:    from create on; with an owner: while that run lives
   * Owner:   the descriptor stays the plugin's, which closes the watch before it; *out is the plugin's until close, or
   *          the end of the owner
   * Errors:  INVALID: interest is empty or has an unknown bit, no callback, a descriptor that is not open, blocks, is
   *          inherited by programs (close-on-exec is not set), or cannot be watched (a regular file); STATE: it is
   *          watched already; STALE: no such owner; LIMIT
   * Limits:  64 per instance, one per descriptor
   * Since:   1.0 */
  baton_status (*start)(const baton_host*, baton_run owner, int32_t fd, uint32_t interest,
                        void (*on_ready)(void* user, baton_watch, uint32_t ready) BATON_NOEXCEPT, void* user,
                        baton_watch* out) BATON_NOEXCEPT;

  /* Sets what is waited for; 0 rests the watch (errors are not told either) without closing it.
   * Thread:  reactor
   * When:    any time, also inside on_ready
   * Owner:   -
   * Errors:  INVALID: an unknown bit; STALE
   * Limits:  -
   * Since:   1.0 */
  baton_status (*change)(const baton_host*, baton_watch, uint32_t interest) BATON_NOEXCEPT;

  /* Ends it: on_ready comes no more, `user` may be freed and the descriptor closed.
   * Thread:  reactor
   * When:    any time, also inside on_ready
   * Owner:   the handle ends here
   * Errors:  STALE: it has ended already, which is harmless
   * Limits:  -
   * Since:   1.0 */
  baton_status (*close)(const baton_host*, baton_watch) BATON_NOEXCEPT;
} baton_host_watch;

#ifdef __cplusplus
}
#endif

#endif
