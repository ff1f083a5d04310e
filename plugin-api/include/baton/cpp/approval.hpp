// An open question "may the agent do this?" that is its handle: destroying it takes the question back.
#pragma once

#include "../ext/approval.h"
#include "guard.hpp"
#include "handle.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <utility>

namespace baton::plugin {

class Approval {
 public:
  Approval() = default;
  Approval(Approval&&) = default;
  Approval& operator=(Approval&& other) noexcept {
    if (this == &other) return *this;
    close();
    state_ = std::move(other.state_);
    return *this;
  }
  ~Approval() { close(); }

  // False when it was answered.
  explicit operator bool() const noexcept { return state_ != nullptr && state_->handle; }
  void close() noexcept {
    if (state_) state_->handle.close();
    state_.reset();
  }

 private:
  friend class Approvals;
  struct State : std::enable_shared_from_this<State> {
    Host host{nullptr};
    baton_run run{};
    std::function<void(bool allowed, std::string_view note)> action;
    Handle<baton_approval, baton_host_approval> handle;
  };

  static void on_answer(void* user, baton_approval, uint32_t allowed, baton_str note) noexcept {
    const auto state = static_cast<State*>(user)->shared_from_this();  // the action may destroy the question
    state->handle.forget();
    guarded_callback(state->host.raw(), state->run, [&] { state->action(allowed != 0, view(note)); });
  }

  std::shared_ptr<State> state_;
};

// baton.approval/1
class Approvals {
 public:
  using Table = baton_host_approval;
  static constexpr const char* kId = BATON_EXT_APPROVAL;
  static constexpr size_t kSize = sizeof(Table);
  Approvals(Host host, const Table* table) noexcept : host_(host), table_(table) {}

  struct Question {
    std::string_view tool;
    std::string_view args_json = "{}";
    std::string_view reason = "";  // what the agent says it is for
  };

  // Calls `action` once with the answer, unless the question is taken back or the run ends.
  Approval ask(baton_run run, const Question& question, std::function<void(bool, std::string_view)> action) const {
    Approval approval;
    approval.state_ = std::make_shared<Approval::State>();
    approval.state_->host = host_;
    approval.state_->run = run;
    approval.state_->action = std::move(action);
    baton_approval_request request{};
    request.size = sizeof(request);
    request.run = run;
    request.tool = str(question.tool);
    request.args_json = str(question.args_json);
    request.reason = str(question.reason);
    baton_approval raw{};
    Status(table_->ask(host_.raw(), &request, &Approval::on_answer, approval.state_.get(), &raw)).or_throw("ask");
    approval.state_->handle = {host_, table_, raw};
    return approval;
  }

 private:
  Host host_;
  const Table* table_;
};

}  // namespace baton::plugin
