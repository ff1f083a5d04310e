// The tool that runs a shell command in the worktree.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "plugin/tool_service.hpp"
#include "process/ledger.hpp"
#include "reactor/loop.hpp"

namespace baton::tools {

struct ShellCommand {
  std::string text;
  std::chrono::seconds timeout;
};

// Starts it in the run's cell. Standard output and error are one stream. `on_result` as ToolService::call has it; a
// command that cannot be started is a result too.
std::unique_ptr<plugin::ToolCall> run_command(reactor::Loop& loop, process::Ledger* ledger,
                                              const plugin::ToolScope& scope, const ShellCommand& command,
                                              std::function<void(plugin::ToolResult)> on_result);

}  // namespace baton::tools
