/* The core host table: what each plugin gets with create. Everything else is a table that one asks for by id. */
#ifndef BATON_HOST_H
#define BATON_HOST_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_LOG_DEBUG 10
#define BATON_LOG_INFO 20
#define BATON_LOG_WARN 30
#define BATON_LOG_ERROR 40

/* One per instance, valid from create until destroy has returned. */
struct baton_host {
  uint32_t size, abi_minor;
  void* impl;          /* the host's own, not for the plugin */
  const char* product; /* name and version, for logs and user agents, never for decisions */

  /* Finds the host's table for "baton.name/REV".
   * Thread:  reactor
   * When:    from create on
   * Owner:   the table is the host's and lives as long as the process; the answer never changes
   * Errors:  NULL: this host has no such table
   * Limits:  -
   * Since:   1.0 */
  const void* (*extension)(const baton_host*, const char* id)BATON_NOEXCEPT;

  /* Writes a line to the daemon's log; the host adds the instance.
   * Thread:  any
   * When:    from create until destroy has returned
   * Owner:   everything is borrowed
   * Errors:  -
   * Limits:  8 KiB of text (cut beyond), 16 fields (more are left out)
   * Since:   1.0 */
  void (*log)(const baton_host*, int32_t level, baton_str text, const baton_field* fields, size_t count) BATON_NOEXCEPT;

  /* Remembers the text for the error that the current callback is about to return, and gives `code` back: `return
   * host->fail(host, BATON_E_IO, text);`. The last text wins; it is dropped when the callback returns BATON_OK.
   * Thread:  reactor
   * When:    inside a call of the host into the plugin
   * Owner:   text is borrowed
   * Errors:  returns `code`
   * Limits:  4 KiB of text (cut beyond)
   * Since:   1.0 */
  baton_status (*fail)(const baton_host*, baton_status code, baton_str text) BATON_NOEXCEPT;

  /* Monotonic nanoseconds that also count suspended time. Plugins do not read the clock themselves.
   * Thread:  reactor
   * When:    from create on
   * Owner:   -
   * Errors:  -
   * Limits:  -
   * Since:   1.0 */
  int64_t (*now)(const baton_host*) BATON_NOEXCEPT;

  /* Unix time in nanoseconds, for display.
   * Thread:  reactor
   * When:    from create on
   * Owner:   -
   * Errors:  -
   * Limits:  resolution 1 ms
   * Since:   1.0 */
  int64_t (*wall)(const baton_host*) BATON_NOEXCEPT;

  /* Ends an operation that the host gave: quiesce, or a probe that has no data to report.
   * Thread:  reactor
   * When:    once per operation, also inside the call that gave it
   * Owner:   -
   * Errors:  STALE: it has ended already
   * Limits:  -
   * Since:   1.0 */
  baton_status (*op_complete)(const baton_host*, baton_op, baton_status) BATON_NOEXCEPT;
};

#ifdef __cplusplus
}
#endif

#endif
