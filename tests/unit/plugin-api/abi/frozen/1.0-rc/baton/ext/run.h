/* baton.run/1: what a run reports, and how it ends. The host gives it. */
#ifndef BATON_EXT_RUN_H
#define BATON_EXT_RUN_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_RUN "baton.run/1"

#define BATON_EVENT_TEXT 1
#define BATON_EVENT_TOOL_CALL 2
#define BATON_EVENT_TOOL_RESULT 3
#define BATON_EVENT_STATUS 4
#define BATON_EVENT_USAGE 5
#define BATON_EVENT_SESSION 6
#define BATON_EVENT_CUSTOM 7

/* First member of each event: `size` of the whole struct and its kind. */
typedef struct baton_event {
  uint32_t size, kind;
} baton_event;

#define BATON_CHANNEL_ANSWER 0    /* the agent's own words */
#define BATON_CHANNEL_REASONING 1 /* what it thinks aloud */

/* Any fragment of text; fragments of one channel are joined without a separator. */
typedef struct baton_event_text {
  baton_event head;
  uint32_t channel, reserved;
  baton_str text;
} baton_event_text;

typedef struct baton_event_tool_call {
  baton_event head;
  baton_str call_id, name, args_json;
} baton_event_tool_call;

typedef struct baton_event_tool_result {
  baton_event head;
  uint32_t ok, reserved;
  baton_str call_id, text;
} baton_event_tool_result;

#define BATON_PHASE_OTHER 0
#define BATON_PHASE_STARTING 1
#define BATON_PHASE_WORKING 2
#define BATON_PHASE_WAITING 3 /* for somebody else: a rate limit, a queue */

/* What it is doing; a non-fatal error is one too. `retry_in_ns` moves the silence watchdog by that time: a rate limit
 * is a wait, not silence. 0: none. */
typedef struct baton_event_status {
  baton_event head;
  uint32_t phase, attempt;
  int64_t retry_in_ns;
  baton_str text;
} baton_event_status;

#define BATON_COST_UNKNOWN 0
#define BATON_COST_REPORTED 1  /* the runtime said so */
#define BATON_COST_ESTIMATED 2 /* the plugin computed it */

/* Cumulative for the run, so that a repeat is harmless. -1: unknown, which is not 0. */
typedef struct baton_event_usage {
  baton_event head;
  uint32_t cost_basis, reserved;
  int64_t tokens_in, tokens_cached, tokens_out, tokens_reasoning, cost_micros;
} baton_event_usage;

/* The runtime's own session. May come late and more than once; the last one is stored with the task and comes back as
 * request.resume. Opaque to the host. */
typedef struct baton_event_session {
  baton_event head;
  baton_str display_id, resume;
} baton_event_session;

/* Stored and shown, never acted on. `name` is reverse DNS. */
typedef struct baton_event_custom {
  baton_event head;
  baton_str name, json;
} baton_event_custom;

#define BATON_RESULT_SUCCESS 1
#define BATON_RESULT_LIMIT 2 /* turns, budget, context: a regular end short of the goal */
#define BATON_RESULT_CANCELLED 3
#define BATON_RESULT_FAILED 4

/* The host decides on class and `retryable` only, never on text. */
#define BATON_ERROR_NONE 0
#define BATON_ERROR_AUTH 1
#define BATON_ERROR_QUOTA 2
#define BATON_ERROR_NOT_INSTALLED 3
#define BATON_ERROR_CONFIG 4
#define BATON_ERROR_NETWORK 5
#define BATON_ERROR_PROTOCOL 6
#define BATON_ERROR_CRASHED 7
#define BATON_ERROR_TIMEOUT 8
#define BATON_ERROR_POLICY 9
#define BATON_ERROR_SESSION_LOST 10
#define BATON_ERROR_INTERNAL 11

typedef struct baton_outcome {
  uint32_t size, result, error_class, retryable;
  int64_t retry_after_ns;    /* -1: no advice */
  baton_str summary, detail; /* for people and the next runtime, never parsed */
} baton_outcome;

typedef struct baton_probe {
  uint32_t size, ready; /* ready 0: not usable, error_class says why */
  uint32_t error_class, reserved;
  baton_str version, account, hint;
  const baton_str* models; /* NULL: as in caps */
  size_t model_count;
} baton_probe;

typedef struct baton_host_run {
  uint32_t size, reserved;

  /* Reports one event; the host copies, numbers and stamps it. Never refuses for load: the host pauses the run's own
   * processes instead, so that back-pressure needs no code in the plugin.
   * Thread:  reactor
   * When:    from run_start (also inside it) until finish
   * Owner:   everything is borrowed; broken UTF-8 is repaired and counted against the plugin
   * Errors:  STALE: the run has ended; LIMIT: too long; INVALID: unknown kind, wrong size, args_json or json that is
   *          no JSON
   * Limits:  1 MiB per event; resume token 4 KiB
   * Since:   1.0 */
  baton_status (*emit)(const baton_host*, baton_run, const baton_event*) BATON_NOEXCEPT;

  /* Ends the run: closes everything that it owns; run_release follows in a later turn.
   * Thread:  reactor
   * When:    exactly once per run that run_start accepted, also inside run_start (which then returns BATON_OK)
   * Owner:   everything is borrowed
   * Errors:  STALE: it has ended already, by the plugin or by the host; INVALID: unknown result, the run goes on
   * Limits:  summary 64 KiB, detail 64 KiB (the beginning of a summary, the end of a detail is kept)
   * Since:   1.0 */
  baton_status (*finish)(const baton_host*, baton_run, const baton_outcome*) BATON_NOEXCEPT;

  /* Ends a probe, with what it found.
   * Thread:  reactor
   * When:    once per probe, also inside the call that started it
   * Owner:   everything is borrowed
   * Errors:  STALE: the probe has ended already, or 10 s have passed
   * Limits:  256 models
   * Since:   1.0 */
  baton_status (*probed)(const baton_host*, baton_op, const baton_probe*) BATON_NOEXCEPT;
} baton_host_run;

#ifdef __cplusplus
}
#endif

#endif
