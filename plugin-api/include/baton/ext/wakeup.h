/* baton.wakeup/1: a way from another thread to the reactor, for plugins that must embed a library with threads. The
 * host gives it.
 */
#ifndef BATON_EXT_WAKEUP_H
#define BATON_EXT_WAKEUP_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_WAKEUP "baton.wakeup/1"

typedef struct baton_host_wakeup {
  uint32_t size, reserved;

  /* Makes a wakeup: on_wake(user) is called in a turn of its own after signal.
   * Thread:  reactor (on_wake too, never inside create or signal)
   * When:    from create on
   * Owner:   *out is the plugin's until close, or the end of the instance
   * Errors:  INVALID: no callback; LIMIT; IO
   * Limits:  16 per instance
   * Since:   1.0 */
  baton_status (*create)(const baton_host*, void (*on_wake)(void* user) BATON_NOEXCEPT, void* user,
                         baton_wakeup* out) BATON_NOEXCEPT;

  /* Asks for on_wake. Signals that come before it has begun are folded into one.
   * Thread:  any
   * When:    from create (of the wakeup) until destroy has returned
   * Owner:   -
   * Errors:  STALE: it is closed
   * Limits:  does not block, does not allocate
   * Since:   1.0 */
  baton_status (*signal)(const baton_host*, baton_wakeup) BATON_NOEXCEPT;

  /* Ends it: on_wake comes no more, `user` may be freed; signal answers STALE from any thread.
   * Thread:  reactor
   * When:    any time, also inside on_wake
   * Owner:   the handle ends here
   * Errors:  STALE: it has ended already, which is harmless
   * Limits:  -
   * Since:   1.0 */
  baton_status (*close)(const baton_host*, baton_wakeup) BATON_NOEXCEPT;
} baton_host_wakeup;

#ifdef __cplusplus
}
#endif

#endif
