/* baton.timer/1: timers. The host gives it. */
#ifndef BATON_EXT_TIMER_H
#define BATON_EXT_TIMER_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_TIMER "baton.timer/1"

typedef struct baton_host_timer {
  uint32_t size, reserved;

  /* Calls on_fire at or after the delay, and then each period; a late periodic timer fires once, not in a burst.
   * period_ns 0 is one shot, and then the handle is stale when the callback begins.
   * Thread:  reactor (on_fire too, never inside start)
   * When:    from create on; with an owner: while that run lives
   * Owner:   *out is the plugin's until it fires (one shot), close, or the end of the owner
   * Errors:  INVALID: negative delay, a period below 1 ms that is not 0, no callback; STALE: no such owner; LIMIT
   * Limits:  256 per instance; resolution 1 ms
   * Since:   1.0 */
  baton_status (*start)(const baton_host*, baton_run owner, int64_t delay_ns, int64_t period_ns,
                        void (*on_fire)(void* user, baton_timer) BATON_NOEXCEPT, void* user,
                        baton_timer* out) BATON_NOEXCEPT;

  /* Ends it: on_fire comes no more, `user` may be freed.
   * Thread:  reactor
   * When:    any time, also inside on_fire
   * Owner:   the handle ends here
   * Errors:  STALE: it has ended already, which is harmless
   * Limits:  -
   * Since:   1.0 */
  baton_status (*close)(const baton_host*, baton_timer) BATON_NOEXCEPT;
} baton_host_timer;

#ifdef __cplusplus
}
#endif

#endif
