#include "plugin/host_approval.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "plugin/abi_values.hpp"
#include "plugin/host_tables.hpp"
#include "plugin/instance.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kPerRun = 16, kArguments = 256 * 1024, kReason = 16 * 1024, kTool = 1024;

}  // namespace

struct HostApproval::Record {
  baton_run run;
  OnAnswer on_answer;
  void* user;
  std::uint64_t handle = 0;
  std::unique_ptr<runtime::OpenQuestion> question = nullptr;
};

baton_status HostApproval::check(const baton_approval_request& request) {
  if (!readable(request.tool) || !readable(request.args_json) || !readable(request.reason) || request.tool.size == 0)
    return instance_.gate().refuse(BATON_E_INVALID, "approval: no tool, or a text without data");
  if (request.tool.size > kTool || request.args_json.size > kArguments || request.reason.size > kReason)
    return instance_.gate().refuse(BATON_E_LIMIT, "approval: tool, args_json or reason is too long");
  if (request.args_json.size > 0 && !json::Document::parse(view(request.args_json)))
    return instance_.gate().refuse(BATON_E_INVALID, "approval: args_json is no JSON");
  if (!instance_.runs().is_alive(request.run))
    return instance_.gate().refuse(BATON_E_STALE, "approval: the run has ended");
  const auto all = records_.handles();
  const auto open =
      std::ranges::count_if(all, [&](auto handle) { return (*records_.find(handle))->run.id == request.run.id; });
  if (static_cast<std::size_t>(open) >= kPerRun)
    return instance_.gate().refuse(BATON_E_LIMIT, "approval: 16 questions are open");
  return BATON_OK;
}

// People read it: repaired, and without secrets.
runtime::Question HostApproval::question_of(const baton_approval_request& request) {
  const auto& record = *instance_.runs().find(request.run);
  const auto& masker = instance_.secrets().masker();
  runtime::Question question;
  question.runtime = instance_.name();
  question.agent = record.scope().agent;
  question.task = record.scope().task;
  question.attempt = record.scope().attempt;
  question.tool = text::repaired_utf8(view(request.tool));
  question.args_json = request.args_json.size == 0 ? "{}" : std::string(view(request.args_json));
  question.reason = text::repaired_utf8(view(request.reason));
  if (question.tool != view(request.tool) || question.reason != view(request.reason))
    ++instance_.gate().counters().broken_text;
  masker.mask(question.tool);
  masker.mask_json(question.args_json);
  masker.mask(question.reason);
  return question;
}

baton_status HostApproval::ask(const baton_approval_request* raw, OnAnswer on_answer, void* user, baton_approval* out) {
  baton_approval_request request{};
  const auto read = read_struct(raw, raw == nullptr ? 0 : raw->size, request);
  if (read != BATON_OK) return instance_.gate().refuse(read, "approval: the request breaks the contract");
  if (on_answer == nullptr || out == nullptr) return instance_.gate().refuse(BATON_E_INVALID, "approval: no callback");
  if (const auto status = check(request); status != BATON_OK) return status;
  auto record = std::make_shared<Record>(Record{request.run, on_answer, user});
  record->handle = records_.insert(record);
  if (record->handle == 0)
    return instance_.gate().refuse(BATON_E_LIMIT, "approval: too many questions of this instance are open");
  instance_.runs().find(request.run)->begin_wait();
  *out = {record->handle};
  put(record, question_of(request));
  return BATON_OK;
}

void HostApproval::put(const std::shared_ptr<Record>& record, runtime::Question question) {
  const std::weak_ptr<Record> weak = record;  // gone with the question, and with this object
  const auto on_answer = [this, weak](runtime::Answer given) {
    if (const auto kept = weak.lock()) answer(*kept, given);
  };
  if (auto* approvals = instance_.around().approvals) {
    record->question = approvals->ask(std::move(question), on_answer);
    return;
  }
  instance_.loop().post(
      [on_answer] { on_answer({.allowed = false, .note = "there is nobody here who can be asked"}); });
}

void HostApproval::answer(Record& record, const runtime::Answer& answer) {
  if (!records_.take(record.handle)) return;
  if (auto* run = instance_.runs().find(record.run)) run->end_wait();
  instance_.gate().enter(
      "on_answer", [&] { record.on_answer(record.user, {record.handle}, answer.allowed ? 1 : 0, str(answer.note)); });
}

baton_status HostApproval::close(baton_approval approval) {
  const auto record = records_.take(approval.id);
  if (!record) return BATON_E_STALE;
  (*record)->question.reset();
  if (auto* run = instance_.runs().find((*record)->run)) run->end_wait();
  return BATON_OK;
}

void HostApproval::close_of(baton_run run) {
  for (const auto handle : records_.handles()) {
    if ((*records_.find(handle))->run.id == run.id) close({handle});
  }
}

void HostApproval::close_all() {
  for (const auto handle : records_.handles()) close({handle});
}

const baton_host_approval kHostApproval{
    .size = sizeof(baton_host_approval),
    .reserved = 0,
    .ask =
        [](const baton_host* host, const baton_approval_request* request,
           void (*on_answer)(void*, baton_approval, uint32_t, baton_str) noexcept, void* user,
           baton_approval* out) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE : instance->approvals().ask(request, on_answer, user, out);
        },
    .close =
        [](const baton_host* host, baton_approval approval) noexcept {
          auto* instance = Instance::usable(host);
          return instance == nullptr ? BATON_E_STATE : instance->approvals().close(approval);
        }};

}  // namespace baton::plugin
