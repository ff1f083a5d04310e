/* baton.approval/1: may the agent do this? The host gives it, and decides by its rules or asks a person.
 *
 * The run waits: its silence watchdog rests while a question is open. No answer in time means no.
 */
#ifndef BATON_EXT_APPROVAL_H
#define BATON_EXT_APPROVAL_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_APPROVAL "baton.approval/1"

typedef struct baton_approval_request {
  uint32_t size, reserved;
  baton_run run;       /* the question belongs to it; not 0 */
  baton_str tool;      /* as in TOOL_CALL */
  baton_str args_json; /* a JSON value; empty: {} */
  baton_str reason;    /* what the agent says it is for; may be empty */
} baton_approval_request;

typedef struct baton_host_approval {
  uint32_t size, reserved;

  /* Asks. on_answer(user, approval, allowed, note) ends it: `allowed` 1 is a yes, `note` what a person or the rule says
   * to the agent.
   * Thread:  reactor (on_answer too, never inside ask)
   * When:    while the run lives; on_answer once, unless closed before; the handle is stale when it begins
   * Owner:   the request is copied; *out is the plugin's until on_answer, close, or the end of the run; note is
   *          borrowed
   * Errors:  STALE: no such run; INVALID: no tool, args_json that is no JSON, no callback; LIMIT
   * Limits:  16 open per run; tool 1 KiB, args_json 256 KiB, reason 16 KiB
   * Since:   1.0 */
  baton_status (*ask)(const baton_host*, const baton_approval_request*,
                      void (*on_answer)(void* user, baton_approval, uint32_t allowed, baton_str note) BATON_NOEXCEPT,
                      void* user, baton_approval* out) BATON_NOEXCEPT;

  /* Takes the question back: on_answer comes no more, `user` may be freed.
   * Thread:  reactor
   * When:    any time
   * Owner:   the handle ends here
   * Errors:  STALE: it has ended already, which is harmless
   * Limits:  -
   * Since:   1.0 */
  baton_status (*close)(const baton_host*, baton_approval) BATON_NOEXCEPT;
} baton_host_approval;

#ifdef __cplusplus
}
#endif

#endif
