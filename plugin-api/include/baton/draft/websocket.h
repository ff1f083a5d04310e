/* baton.websocket/1, a draft: a WebSocket client. No host gives it yet; it may change in every release, and keeps its
 * id when it becomes stable.
 *
 * A service and not something that plugins build on baton.watch/1, so that TLS and the grant of network access stay in
 * one place.
 */
#ifndef BATON_DRAFT_WEBSOCKET_H
#define BATON_DRAFT_WEBSOCKET_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_DRAFT_WEBSOCKET "baton.websocket/1"

typedef struct baton_websocket {
  uint64_t id;
} baton_websocket;

typedef struct baton_websocket_request {
  uint32_t size, flags;
  baton_run owner; /* id 0: belongs to the instance */
  baton_str url;   /* ws or wss */
  const baton_field* headers;
  size_t header_count;
  int64_t connect_timeout_ns, idle_timeout_ns; /* both > 0 */
} baton_websocket_request;

typedef struct baton_websocket_events {
  uint32_t size, reserved;

  /* Says that the handshake is done.
   * Thread:  reactor
   * When:    once, first
   * Owner:   -
   * Errors:  -
   * Limits:  -
   * Since:   draft */
  void (*on_open)(void* user, baton_websocket) BATON_NOEXCEPT;

  /* Delivers a whole message; pings are answered by the host.
   * Thread:  reactor
   * When:    between on_open and on_done
   * Owner:   bytes are borrowed
   * Errors:  -
   * Limits:  4 MiB
   * Since:   draft */
  void (*on_message)(void* user, baton_websocket, uint32_t is_text, baton_str bytes) BATON_NOEXCEPT;

  /* Says that send has room again.
   * Thread:  reactor
   * When:    once after a send that answered AGAIN
   * Owner:   -
   * Errors:  -
   * Limits:  -
   * Since:   draft */
  void (*on_drain)(void* user, baton_websocket) BATON_NOEXCEPT;

  /* The last callback: OK after a closing handshake with its code, else as on_done of baton.http/1.
   * Thread:  reactor
   * When:    once, unless closed before; the handle is stale when it begins
   * Owner:   text is borrowed
   * Errors:  -
   * Limits:  -
   * Since:   draft */
  void (*on_done)(void* user, baton_websocket, baton_status, uint32_t close_code, baton_str text) BATON_NOEXCEPT;
} baton_websocket_events;

typedef struct baton_host_websocket {
  uint32_t size, reserved;

  /* Begins a connection.
   * Thread:  reactor (the events too, never inside start)
   * When:    from create on; with an owner: while that run lives
   * Owner:   everything is copied; *out is the plugin's until on_done, close, or the end of the owner
   * Errors:  as start of baton.http/1
   * Limits:  4 per instance
   * Since:   draft */
  baton_status (*start)(const baton_host*, const baton_websocket_request*, const baton_websocket_events*, void* user,
                        baton_websocket* out) BATON_NOEXCEPT;

  /* Queues one message, all or nothing.
   * Thread:  reactor
   * When:    after on_open
   * Owner:   bytes are copied
   * Errors:  AGAIN: the queue is full, on_drain follows; STATE: not open yet; STALE
   * Limits:  1 MiB queued
   * Since:   draft */
  baton_status (*send)(const baton_host*, baton_websocket, uint32_t is_text, baton_str bytes) BATON_NOEXCEPT;

  /* Stops or resumes reading.
   * Thread:  reactor
   * When:    any time
   * Owner:   -
   * Errors:  STALE
   * Limits:  -
   * Since:   draft */
  baton_status (*pause)(const baton_host*, baton_websocket, uint32_t paused) BATON_NOEXCEPT;

  /* Closes it: no callback comes any more, `user` may be freed.
   * Thread:  reactor
   * When:    any time, also inside its own callbacks
   * Owner:   the handle ends here
   * Errors:  STALE: it has ended already, which is harmless
   * Limits:  -
   * Since:   draft */
  baton_status (*close)(const baton_host*, baton_websocket) BATON_NOEXCEPT;
} baton_host_websocket;

#ifdef __cplusplus
}
#endif

#endif
