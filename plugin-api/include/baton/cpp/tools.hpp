// Tools that the host runs. A call is its handle: destroying it breaks it off.
#pragma once

#include "../ext/tools.h"
#include "guard.hpp"
#include "handle.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace baton::plugin {

class ToolCall {
 public:
  ToolCall() = default;
  ToolCall(ToolCall&&) = default;
  ToolCall& operator=(ToolCall&& other) noexcept {
    if (this == &other) return *this;
    close();
    state_ = std::move(other.state_);
    return *this;
  }
  ~ToolCall() { close(); }

  // False when it has ended.
  explicit operator bool() const noexcept { return state_ != nullptr && state_->handle; }
  void close() noexcept {
    if (state_) state_->handle.close();
    state_.reset();
  }

 private:
  friend class Tools;
  struct State : std::enable_shared_from_this<State> {
    Host host{nullptr};
    baton_run run{};
    std::function<void(bool ok, std::string_view text)> action;
    Handle<baton_tool_call, baton_host_tools> handle;
  };

  static void on_result(void* user, baton_tool_call, uint32_t ok, baton_str text) noexcept {
    const auto state = static_cast<State*>(user)->shared_from_this();  // the action may destroy the call
    state->handle.forget();
    guarded_callback(state->host.raw(), state->run, [&] { state->action(ok != 0, view(text)); });
  }

  std::shared_ptr<State> state_;
};

// baton.tools/1
class Tools {
 public:
  using Table = baton_host_tools;
  static constexpr const char* kId = BATON_EXT_TOOLS;
  static constexpr size_t kSize = sizeof(Table);
  Tools(Host host, const Table* table) noexcept : host_(host), table_(table) {}

  // A JSON array of {"name", "description", "inputSchema"}.
  std::string list(baton_run run) const {
    baton_str out{};
    Status(table_->list(host_.raw(), run, &out)).or_throw("list the tools");
    return std::string(view(out));
  }

  // Calls `action` once with the result, unless the call is broken off or the run ends. The host reports the call.
  ToolCall call(baton_run run, std::string_view name, std::string_view args_json,
                std::function<void(bool, std::string_view)> action) const {
    ToolCall call;
    call.state_ = std::make_shared<ToolCall::State>();
    call.state_->host = host_;
    call.state_->run = run;
    call.state_->action = std::move(action);
    baton_tool_call raw{};
    Status(table_->call(host_.raw(), run, str(name), str(args_json), &ToolCall::on_result, call.state_.get(), &raw))
        .or_throw("call a tool");
    call.state_->handle = {host_, table_, raw};
    return call;
  }

 private:
  Host host_;
  const Table* table_;
};

}  // namespace baton::plugin
