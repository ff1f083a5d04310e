/* baton.store/1: a small private memory of the instance that survives restarts. The host gives it.
 *
 * For what the plugin learned and cannot ask again: an identifier of a device, a cursor. Not for sessions (SESSION
 * event) and not for secrets (baton.secret/1). It is read from memory and written about a second later: the daemon
 * killed loses that second. A machine that loses its power may lose some seconds more, because the file system decides
 * when a file that replaces another one is on the disk. What is found then is an older state, whole.
 */
#ifndef BATON_EXT_STORE_H
#define BATON_EXT_STORE_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_STORE "baton.store/1"

typedef struct baton_host_store {
  uint32_t size, reserved;

  /* Gives the value of a key.
   * Thread:  reactor
   * When:    from create on
   * Owner:   key is borrowed; *out lives until the current callback returns, or the key is changed
   * Errors:  NOT_FOUND; INVALID: the key cannot be one
   * Limits:  -
   * Since:   1.0 */
  baton_status (*get)(const baton_host*, baton_str key, baton_str* out) BATON_NOEXCEPT;

  /* Sets the value of a key; values are bytes, and may be empty.
   * Thread:  reactor
   * When:    from create on
   * Owner:   both are copied
   * Errors:  INVALID: the key is empty or no UTF-8; LIMIT: nothing was changed
   * Limits:  256 keys of at most 128 bytes, 64 KiB a value, 1 MiB together
   * Since:   1.0 */
  baton_status (*put)(const baton_host*, baton_str key, baton_str value) BATON_NOEXCEPT;

  /* Forgets a key.
   * Thread:  reactor
   * When:    from create on
   * Owner:   key is borrowed
   * Errors:  NOT_FOUND: there was none; INVALID
   * Limits:  -
   * Since:   1.0 */
  baton_status (*erase)(const baton_host*, baton_str key) BATON_NOEXCEPT;
} baton_host_store;

#ifdef __cplusplus
}
#endif

#endif
