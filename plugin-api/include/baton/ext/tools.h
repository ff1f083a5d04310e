/* baton.tools/1: tools that the host runs for a loop inside a plugin. The host gives it.
 *
 * Rules, the bounds of the worktree and the record of each call are the host's. What is not allowed comes back as a
 * result with `ok` 0, because the model should read it.
 */
#ifndef BATON_EXT_TOOLS_H
#define BATON_EXT_TOOLS_H

#include "../base.h"

#ifdef __cplusplus
extern "C" {
#endif

#define BATON_EXT_TOOLS "baton.tools/1"

typedef struct baton_host_tools {
  uint32_t size, reserved;

  /* Gives the tools of a run: a JSON array of {"name", "description", "inputSchema"} in the order of their names.
   * Thread:  reactor
   * When:    while the run lives; the answer is the same for the life of the run
   * Owner:   *out_json lives until the current callback returns
   * Errors:  STALE: no such run; INVALID: out_json is NULL
   * Limits:  -
   * Since:   1.0 */
  baton_status (*list)(const baton_host*, baton_run, baton_str* out_json) BATON_NOEXCEPT;

  /* Runs one. on_result(user, call, ok, text) ends it: `ok` 0 is a failure, an unknown tool, or a refusal, and the text
   * says which. The host reports TOOL_CALL and TOOL_RESULT for it; the plugin does not.
   * Thread:  reactor (on_result too, never inside call)
   * When:    while the run lives; on_result once, unless closed before; the handle is stale when it begins
   * Owner:   name and args (empty: {}) are copied; *out is the plugin's until on_result, close, or the end of the run; text is
   *          borrowed
   * Errors:  STALE: no such run; INVALID: no name, args_json that is no JSON object, no callback; LIMIT
   * Limits:  8 at once per run; name 256 bytes, args_json 1 MiB, text 256 KiB (beginning and end are kept)
   * Since:   1.0 */
  baton_status (*call)(const baton_host*, baton_run, baton_str name, baton_str args_json,
                       void (*on_result)(void* user, baton_tool_call, uint32_t ok, baton_str text) BATON_NOEXCEPT,
                       void* user, baton_tool_call* out) BATON_NOEXCEPT;

  /* Breaks it off: on_result comes no more, `user` may be freed; what the tool has started is ended.
   * Thread:  reactor
   * When:    any time
   * Owner:   the handle ends here
   * Errors:  STALE: it has ended already, which is harmless
   * Limits:  -
   * Since:   1.0 */
  baton_status (*close)(const baton_host*, baton_tool_call) BATON_NOEXCEPT;
} baton_host_tools;

#ifdef __cplusplus
}
#endif

#endif
