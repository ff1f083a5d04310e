/* What every other header of the plugin ABI needs: version, statuses, text, handles.
 *
 * The whole ABI is C11 and is valid C++20 as well. Rules that hold for every function of it: plugin-api/GUIDE.md.
 * Layout is frozen within a major version: tables and structs only grow at their end, and each says its own size in
 * front.
 */
#ifndef BATON_BASE_H
#define BATON_BASE_H

#include <stddef.h>
#include <stdint.h>

/* The ABI of these headers. It is a release candidate: until 1.0 is final, a plugin is rebuilt with the daemon it is
 * for. */
#define BATON_ABI_MAJOR 1u
#define BATON_ABI_MINOR_LATEST 0u
#define BATON_ABI_RELEASE "1.0-rc"

/* The oldest minor that this plugin works with. Define it before the first include; newer names are then hidden, so
 * that using one is a compile error and not a surprise on an older host. */
#ifndef BATON_ABI_MINOR
#define BATON_ABI_MINOR BATON_ABI_MINOR_LATEST
#endif
#if BATON_ABI_MINOR > BATON_ABI_MINOR_LATEST
#error "BATON_ABI_MINOR is newer than these headers"
#endif

/* Part of every function pointer's type in C++: registering a function that may throw is a compile error. */
#if defined(__cplusplus) && __cplusplus >= 201703L
#define BATON_NOEXCEPT noexcept
#else
#define BATON_NOEXCEPT
#endif

#define BATON_EXPORT __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/* 0 or more: fine. Less: an error, and nothing was started or changed. */
typedef int32_t baton_status;
#define BATON_OK ((baton_status)0)
#define BATON_E_INVALID ((baton_status)-1)     /* an argument breaks the contract */
#define BATON_E_UNSUPPORTED ((baton_status)-2) /* this build cannot do it */
#define BATON_E_STALE ((baton_status)-3)       /* the handle no longer lives */
#define BATON_E_STATE ((baton_status)-4)       /* not allowed now, or not on this thread */
#define BATON_E_LIMIT ((baton_status)-5)       /* a written limit is exceeded */
#define BATON_E_DENIED ((baton_status)-6)      /* not granted by the user */
#define BATON_E_NOT_FOUND ((baton_status)-7)
#define BATON_E_AGAIN ((baton_status)-8) /* the queue is full, wait for the drain callback */
#define BATON_E_IO ((baton_status)-9)
#define BATON_E_TIMEOUT ((baton_status)-10)
#define BATON_E_INTERNAL ((baton_status)-11)

/* Text or bytes, not terminated, borrowed for the call. Text is UTF-8. Constants that live as long as the library (ids,
 * names) are NUL-terminated `const char *` instead: two kinds, one rule. */
typedef struct baton_str {
  const char* data;
  size_t size;
} baton_str;

typedef struct baton_field {
  baton_str key;
  baton_str value;
} baton_field;

/* Handles: slot and generation in one number, 0 is "none". Distinct types, so that a timer cannot be passed as a
 * process. Using one after its end is BATON_E_STALE, never undefined. */
typedef struct baton_run {
  uint64_t id;
} baton_run;
typedef struct baton_op {
  uint64_t id;
} baton_op;
typedef struct baton_process {
  uint64_t id;
} baton_process;
typedef struct baton_timer {
  uint64_t id;
} baton_timer;
typedef struct baton_watch {
  uint64_t id;
} baton_watch;
typedef struct baton_wakeup {
  uint64_t id;
} baton_wakeup;
typedef struct baton_http {
  uint64_t id;
} baton_http;
typedef struct baton_file_op {
  uint64_t id;
} baton_file_op;
typedef struct baton_approval {
  uint64_t id;
} baton_approval;
typedef struct baton_tool_call {
  uint64_t id;
} baton_tool_call;

typedef struct baton_host baton_host;     /* host.h; read-only for the plugin */
typedef struct baton_plugin baton_plugin; /* defined by the plugin, one per instance */

/* True when *p is long enough to hold member m and m is set. */
#define BATON_HAS(p, m) ((p)->size >= offsetof(__typeof__(*(p)), m) + sizeof((p)->m) && (p)->m != 0)

#ifdef __cplusplus
}
#endif

#endif
