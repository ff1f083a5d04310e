// The open questions of one instance's runs: baton.approval/1 over runtime::Approvals. Nothing is asked before a run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "baton/ext/approval.h"
#include "plugin/handle_table.hpp"
#include "runtime/approvals.hpp"

namespace baton::plugin {

class Instance;

class HostApproval {
 public:
  using OnAnswer = decltype(+[](void*, baton_approval, std::uint32_t, baton_str) noexcept {});

  explicit HostApproval(Instance& instance) : instance_(instance) {}

  baton_status ask(const baton_approval_request* request, OnAnswer on_answer, void* user, baton_approval* out);
  baton_status close(baton_approval approval);

  void close_of(baton_run run);
  void close_all();
  std::size_t alive() const { return records_.size(); }

 private:
  struct Record;
  baton_status check(const baton_approval_request& request);
  runtime::Question question_of(const baton_approval_request& request);
  void put(const std::shared_ptr<Record>& record, runtime::Question question);
  void answer(Record& record, const runtime::Answer& answer);

  Instance& instance_;
  HandleTable<std::shared_ptr<Record>> records_{1024};  // 16 a run; more runs than 64 at once are not planned for
};

}  // namespace baton::plugin
