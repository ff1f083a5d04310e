/* baton.runtime/1: an agent runtime. The plugin gives it.
 *
 * Life of a run, in the order in which the plugin sees it:
 *   run_start -> emit* -> (run_input | run_cancel | service callbacks)* -> finish -> run_release
 */
#ifndef BATON_EXT_RUNTIME_H
#define BATON_EXT_RUNTIME_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_RUNTIME "baton.runtime/1"

/* What the runtime can do; an absent flag means no. What each one makes the host do: plugin-api/GUIDE.md. */
#define BATON_CAP_STREAMING (1ull << 0)
#define BATON_CAP_TOOL_EVENTS (1ull << 1)
#define BATON_CAP_RESUME (1ull << 2)
#define BATON_CAP_FORK (1ull << 3)
#define BATON_CAP_STEER (1ull << 4)
#define BATON_CAP_FOLLOW_UP (1ull << 5)
#define BATON_CAP_MCP (1ull << 6)
#define BATON_CAP_APPROVALS (1ull << 7)
#define BATON_CAP_WORKTREE (1ull << 8)
#define BATON_CAP_OWN_HOME (1ull << 9)
#define BATON_CAP_MODEL_SELECT (1ull << 10)
#define BATON_CAP_TOOL_BLOCK (1ull << 11)
#define BATON_CAP_LIMIT_TURNS (1ull << 12)
#define BATON_CAP_LIMIT_COST (1ull << 13)
#define BATON_CAP_USAGE_TOKENS (1ull << 14)
#define BATON_CAP_USAGE_COST (1ull << 15)
#define BATON_CAP_REPLAY (1ull << 16)

#define BATON_INTEGRATION_PROGRAM 1 /* a program per run */
#define BATON_INTEGRATION_SERVICE 2 /* a connected service */
#define BATON_INTEGRATION_LOOP 3    /* a loop inside the plugin */

typedef struct baton_runtime_caps {
  uint32_t size, integration;
  uint64_t flags;
  uint32_t max_runs;         /* at once in this instance; 0: no limit of its own */
  uint32_t cancel_ms;        /* how long a cancel may take; 0: 5000, at most 30000 */
  int64_t context_tokens;    /* -1: unknown */
  const char* const* models; /* known names; NULL: any. probe may give a newer list */
  const char* const* facts;  /* "key=value", shown to people, never acted on ("name" is the display name) */
} baton_runtime_caps;

typedef struct baton_mcp_server {
  baton_str name, url, bearer;
} baton_mcp_server;

#define BATON_RUN_FRESH 0
#define BATON_RUN_RESUME 1
#define BATON_RUN_FORK 2

typedef struct baton_run_request {
  uint32_t size, mode;
  baton_str agent, task, attempt; /* ids, for the plugin's logs */
  baton_str prompt_system, prompt_context, prompt_turn;
  baton_str model;    /* empty: the runtime's default */
  baton_str cwd;      /* the only directory to write project files in; never empty */
  baton_str home_dir; /* private home of the agent; empty: none */
  baton_str resume;   /* token of a SESSION event, with mode resume or fork */
  const baton_mcp_server* mcp;
  size_t mcp_count;
  const baton_field* env; /* for the program that the run starts */
  size_t env_count;
  const baton_str* blocked_tools;
  size_t blocked_tool_count;
  uint32_t max_turns, reserved;      /* 0: none */
  int64_t max_cost_micros, deadline; /* -1: none; deadline is in host->now */
  uint64_t seed;                     /* source of ids that the plugin makes up */
} baton_run_request;

#define BATON_INPUT_STEER 1
#define BATON_INPUT_FOLLOW_UP 2

typedef struct baton_run_input {
  uint32_t size, mode;
  baton_str text;
} baton_run_input;

#define BATON_CANCEL_USER 1
#define BATON_CANCEL_TIME 2
#define BATON_CANCEL_BUDGET 3
#define BATON_CANCEL_SHUTDOWN 4
#define BATON_CANCEL_POLICY 5

typedef struct baton_runtime {
  uint32_t size, reserved;

  /* Fills what it knows within out->size; the host has set every member to "unknown".
   * Thread:  reactor
   * When:    after create; the answer is the same for the life of the instance
   * Owner:   lists are the plugin's and live as long as the instance
   * Errors:  any: the instance is refused (create_failed)
   * Limits:  50 ms
   * Since:   1.0 */
  baton_status (*caps)(baton_plugin*, baton_runtime_caps* out) BATON_NOEXCEPT;

  /* Asks whether the program is there, which version, and whether somebody is logged in; ends with probed (or
   * op_complete).
   * Thread:  reactor
   * When:    after create, and again after an auth failure; not while another probe is open
   * Owner:   -
   * Errors:  any: counts as not ready, the operation is over
   * Limits:  10 s until the answer; starts no model turn, costs nothing
   * Since:   1.0 */
  baton_status (*probe)(baton_plugin*, baton_op) BATON_NOEXCEPT;

  /* Starts a run. BATON_OK: it lives, exactly one finish must follow, and *state is kept by the host. Error: nothing
   * lives, no finish and no run_release come.
   * Thread:  reactor
   * When:    between create and quiesce, at most caps.max_runs at once
   * Owner:   the request is borrowed: copy what is needed later; *state is the plugin's until run_release
   * Errors:  any, with a text by host->fail; everything that the run owns is closed by the host
   * Limits:  50 ms
   * Since:   1.0 */
  baton_status (*run_start)(baton_plugin*, baton_run, const baton_run_request*, void** state) BATON_NOEXCEPT;

  /* Hands text to a living run. May be NULL when neither STEER nor FOLLOW_UP is claimed.
   * Thread:  reactor
   * When:    between run_start and finish
   * Owner:   input is borrowed
   * Errors:  STATE: not now; the host tries again after the next STATUS event
   * Limits:  1 MiB
   * Since:   1.0 */
  baton_status (*run_input)(baton_plugin*, void* state, const baton_run_input*) BATON_NOEXCEPT;

  /* Asks the run to end; finish by `deadline` (in host->now), else the host does it.
   * Thread:  reactor
   * When:    between run_start and finish; may come again with an earlier deadline, which is harmless
   * Owner:   -
   * Errors:  -
   * Limits:  caps.cancel_ms
   * Since:   1.0 */
  void (*run_cancel)(baton_plugin*, void* state, uint32_t reason, int64_t deadline) BATON_NOEXCEPT;

  /* The last call for this state: everything that the run owned is closed already.
   * Thread:  reactor
   * When:    once per run that run_start accepted, in a later turn than its end
   * Owner:   the state ends here
   * Errors:  -
   * Limits:  50 ms
   * Since:   1.0 */
  void (*run_release)(baton_plugin*, void* state) BATON_NOEXCEPT;
} baton_runtime;

#ifdef __cplusplus
}
#endif

#endif
