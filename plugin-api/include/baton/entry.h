/* The one symbol that a plugin exports, and what it says about itself.
 *
 * The host reads it in a child process first: what is wrong is found there and becomes a refusal with a reason. Nothing
 * but this function runs before the versions agree.
 */
#ifndef BATON_ENTRY_H
#define BATON_ENTRY_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_ENTRY_MAGIC 0x314E5442u /* "BTN1" in memory */
#define BATON_ENTRY_SYMBOL "baton_plugin_entry_v1"

/* Constant data of the library. Lists are NULL-terminated; a NULL list is an empty one. */
typedef struct baton_descriptor {
  uint32_t size, reserved;
  const char* id; /* reverse DNS, [a-z0-9.-], at most 127 */
  const char *name, *version, *vendor, *url, *license, *summary;
  const char* config_schema;      /* JSON Schema (GUIDE.md: what the host checks); NULL: no settings */
  const char* const* offers;      /* ids of the tables that this plugin gives */
  const char* const* needs;       /* host tables without which it cannot work */
  const char* const* wants;       /* host tables that it uses when they are there */
  const char* const* secrets;     /* names it will ask for */
  const char* const* executables; /* programs it will start: a name, an absolute path, or "*" (GUIDE.md) */
  const char* const* user_files;  /* files of the user that it wants to copy, "~/..." */
} baton_descriptor;

typedef struct baton_create_args {
  uint32_t size, reserved;
  const char* instance; /* the user's name for this instance; lives as long as the instance */
  baton_str config;     /* a JSON object, checked against the schema */
  baton_str data_dir;   /* private directory, exists, mode 0700 */
} baton_create_args;

typedef struct baton_entry {
  uint32_t magic, size;
  uint32_t abi_major, abi_minor_built, abi_minor_needed, reserved;
  const baton_descriptor* descriptor;

  /* Makes one instance; globals are forbidden, for it may be called again for another one. Before the daemon does, it
   * is called in a process of its own, against a host whose functions all answer STATE, followed by caps, quiesce and
   * destroy as far as they say yes: what hangs or crashes does so there.
   * Thread:  reactor, or the only thread of a probe process
   * When:    after the descriptor was accepted; callbacks come only after it has returned
   * Owner:   *out is the plugin's, given back by destroy; args are borrowed but for `instance`; the host pointer may
   *          be kept
   * Errors:  any; then *out is left alone, nothing lives, and host->fail has told why
   * Limits:  50 ms
   * Since:   1.0 */
  baton_status (*create)(const baton_host*, const baton_create_args*, baton_plugin** out) BATON_NOEXCEPT;

  /* Asks the instance to start nothing new, to end what lives, and then to call host->op_complete(done).
   * Thread:  reactor
   * When:    once, after the runs of the instance were cancelled
   * Owner:   -
   * Errors:  -
   * Limits:  the host waits 5 s, then goes on without destroy
   * Since:   1.0 */
  void (*quiesce)(baton_plugin*, baton_op done) BATON_NOEXCEPT;

  /* Frees the instance.
   * Thread:  reactor
   * When:    after quiesce has ended; every handle of the instance is closed, no callback comes any more
   * Owner:   the plugin's pointer ends here
   * Errors:  -
   * Limits:  50 ms
   * Since:   1.0 */
  void (*destroy)(baton_plugin*) BATON_NOEXCEPT;

  /* Gives the constant table for an id listed in `offers`, NULL for every other text.
   * Thread:  reactor, or the only thread of a probe process
   * When:    at any time, also before create
   * Owner:   the table is the library's and lives as long as it
   * Errors:  NULL
   * Limits:  no work, no allocation
   * Since:   1.0 */
  const void* (*extension)(const char* id)BATON_NOEXCEPT;
} baton_entry;

/* The one exported symbol: returns the same constant each time.
 * Thread:  reactor, or the only thread of a probe process that ends right after
 * When:    first of all
 * Owner:   the entry is the library's and lives as long as it
 * Errors:  NULL is refused (bad_magic)
 * Limits:  no work, no allocation, no host
 * Since:   1.0 */
BATON_EXPORT const baton_entry* baton_plugin_entry_v1(void) BATON_NOEXCEPT;

#ifdef __cplusplus
}
#endif

#endif
