// The layout that plugins of ABI 1.0-rc were compiled against: each member's offset and type, written down once.
//
// A later minor adds a file of its own; a line here is never changed after a release. What may grow grows at its end.
// What stands in arrays, or as a member of something else, may not.
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "baton/entry.h"
#include "baton/ext/approval.h"
#include "baton/ext/files.h"
#include "baton/ext/http.h"
#include "baton/ext/process.h"
#include "baton/ext/run.h"
#include "baton/ext/runtime.h"
#include "baton/ext/secret.h"
#include "baton/ext/setup.h"
#include "baton/ext/store.h"
#include "baton/ext/timer.h"
#include "baton/ext/tools.h"
#include "baton/ext/wakeup.h"
#include "baton/ext/watch.h"
#include "baton/host.h"

#define SLOT(type, member, offset, ...)                                              \
  static_assert(offsetof(type, member) == (offset), #type "." #member " has moved"); \
  static_assert(std::is_same_v<decltype(type::member), __VA_ARGS__>, #type "." #member " is of another type")
#define GROWS(type, size) static_assert(sizeof(type) >= (size), #type " has shrunk")
#define FIXED(type, size) static_assert(sizeof(type) == (size), #type " is of another size")

SLOT(baton_str, data, 0, const char*);
SLOT(baton_str, size, 8, size_t);
FIXED(baton_str, 16);

SLOT(baton_field, key, 0, baton_str);
SLOT(baton_field, value, 16, baton_str);
FIXED(baton_field, 32);

SLOT(baton_run, id, 0, uint64_t);
FIXED(baton_run, 8);

SLOT(baton_op, id, 0, uint64_t);
FIXED(baton_op, 8);

SLOT(baton_process, id, 0, uint64_t);
FIXED(baton_process, 8);

SLOT(baton_timer, id, 0, uint64_t);
FIXED(baton_timer, 8);

SLOT(baton_watch, id, 0, uint64_t);
FIXED(baton_watch, 8);

SLOT(baton_wakeup, id, 0, uint64_t);
FIXED(baton_wakeup, 8);

SLOT(baton_http, id, 0, uint64_t);
FIXED(baton_http, 8);

SLOT(baton_file_op, id, 0, uint64_t);
FIXED(baton_file_op, 8);

SLOT(baton_approval, id, 0, uint64_t);
FIXED(baton_approval, 8);

SLOT(baton_tool_call, id, 0, uint64_t);
FIXED(baton_tool_call, 8);

SLOT(baton_descriptor, size, 0, uint32_t);
SLOT(baton_descriptor, reserved, 4, uint32_t);
SLOT(baton_descriptor, id, 8, const char*);
SLOT(baton_descriptor, name, 16, const char*);
SLOT(baton_descriptor, version, 24, const char*);
SLOT(baton_descriptor, vendor, 32, const char*);
SLOT(baton_descriptor, url, 40, const char*);
SLOT(baton_descriptor, license, 48, const char*);
SLOT(baton_descriptor, summary, 56, const char*);
SLOT(baton_descriptor, config_schema, 64, const char*);
SLOT(baton_descriptor, offers, 72, const char* const*);
SLOT(baton_descriptor, needs, 80, const char* const*);
SLOT(baton_descriptor, wants, 88, const char* const*);
SLOT(baton_descriptor, secrets, 96, const char* const*);
SLOT(baton_descriptor, executables, 104, const char* const*);
SLOT(baton_descriptor, user_files, 112, const char* const*);
GROWS(baton_descriptor, 120);

SLOT(baton_create_args, size, 0, uint32_t);
SLOT(baton_create_args, reserved, 4, uint32_t);
SLOT(baton_create_args, instance, 8, const char*);
SLOT(baton_create_args, config, 16, baton_str);
SLOT(baton_create_args, data_dir, 32, baton_str);
GROWS(baton_create_args, 48);

SLOT(baton_entry, magic, 0, uint32_t);
SLOT(baton_entry, size, 4, uint32_t);
SLOT(baton_entry, abi_major, 8, uint32_t);
SLOT(baton_entry, abi_minor_built, 12, uint32_t);
SLOT(baton_entry, abi_minor_needed, 16, uint32_t);
SLOT(baton_entry, reserved, 20, uint32_t);
SLOT(baton_entry, descriptor, 24, const baton_descriptor*);
SLOT(baton_entry, create, 32, baton_status (*)(const baton_host*, const baton_create_args*, baton_plugin**) noexcept);
SLOT(baton_entry, quiesce, 40, void (*)(baton_plugin*, baton_op) noexcept);
SLOT(baton_entry, destroy, 48, void (*)(baton_plugin*) noexcept);
SLOT(baton_entry, extension, 56, const void* (*)(const char*) noexcept);
GROWS(baton_entry, 64);

SLOT(baton_host, size, 0, uint32_t);
SLOT(baton_host, abi_minor, 4, uint32_t);
SLOT(baton_host, impl, 8, void*);
SLOT(baton_host, product, 16, const char*);
SLOT(baton_host, extension, 24, const void* (*)(const baton_host*, const char*) noexcept);
SLOT(baton_host, log, 32, void (*)(const baton_host*, int32_t, baton_str, const baton_field*, size_t) noexcept);
SLOT(baton_host, fail, 40, baton_status (*)(const baton_host*, baton_status, baton_str) noexcept);
SLOT(baton_host, now, 48, int64_t (*)(const baton_host*) noexcept);
SLOT(baton_host, wall, 56, int64_t (*)(const baton_host*) noexcept);
SLOT(baton_host, op_complete, 64, baton_status (*)(const baton_host*, baton_op, baton_status) noexcept);
GROWS(baton_host, 72);

SLOT(baton_approval_request, size, 0, uint32_t);
SLOT(baton_approval_request, reserved, 4, uint32_t);
SLOT(baton_approval_request, run, 8, baton_run);
SLOT(baton_approval_request, tool, 16, baton_str);
SLOT(baton_approval_request, args_json, 32, baton_str);
SLOT(baton_approval_request, reason, 48, baton_str);
GROWS(baton_approval_request, 64);

SLOT(baton_host_approval, size, 0, uint32_t);
SLOT(baton_host_approval, reserved, 4, uint32_t);
SLOT(baton_host_approval, ask, 8,
     baton_status (*)(const baton_host*, const baton_approval_request*,
                      void (*)(void*, baton_approval, uint32_t, baton_str) noexcept, void*, baton_approval*) noexcept);
SLOT(baton_host_approval, close, 16, baton_status (*)(const baton_host*, baton_approval) noexcept);
GROWS(baton_host_approval, 24);

SLOT(baton_host_files, size, 0, uint32_t);
SLOT(baton_host_files, reserved, 4, uint32_t);
SLOT(baton_host_files, read, 8,
     baton_status (*)(const baton_host*, baton_run, baton_str, uint64_t, baton_file_done, void*,
                      baton_file_op*) noexcept);
SLOT(baton_host_files, write, 16,
     baton_status (*)(const baton_host*, baton_run, baton_str, baton_str, uint32_t, baton_file_done, void*,
                      baton_file_op*) noexcept);
SLOT(baton_host_files, copy_in, 24,
     baton_status (*)(const baton_host*, baton_run, baton_str, baton_str, uint32_t, baton_file_done, void*,
                      baton_file_op*) noexcept);
SLOT(baton_host_files, close, 32, baton_status (*)(const baton_host*, baton_file_op) noexcept);
GROWS(baton_host_files, 40);

SLOT(baton_http_request, size, 0, uint32_t);
SLOT(baton_http_request, flags, 4, uint32_t);
SLOT(baton_http_request, owner, 8, baton_run);
SLOT(baton_http_request, method, 16, baton_str);
SLOT(baton_http_request, url, 32, baton_str);
SLOT(baton_http_request, headers, 48, const baton_field*);
SLOT(baton_http_request, header_count, 56, size_t);
SLOT(baton_http_request, body, 64, baton_str);
SLOT(baton_http_request, connect_timeout_ns, 80, int64_t);
SLOT(baton_http_request, idle_timeout_ns, 88, int64_t);
SLOT(baton_http_request, total_timeout_ns, 96, int64_t);
GROWS(baton_http_request, 104);

SLOT(baton_http_events, size, 0, uint32_t);
SLOT(baton_http_events, reserved, 4, uint32_t);
SLOT(baton_http_events, on_head, 8, void (*)(void*, baton_http, int32_t, const baton_field*, size_t) noexcept);
SLOT(baton_http_events, on_body, 16, void (*)(void*, baton_http, baton_str) noexcept);
SLOT(baton_http_events, on_done, 24, void (*)(void*, baton_http, baton_status, baton_str) noexcept);
GROWS(baton_http_events, 32);

SLOT(baton_host_http, size, 0, uint32_t);
SLOT(baton_host_http, reserved, 4, uint32_t);
SLOT(baton_host_http, start, 8,
     baton_status (*)(const baton_host*, const baton_http_request*, const baton_http_events*, void*,
                      baton_http*) noexcept);
SLOT(baton_host_http, pause, 16, baton_status (*)(const baton_host*, baton_http, uint32_t) noexcept);
SLOT(baton_host_http, close, 24, baton_status (*)(const baton_host*, baton_http) noexcept);
GROWS(baton_host_http, 32);

SLOT(baton_exit, size, 0, uint32_t);
SLOT(baton_exit, code, 4, int32_t);
SLOT(baton_exit, signal, 8, int32_t);
SLOT(baton_exit, forced, 12, uint32_t);
GROWS(baton_exit, 16);

SLOT(baton_process_events, size, 0, uint32_t);
SLOT(baton_process_events, reserved, 4, uint32_t);
SLOT(baton_process_events, on_output, 8, void (*)(void*, baton_process, uint32_t, baton_str, uint32_t) noexcept);
SLOT(baton_process_events, on_drain, 16, void (*)(void*, baton_process) noexcept);
SLOT(baton_process_events, on_exit, 24, void (*)(void*, baton_process, const baton_exit*) noexcept);
GROWS(baton_process_events, 32);

SLOT(baton_spawn, size, 0, uint32_t);
SLOT(baton_spawn, flags, 4, uint32_t);
SLOT(baton_spawn, owner, 8, baton_run);
SLOT(baton_spawn, argv, 16, const baton_str*);
SLOT(baton_spawn, argc, 24, size_t);
SLOT(baton_spawn, cwd, 32, baton_str);
SLOT(baton_spawn, env, 48, const baton_field*);
SLOT(baton_spawn, env_count, 56, size_t);
SLOT(baton_spawn, max_line, 64, uint32_t);
SLOT(baton_spawn, reserved, 68, uint32_t);
GROWS(baton_spawn, 72);

SLOT(baton_host_process, size, 0, uint32_t);
SLOT(baton_host_process, reserved, 4, uint32_t);
SLOT(baton_host_process, spawn, 8,
     baton_status (*)(const baton_host*, const baton_spawn*, const baton_process_events*, void*,
                      baton_process*) noexcept);
SLOT(baton_host_process, write, 16, baton_status (*)(const baton_host*, baton_process, baton_str) noexcept);
SLOT(baton_host_process, close_stdin, 24, baton_status (*)(const baton_host*, baton_process) noexcept);
SLOT(baton_host_process, signal, 32, baton_status (*)(const baton_host*, baton_process, int32_t) noexcept);
SLOT(baton_host_process, stop, 40, baton_status (*)(const baton_host*, baton_process, int64_t) noexcept);
SLOT(baton_host_process, pause, 48, baton_status (*)(const baton_host*, baton_process, uint32_t) noexcept);
SLOT(baton_host_process, close, 56, baton_status (*)(const baton_host*, baton_process) noexcept);
GROWS(baton_host_process, 64);

SLOT(baton_event, size, 0, uint32_t);
SLOT(baton_event, kind, 4, uint32_t);
FIXED(baton_event, 8);

SLOT(baton_event_text, head, 0, baton_event);
SLOT(baton_event_text, channel, 8, uint32_t);
SLOT(baton_event_text, reserved, 12, uint32_t);
SLOT(baton_event_text, text, 16, baton_str);
GROWS(baton_event_text, 32);

SLOT(baton_event_tool_call, head, 0, baton_event);
SLOT(baton_event_tool_call, call_id, 8, baton_str);
SLOT(baton_event_tool_call, name, 24, baton_str);
SLOT(baton_event_tool_call, args_json, 40, baton_str);
GROWS(baton_event_tool_call, 56);

SLOT(baton_event_tool_result, head, 0, baton_event);
SLOT(baton_event_tool_result, ok, 8, uint32_t);
SLOT(baton_event_tool_result, reserved, 12, uint32_t);
SLOT(baton_event_tool_result, call_id, 16, baton_str);
SLOT(baton_event_tool_result, text, 32, baton_str);
GROWS(baton_event_tool_result, 48);

SLOT(baton_event_status, head, 0, baton_event);
SLOT(baton_event_status, phase, 8, uint32_t);
SLOT(baton_event_status, attempt, 12, uint32_t);
SLOT(baton_event_status, retry_in_ns, 16, int64_t);
SLOT(baton_event_status, text, 24, baton_str);
GROWS(baton_event_status, 40);

SLOT(baton_event_usage, head, 0, baton_event);
SLOT(baton_event_usage, cost_basis, 8, uint32_t);
SLOT(baton_event_usage, reserved, 12, uint32_t);
SLOT(baton_event_usage, tokens_in, 16, int64_t);
SLOT(baton_event_usage, tokens_cached, 24, int64_t);
SLOT(baton_event_usage, tokens_out, 32, int64_t);
SLOT(baton_event_usage, tokens_reasoning, 40, int64_t);
SLOT(baton_event_usage, cost_micros, 48, int64_t);
GROWS(baton_event_usage, 56);

SLOT(baton_event_session, head, 0, baton_event);
SLOT(baton_event_session, display_id, 8, baton_str);
SLOT(baton_event_session, resume, 24, baton_str);
GROWS(baton_event_session, 40);

SLOT(baton_event_custom, head, 0, baton_event);
SLOT(baton_event_custom, name, 8, baton_str);
SLOT(baton_event_custom, json, 24, baton_str);
GROWS(baton_event_custom, 40);

SLOT(baton_outcome, size, 0, uint32_t);
SLOT(baton_outcome, result, 4, uint32_t);
SLOT(baton_outcome, error_class, 8, uint32_t);
SLOT(baton_outcome, retryable, 12, uint32_t);
SLOT(baton_outcome, retry_after_ns, 16, int64_t);
SLOT(baton_outcome, summary, 24, baton_str);
SLOT(baton_outcome, detail, 40, baton_str);
GROWS(baton_outcome, 56);

SLOT(baton_probe, size, 0, uint32_t);
SLOT(baton_probe, ready, 4, uint32_t);
SLOT(baton_probe, error_class, 8, uint32_t);
SLOT(baton_probe, reserved, 12, uint32_t);
SLOT(baton_probe, version, 16, baton_str);
SLOT(baton_probe, account, 32, baton_str);
SLOT(baton_probe, hint, 48, baton_str);
SLOT(baton_probe, models, 64, const baton_str*);
SLOT(baton_probe, model_count, 72, size_t);
GROWS(baton_probe, 80);

SLOT(baton_host_run, size, 0, uint32_t);
SLOT(baton_host_run, reserved, 4, uint32_t);
SLOT(baton_host_run, emit, 8, baton_status (*)(const baton_host*, baton_run, const baton_event*) noexcept);
SLOT(baton_host_run, finish, 16, baton_status (*)(const baton_host*, baton_run, const baton_outcome*) noexcept);
SLOT(baton_host_run, probed, 24, baton_status (*)(const baton_host*, baton_op, const baton_probe*) noexcept);
GROWS(baton_host_run, 32);

SLOT(baton_runtime_caps, size, 0, uint32_t);
SLOT(baton_runtime_caps, integration, 4, uint32_t);
SLOT(baton_runtime_caps, flags, 8, uint64_t);
SLOT(baton_runtime_caps, max_runs, 16, uint32_t);
SLOT(baton_runtime_caps, cancel_ms, 20, uint32_t);
SLOT(baton_runtime_caps, context_tokens, 24, int64_t);
SLOT(baton_runtime_caps, models, 32, const char* const*);
SLOT(baton_runtime_caps, facts, 40, const char* const*);
GROWS(baton_runtime_caps, 48);

SLOT(baton_mcp_server, name, 0, baton_str);
SLOT(baton_mcp_server, url, 16, baton_str);
SLOT(baton_mcp_server, bearer, 32, baton_str);
FIXED(baton_mcp_server, 48);

SLOT(baton_run_request, size, 0, uint32_t);
SLOT(baton_run_request, mode, 4, uint32_t);
SLOT(baton_run_request, agent, 8, baton_str);
SLOT(baton_run_request, task, 24, baton_str);
SLOT(baton_run_request, attempt, 40, baton_str);
SLOT(baton_run_request, prompt_system, 56, baton_str);
SLOT(baton_run_request, prompt_context, 72, baton_str);
SLOT(baton_run_request, prompt_turn, 88, baton_str);
SLOT(baton_run_request, model, 104, baton_str);
SLOT(baton_run_request, cwd, 120, baton_str);
SLOT(baton_run_request, home_dir, 136, baton_str);
SLOT(baton_run_request, resume, 152, baton_str);
SLOT(baton_run_request, mcp, 168, const baton_mcp_server*);
SLOT(baton_run_request, mcp_count, 176, size_t);
SLOT(baton_run_request, env, 184, const baton_field*);
SLOT(baton_run_request, env_count, 192, size_t);
SLOT(baton_run_request, blocked_tools, 200, const baton_str*);
SLOT(baton_run_request, blocked_tool_count, 208, size_t);
SLOT(baton_run_request, max_turns, 216, uint32_t);
SLOT(baton_run_request, reserved, 220, uint32_t);
SLOT(baton_run_request, max_cost_micros, 224, int64_t);
SLOT(baton_run_request, deadline, 232, int64_t);
SLOT(baton_run_request, seed, 240, uint64_t);
GROWS(baton_run_request, 248);

SLOT(baton_run_input, size, 0, uint32_t);
SLOT(baton_run_input, mode, 4, uint32_t);
SLOT(baton_run_input, text, 8, baton_str);
GROWS(baton_run_input, 24);

SLOT(baton_runtime, size, 0, uint32_t);
SLOT(baton_runtime, reserved, 4, uint32_t);
SLOT(baton_runtime, caps, 8, baton_status (*)(baton_plugin*, baton_runtime_caps*) noexcept);
SLOT(baton_runtime, probe, 16, baton_status (*)(baton_plugin*, baton_op) noexcept);
SLOT(baton_runtime, run_start, 24,
     baton_status (*)(baton_plugin*, baton_run, const baton_run_request*, void**) noexcept);
SLOT(baton_runtime, run_input, 32, baton_status (*)(baton_plugin*, void*, const baton_run_input*) noexcept);
SLOT(baton_runtime, run_cancel, 40, void (*)(baton_plugin*, void*, uint32_t, int64_t) noexcept);
SLOT(baton_runtime, run_release, 48, void (*)(baton_plugin*, void*) noexcept);
GROWS(baton_runtime, 56);

SLOT(baton_host_secret, size, 0, uint32_t);
SLOT(baton_host_secret, reserved, 4, uint32_t);
SLOT(baton_host_secret, get, 8, baton_status (*)(const baton_host*, const char*, baton_str*) noexcept);
GROWS(baton_host_secret, 16);

SLOT(baton_setup_info, size, 0, uint32_t);
SLOT(baton_setup_info, auth_kind, 4, uint32_t);
SLOT(baton_setup_info, secret, 8, const char*);
SLOT(baton_setup_info, docs_url, 16, const char*);
SLOT(baton_setup_info, install_argv, 24, const char* const*);
SLOT(baton_setup_info, login_argv, 32, const char* const*);
SLOT(baton_setup_info, logout_argv, 40, const char* const*);
GROWS(baton_setup_info, 48);

SLOT(baton_setup, size, 0, uint32_t);
SLOT(baton_setup, reserved, 4, uint32_t);
SLOT(baton_setup, info, 8, baton_status (*)(baton_plugin*, baton_setup_info*) noexcept);
GROWS(baton_setup, 16);

SLOT(baton_host_store, size, 0, uint32_t);
SLOT(baton_host_store, reserved, 4, uint32_t);
SLOT(baton_host_store, get, 8, baton_status (*)(const baton_host*, baton_str, baton_str*) noexcept);
SLOT(baton_host_store, put, 16, baton_status (*)(const baton_host*, baton_str, baton_str) noexcept);
SLOT(baton_host_store, erase, 24, baton_status (*)(const baton_host*, baton_str) noexcept);
GROWS(baton_host_store, 32);

SLOT(baton_host_timer, size, 0, uint32_t);
SLOT(baton_host_timer, reserved, 4, uint32_t);
SLOT(baton_host_timer, start, 8,
     baton_status (*)(const baton_host*, baton_run, int64_t, int64_t, void (*)(void*, baton_timer) noexcept, void*,
                      baton_timer*) noexcept);
SLOT(baton_host_timer, close, 16, baton_status (*)(const baton_host*, baton_timer) noexcept);
GROWS(baton_host_timer, 24);

SLOT(baton_host_tools, size, 0, uint32_t);
SLOT(baton_host_tools, reserved, 4, uint32_t);
SLOT(baton_host_tools, list, 8, baton_status (*)(const baton_host*, baton_run, baton_str*) noexcept);
SLOT(baton_host_tools, call, 16,
     baton_status (*)(const baton_host*, baton_run, baton_str, baton_str,
                      void (*)(void*, baton_tool_call, uint32_t, baton_str) noexcept, void*,
                      baton_tool_call*) noexcept);
SLOT(baton_host_tools, close, 24, baton_status (*)(const baton_host*, baton_tool_call) noexcept);
GROWS(baton_host_tools, 32);

SLOT(baton_host_wakeup, size, 0, uint32_t);
SLOT(baton_host_wakeup, reserved, 4, uint32_t);
SLOT(baton_host_wakeup, create, 8,
     baton_status (*)(const baton_host*, void (*)(void*) noexcept, void*, baton_wakeup*) noexcept);
SLOT(baton_host_wakeup, signal, 16, baton_status (*)(const baton_host*, baton_wakeup) noexcept);
SLOT(baton_host_wakeup, close, 24, baton_status (*)(const baton_host*, baton_wakeup) noexcept);
GROWS(baton_host_wakeup, 32);

SLOT(baton_host_watch, size, 0, uint32_t);
SLOT(baton_host_watch, reserved, 4, uint32_t);
SLOT(baton_host_watch, start, 8,
     baton_status (*)(const baton_host*, baton_run, int32_t, uint32_t, void (*)(void*, baton_watch, uint32_t) noexcept,
                      void*, baton_watch*) noexcept);
SLOT(baton_host_watch, change, 16, baton_status (*)(const baton_host*, baton_watch, uint32_t) noexcept);
SLOT(baton_host_watch, close, 24, baton_status (*)(const baton_host*, baton_watch) noexcept);
GROWS(baton_host_watch, 32);
