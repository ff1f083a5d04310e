#include "plugin/host_tools.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "plugin/abi_values.hpp"
#include "plugin/host_tables.hpp"
#include "plugin/instance.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kPerRun = 8, kName = 256, kArguments = 1024 * 1024;

bool is_object(std::string_view json) {
  const auto document = json::Document::parse(json);
  return document && document->root().is_object();
}

}  // namespace

struct HostTools::Record {
  Request request;
  std::string id;  // in the run's events
  std::uint64_t handle = 0;
  std::unique_ptr<ToolCall> call = nullptr;
};

baton_status HostTools::list(baton_run run, baton_str* out_json) {
  if (out_json == nullptr) return instance_.gate().refuse(BATON_E_INVALID, "tools: no place for the list");
  const auto* record = instance_.runs().find(run);
  if (record == nullptr) return instance_.gate().refuse(BATON_E_STALE, "tools: the run has ended");
  auto found = lists_.find(run.id);
  if (found == lists_.end()) {
    auto* service = instance_.around().tools;
    found = lists_.emplace(run.id, service == nullptr ? "[]" : service->list(record->scope())).first;
  }
  *out_json = str(found->second);
  return BATON_OK;
}

baton_status HostTools::check(const Request& request) {
  if (request.on_result == nullptr || !readable(request.name) || !readable(request.args_json) || request.name.size == 0)
    return instance_.gate().refuse(BATON_E_INVALID, "tools: no name, no callback, or a text without data");
  if (request.name.size > kName || request.args_json.size > kArguments)
    return instance_.gate().refuse(BATON_E_LIMIT, "tools: name or args_json is too long");
  if (!text::is_utf8(view(request.name)) || (request.args_json.size > 0 && !is_object(view(request.args_json))))
    return instance_.gate().refuse(BATON_E_INVALID, "tools: the name is no text, or args_json is no JSON object");
  if (!instance_.runs().is_alive(request.run))
    return instance_.gate().refuse(BATON_E_STALE, "tools: the run has ended");
  const auto all = records_.handles();
  const auto open = std::ranges::count_if(
      all, [&](auto handle) { return (*records_.find(handle))->request.run.id == request.run.id; });
  if (static_cast<std::size_t>(open) >= kPerRun)
    return instance_.gate().refuse(BATON_E_LIMIT, "tools: 8 calls of this run are open");
  // What is called and closed in a loop is heard of all the same.
  if (!instance_.runs().find(request.run)->has_room(request.name.size + request.args_json.size))
    return instance_.gate().refuse(BATON_E_LIMIT, "tools: too much of this run waits to be heard");
  return BATON_OK;
}

baton_status HostTools::call(const Request& request, baton_tool_call* out) {
  if (out == nullptr) return instance_.gate().refuse(BATON_E_INVALID, "tools: no place for the handle");
  if (const auto status = check(request); status != BATON_OK) return status;
  auto record = std::make_shared<Record>(Record{request, fmt::format("host-{}", ++calls_)});
  record->handle = records_.insert(record);
  if (record->handle == 0)
    return instance_.gate().refuse(BATON_E_LIMIT, "tools: too many calls of this instance are open");
  *out = {record->handle};
  begin(record, request);
  return BATON_OK;
}

void HostTools::begin(const std::shared_ptr<Record>& record, const Request& request) {
  RunRecord& run = *instance_.runs().find(request.run);
  const std::string name(view(request.name));
  const std::string arguments(request.args_json.size == 0 ? std::string_view("{}") : view(request.args_json));
  run.begin_wait();
  run.report(runtime::ToolCallEvent{record->id, name, arguments}, name.size() + arguments.size());
  const std::weak_ptr<Record> weak = record;  // gone with the call, and with this object
  const auto on_result = [this, weak](ToolResult result) {
    if (const auto kept = weak.lock()) end(*kept, std::move(result));
  };
  const auto answer = [&](const char* why) {
    instance_.loop().post([on_result, why] { on_result({.ok = false, .text = why}); });
  };
  const auto& blocked = run.scope().blocked;
  if (instance_.around().tools == nullptr) return answer("There are no tools here.");
  if (std::ranges::find(blocked, name) != blocked.end()) return answer("This agent may not use this tool.");
  record->call = instance_.around().tools->call(run.scope(), name, arguments, on_result);
}

void HostTools::tell_run(const Record& record, bool ok, std::string text) {
  auto* run = instance_.runs().find(record.request.run);
  if (run == nullptr) return;
  run->end_wait();
  const auto size = text.size();
  run->report(runtime::ToolResultEvent{ok, record.id, std::move(text)}, size);
}

void HostTools::end(Record& record, ToolResult result) {
  if (!records_.take(record.handle)) return;
  result.text = text::repaired_utf8(result.text);
  instance_.secrets().masker().mask(result.text);  // before it is cut: what is left of a cut value is not found
  result.text = text::both_ends(result.text, kToolText);
  tell_run(record, result.ok, result.text);
  instance_.gate().enter("on_result", [&] {
    record.request.on_result(record.request.user, {record.handle}, result.ok ? 1 : 0, str(result.text));
  });
}

baton_status HostTools::close(baton_tool_call call) {
  const auto record = records_.take(call.id);
  if (!record) return BATON_E_STALE;
  (*record)->call.reset();
  tell_run(**record, false, "broken off");
  return BATON_OK;
}

void HostTools::close_of(baton_run run) {
  for (const auto handle : records_.handles()) {
    if ((*records_.find(handle))->request.run.id == run.id) close({handle});
  }
}

void HostTools::forget_list(baton_run run) { lists_.erase(run.id); }

void HostTools::close_all() {
  for (const auto handle : records_.handles()) close({handle});
}

const baton_host_tools kHostTools{.size = sizeof(baton_host_tools),
                                  .reserved = 0,
                                  .list =
                                      [](const baton_host* host, baton_run run, baton_str* out_json) noexcept {
                                        auto* instance = Instance::usable(host);
                                        return instance == nullptr ? BATON_E_STATE
                                                                   : instance->tools().list(run, out_json);
                                      },
                                  .call =
                                      [](const baton_host* host, baton_run run, baton_str name, baton_str args_json,
                                         void (*on_result)(void*, baton_tool_call, uint32_t, baton_str) noexcept,
                                         void* user, baton_tool_call* out) noexcept {
                                        auto* instance = Instance::usable(host);
                                        if (instance == nullptr) return BATON_E_STATE;
                                        return instance->tools().call({run, name, args_json, on_result, user}, out);
                                      },
                                  .close =
                                      [](const baton_host* host, baton_tool_call call) noexcept {
                                        auto* instance = Instance::usable(host);
                                        return instance == nullptr ? BATON_E_STATE : instance->tools().close(call);
                                      }};

}  // namespace baton::plugin
