// The layout that plugins were compiled against: one line per slot. A line may be added, never changed.
#include <cstddef>

#include <gtest/gtest.h>

#include "baton/entry.h"
#include "baton/ext/files.h"
#include "baton/ext/http.h"
#include "baton/ext/process.h"
#include "baton/ext/run.h"
#include "baton/ext/runtime.h"
#include "baton/ext/timer.h"
#include "baton/host.h"

namespace {

#define AT(type, member, offset) static_assert(offsetof(type, member) == (offset), #type "." #member)

AT(baton_descriptor, size, 0);
AT(baton_descriptor, id, 8);
AT(baton_descriptor, name, 16);
AT(baton_descriptor, version, 24);
AT(baton_descriptor, vendor, 32);
AT(baton_descriptor, url, 40);
AT(baton_descriptor, license, 48);
AT(baton_descriptor, summary, 56);
AT(baton_descriptor, config_schema, 64);
AT(baton_descriptor, offers, 72);
AT(baton_descriptor, needs, 80);
AT(baton_descriptor, wants, 88);
AT(baton_descriptor, secrets, 96);
AT(baton_descriptor, executables, 104);
AT(baton_descriptor, user_files, 112);
static_assert(sizeof(baton_descriptor) == 120);

AT(baton_create_args, instance, 8);
AT(baton_create_args, config, 16);
AT(baton_create_args, data_dir, 32);

AT(baton_entry, magic, 0);
AT(baton_entry, size, 4);
AT(baton_entry, abi_major, 8);
AT(baton_entry, abi_minor_built, 12);
AT(baton_entry, abi_minor_needed, 16);
AT(baton_entry, descriptor, 24);
AT(baton_entry, create, 32);
AT(baton_entry, quiesce, 40);
AT(baton_entry, destroy, 48);
AT(baton_entry, extension, 56);

AT(baton_host, size, 0);
AT(baton_host, abi_minor, 4);
AT(baton_host, impl, 8);
AT(baton_host, product, 16);
AT(baton_host, extension, 24);
AT(baton_host, log, 32);
AT(baton_host, fail, 40);
AT(baton_host, now, 48);
AT(baton_host, wall, 56);
AT(baton_host, op_complete, 64);

AT(baton_event_text, channel, 8);
AT(baton_event_text, text, 16);
AT(baton_event_tool_call, call_id, 8);
AT(baton_event_tool_call, name, 24);
AT(baton_event_tool_call, args_json, 40);
AT(baton_event_tool_result, ok, 8);
AT(baton_event_tool_result, call_id, 16);
AT(baton_event_tool_result, text, 32);
AT(baton_event_status, phase, 8);
AT(baton_event_status, attempt, 12);
AT(baton_event_status, retry_in_ns, 16);
AT(baton_event_status, text, 24);
AT(baton_event_usage, cost_basis, 8);
AT(baton_event_usage, tokens_in, 16);
AT(baton_event_usage, tokens_cached, 24);
AT(baton_event_usage, tokens_out, 32);
AT(baton_event_usage, tokens_reasoning, 40);
AT(baton_event_usage, cost_micros, 48);
AT(baton_event_session, display_id, 8);
AT(baton_event_session, resume, 24);
AT(baton_event_custom, name, 8);
AT(baton_event_custom, json, 24);
AT(baton_outcome, result, 4);
AT(baton_outcome, error_class, 8);
AT(baton_outcome, retryable, 12);
AT(baton_outcome, retry_after_ns, 16);
AT(baton_outcome, summary, 24);
AT(baton_outcome, detail, 40);
AT(baton_probe, ready, 4);
AT(baton_probe, error_class, 8);
AT(baton_probe, version, 16);
AT(baton_probe, account, 32);
AT(baton_probe, hint, 48);
AT(baton_probe, models, 64);
AT(baton_probe, model_count, 72);
AT(baton_host_run, emit, 8);
AT(baton_host_run, finish, 16);
AT(baton_host_run, probed, 24);

AT(baton_exit, code, 4);
AT(baton_exit, signal, 8);
AT(baton_exit, forced, 12);
AT(baton_process_events, on_output, 8);
AT(baton_process_events, on_drain, 16);
AT(baton_process_events, on_exit, 24);
AT(baton_spawn, flags, 4);
AT(baton_spawn, owner, 8);
AT(baton_spawn, argv, 16);
AT(baton_spawn, argc, 24);
AT(baton_spawn, cwd, 32);
AT(baton_spawn, env, 48);
AT(baton_spawn, env_count, 56);
AT(baton_spawn, max_line, 64);
AT(baton_host_process, spawn, 8);
AT(baton_host_process, write, 16);
AT(baton_host_process, close_stdin, 24);
AT(baton_host_process, signal, 32);
AT(baton_host_process, stop, 40);
AT(baton_host_process, pause, 48);
AT(baton_host_process, close, 56);

AT(baton_host_timer, start, 8);
AT(baton_host_timer, close, 16);
AT(baton_host_files, read, 8);
AT(baton_host_files, write, 16);
AT(baton_host_files, copy_in, 24);
AT(baton_host_files, close, 32);

AT(baton_http_request, flags, 4);
AT(baton_http_request, owner, 8);
AT(baton_http_request, method, 16);
AT(baton_http_request, url, 32);
AT(baton_http_request, headers, 48);
AT(baton_http_request, header_count, 56);
AT(baton_http_request, body, 64);
AT(baton_http_request, connect_timeout_ns, 80);
AT(baton_http_request, idle_timeout_ns, 88);
AT(baton_http_request, total_timeout_ns, 96);
static_assert(sizeof(baton_http_request) == 104);
AT(baton_http_events, on_head, 8);
AT(baton_http_events, on_body, 16);
AT(baton_http_events, on_done, 24);
AT(baton_host_http, start, 8);
AT(baton_host_http, pause, 16);
AT(baton_host_http, close, 24);

AT(baton_runtime_caps, integration, 4);
AT(baton_runtime_caps, flags, 8);
AT(baton_runtime_caps, max_runs, 16);
AT(baton_runtime_caps, cancel_ms, 20);
AT(baton_runtime_caps, context_tokens, 24);
AT(baton_runtime_caps, models, 32);
AT(baton_runtime_caps, facts, 40);
AT(baton_run_request, mode, 4);
AT(baton_run_request, agent, 8);
AT(baton_run_request, task, 24);
AT(baton_run_request, attempt, 40);
AT(baton_run_request, prompt_system, 56);
AT(baton_run_request, prompt_context, 72);
AT(baton_run_request, prompt_turn, 88);
AT(baton_run_request, model, 104);
AT(baton_run_request, cwd, 120);
AT(baton_run_request, home_dir, 136);
AT(baton_run_request, resume, 152);
AT(baton_run_request, mcp, 168);
AT(baton_run_request, mcp_count, 176);
AT(baton_run_request, env, 184);
AT(baton_run_request, env_count, 192);
AT(baton_run_request, blocked_tools, 200);
AT(baton_run_request, blocked_tool_count, 208);
AT(baton_run_request, max_turns, 216);
AT(baton_run_request, max_cost_micros, 224);
AT(baton_run_request, deadline, 232);
AT(baton_run_request, seed, 240);
AT(baton_run_input, mode, 4);
AT(baton_run_input, text, 8);
AT(baton_runtime, caps, 8);
AT(baton_runtime, probe, 16);
AT(baton_runtime, run_start, 24);
AT(baton_runtime, run_input, 32);
AT(baton_runtime, run_cancel, 40);
AT(baton_runtime, run_release, 48);

// A shorter table of an older host is noticed by the macro that plugins test slots with.
TEST(Layout, AMemberBeyondTheSaidSizeIsAbsent) {
  baton_host host{};
  host.now = [](const baton_host*) noexcept { return std::int64_t{1}; };
  host.size = offsetof(baton_host, now);
  EXPECT_FALSE(BATON_HAS(&host, now));
  host.size = offsetof(baton_host, wall);
  EXPECT_TRUE(BATON_HAS(&host, now));
  EXPECT_FALSE(BATON_HAS(&host, wall));
}

}  // namespace
