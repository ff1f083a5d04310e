/* baton.http/1: an HTTP/1.1 client with streaming answers. The host gives it; plugins open no sockets for it.
 *
 * TLS certificates are always verified. Plain http goes to this machine only, unless the user allowed the host. Network
 * access is a grant: only hosts that the configuration of the instance lists are reached (GUIDE.md, "Network").
 * There are no redirects, no cookies and no caches: an answer is what the server said. Connections are used again.
 */
#ifndef BATON_EXT_HTTP_H
#define BATON_EXT_HTTP_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_HTTP "baton.http/1"

typedef struct baton_http_request {
  uint32_t size, flags; /* flags: 0 */
  baton_run owner;      /* id 0: belongs to the instance */
  baton_str method;     /* a token, in upper case: GET, POST, ... */
  baton_str url;        /* absolute, http or https, without user information; a fragment is not sent */
  const baton_field* headers;
  size_t header_count; /* without the host's own: see start */
  baton_str body;
  int64_t connect_timeout_ns; /* name, TCP and TLS together */
  int64_t idle_timeout_ns;    /* between two pieces of the answer, also before its first one */
  int64_t total_timeout_ns;   /* from start to on_done; all three are > 0 */
} baton_http_request;

typedef struct baton_http_events {
  uint32_t size, reserved;

  /* Delivers status and headers (names in lower case); interim answers (1xx) are skipped. May be NULL.
   * Thread:  reactor
   * When:    once, before the first on_body, in a later turn than start
   * Owner:   headers are borrowed; their values are as they came, which need not be UTF-8
   * Errors:  -
   * Limits:  64 KiB of head, else on_done with LIMIT
   * Since:   1.0 */
  void (*on_head)(void* user, baton_http, int32_t status, const baton_field* headers, size_t count) BATON_NOEXCEPT;

  /* Delivers a piece of the body as it came, without its transfer coding; content codings stay. May be NULL.
   * Thread:  reactor
   * When:    any number of times between on_head and on_done; not while paused, but for what was read already
   * Owner:   bytes are borrowed
   * Errors:  -
   * Limits:  64 KiB a piece; the whole is not limited
   * Since:   1.0 */
  void (*on_body)(void* user, baton_http, baton_str bytes) BATON_NOEXCEPT;

  /* The last callback. OK: the answer is whole, whatever its status is (500 is a successful exchange); NOT_FOUND: no
   * such name; TIMEOUT: one of the three; LIMIT: the head is too long; DENIED: plain http, and the name turned out to
   * be another machine's; IO: refused, broken off, TLS not verified, or not HTTP. `text` says more, for people. May be
   * NULL.
   * Thread:  reactor
   * When:    once, unless closed before; the handle is stale when it begins
   * Owner:   text is borrowed
   * Errors:  -
   * Limits:  -
   * Since:   1.0 */
  void (*on_done)(void* user, baton_http, baton_status, baton_str text) BATON_NOEXCEPT;
} baton_http_events;

typedef struct baton_host_http {
  uint32_t size, reserved;

  /* Begins an exchange. Headers that belong to one connection, or say where a body ends, are the host's: Host,
   * Content-Length, Transfer-Encoding, Connection, Keep-Alive, Proxy-Connection, TE, Trailer, Upgrade, Expect.
   *
   * A connection that was used before may turn out dead. The request is then sent once more, over a new one, when no
   * byte of an answer came and either nothing of it had been sent or its method is GET, HEAD, OPTIONS, TRACE, PUT or
   * DELETE; else on_done tells IO, and whether the server acted on it is not known.
   * Thread:  reactor (the events too, never inside start)
   * When:    from create on; with an owner: while that run lives
   * Owner:   request, body and events are copied; *out is the plugin's until on_done, close, or the end of the owner
   * Errors:  DENIED: the host name is not granted, or plain http to another machine; INVALID: no URL, method or header
   *          that can be sent, a timeout that is not > 0, a flag; STALE: no such owner; LIMIT. Nothing was sent then
   * Limits:  16 per run, 64 per instance; URL 8 KiB, 64 headers, 64 KiB of headers, body 32 MiB
   * Since:   1.0 */
  baton_status (*start)(const baton_host*, const baton_http_request*, const baton_http_events*, void* user,
                        baton_http* out) BATON_NOEXCEPT;

  /* Stops or resumes reading the answer, so that the server waits; the idle timeout rests meanwhile.
   * Thread:  reactor
   * When:    any time
   * Owner:   -
   * Errors:  STALE
   * Limits:  -
   * Since:   1.0 */
  baton_status (*pause)(const baton_host*, baton_http, uint32_t paused) BATON_NOEXCEPT;

  /* Breaks it off: no callback comes any more, `user` may be freed. The server may have acted on it.
   * Thread:  reactor
   * When:    any time, also inside its own callbacks
   * Owner:   the handle ends here
   * Errors:  STALE: it has ended already, which is harmless
   * Limits:  -
   * Since:   1.0 */
  baton_status (*close)(const baton_host*, baton_http) BATON_NOEXCEPT;
} baton_host_http;

#ifdef __cplusplus
}
#endif

#endif
