// The tools of this daemon, for runs whose loop is inside a plugin.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "plugin/tool_service.hpp"
#include "process/ledger.hpp"
#include "reactor/loop.hpp"

namespace baton::tools {

class WorktreeTools final : public plugin::ToolService {
 public:
  // Both outlive it; `ledger` may be null (tests).
  WorktreeTools(reactor::Loop& loop, process::Ledger* ledger) : loop_(loop), ledger_(ledger) {}

  std::string list(const plugin::ToolScope& scope) override;
  std::unique_ptr<plugin::ToolCall> call(const plugin::ToolScope& scope, std::string_view name,
                                         std::string_view args_json,
                                         std::function<void(plugin::ToolResult)> on_result) override;

 private:
  reactor::Loop& loop_;
  process::Ledger* ledger_;
};

}  // namespace baton::tools
