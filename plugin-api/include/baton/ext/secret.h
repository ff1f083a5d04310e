/* baton.secret/1: keys that the user granted to this instance. The host gives it, and masks them in logs and events. */
#ifndef BATON_EXT_SECRET_H
#define BATON_EXT_SECRET_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_SECRET "baton.secret/1"

typedef struct baton_host_secret {
  uint32_t size, reserved;

  /* Gives the value of a secret.
   * Thread:  reactor
   * When:    from create on
   * Owner:   name is borrowed; *out lives until the current callback returns: copy it only to hand it on
   * Errors:  DENIED: not in the descriptor's `secrets`, or not granted to this instance; NOT_FOUND: granted, but there
   *          is no value now; INVALID
   * Limits:  64 KiB; what is shorter than 8 bytes is not masked, nor is a value that is reported in pieces which are
   *          each shorter than that (as a model's deltas are)
   * Since:   1.0 */
  baton_status (*get)(const baton_host*, const char* name, baton_str* out) BATON_NOEXCEPT;
} baton_host_secret;

#ifdef __cplusplus
}
#endif

#endif
