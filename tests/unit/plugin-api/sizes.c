/* Needs the layout of every public struct, so that -Wpadded sees it. Compiled as C and as C++ by check_headers.sh. */
#include <baton/draft/websocket.h>
#include <baton/entry.h>
#include <baton/ext/approval.h>
#include <baton/ext/files.h>
#include <baton/ext/http.h>
#include <baton/ext/process.h>
#include <baton/ext/run.h>
#include <baton/ext/runtime.h>
#include <baton/ext/secret.h>
#include <baton/ext/setup.h>
#include <baton/ext/store.h>
#include <baton/ext/timer.h>
#include <baton/ext/tools.h>
#include <baton/ext/wakeup.h>
#include <baton/ext/watch.h>
#include <baton/host.h>

#define SIZE(type) sizeof(type)

extern const size_t baton_sizes[];
const size_t baton_sizes[] = {
    SIZE(baton_str),
    SIZE(baton_field),
    SIZE(baton_run),
    SIZE(baton_op),
    SIZE(baton_process),
    SIZE(baton_timer),
    SIZE(baton_file_op),
    SIZE(baton_descriptor),
    SIZE(baton_create_args),
    SIZE(baton_entry),
    SIZE(baton_host),
    SIZE(baton_event),
    SIZE(baton_event_text),
    SIZE(baton_event_tool_call),
    SIZE(baton_event_tool_result),
    SIZE(baton_event_status),
    SIZE(baton_event_usage),
    SIZE(baton_event_session),
    SIZE(baton_event_custom),
    SIZE(baton_outcome),
    SIZE(baton_probe),
    SIZE(baton_host_run),
    SIZE(baton_exit),
    SIZE(baton_process_events),
    SIZE(baton_spawn),
    SIZE(baton_host_process),
    SIZE(baton_host_timer),
    SIZE(baton_host_files),
    SIZE(baton_runtime_caps),
    SIZE(baton_mcp_server),
    SIZE(baton_run_request),
    SIZE(baton_run_input),
    SIZE(baton_runtime),
    SIZE(baton_watch),
    SIZE(baton_wakeup),
    SIZE(baton_http),
    SIZE(baton_approval),
    SIZE(baton_tool_call),
    SIZE(baton_host_watch),
    SIZE(baton_host_wakeup),
    SIZE(baton_http_request),
    SIZE(baton_http_events),
    SIZE(baton_host_http),
    SIZE(baton_host_store),
    SIZE(baton_host_secret),
    SIZE(baton_approval_request),
    SIZE(baton_host_approval),
    SIZE(baton_host_tools),
    SIZE(baton_setup_info),
    SIZE(baton_setup),
    SIZE(baton_websocket_request),
    SIZE(baton_websocket_events),
    SIZE(baton_host_websocket),
};
