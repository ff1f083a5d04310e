#include "tools/command_tool.hpp"

#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "process/child.hpp"
#include "process/environment.hpp"
#include "reactor/timer.hpp"
#include "tools/head_and_tail.hpp"

namespace baton::tools {
namespace {

using OnResult = std::function<void(plugin::ToolResult)>;

class CommandCall final : public plugin::ToolCall {
 public:
  CommandCall(std::chrono::seconds timeout, OnResult on_result)
      : timeout_(timeout), on_result_(std::make_shared<OnResult>(std::move(on_result))) {}
  ~CommandCall() override { *on_result_ = nullptr; }
  CommandCall(const CommandCall&) = delete;
  CommandCall& operator=(const CommandCall&) = delete;

  void start(reactor::Loop& loop, process::Ledger* ledger, process::SpawnRequest request) {
    process::Child::Events events;
    events.on_output = [this](process::Stream, std::string_view bytes) { output_.add(bytes); };
    events.on_exit = [this](const process::Exit& exit) { end(exit); };
    auto child = process::Child::spawn(loop, ledger, std::move(request), std::move(events));
    if (!child) {
      loop.post([call = on_result_, why = child.error().what] {
        const auto tell = *call;  // it may destroy this call
        if (tell) tell({.ok = false, .text = "The command cannot be started: " + why});
      });
      return;
    }
    child_ = std::move(*child);
    limit_.emplace(loop, timeout_, [this] {
      late_ = true;
      child_->stop();
    });
  }

 private:
  void end(const process::Exit& exit) {
    std::string text = output_.text();
    if (!text.empty() && !text.ends_with('\n')) text += '\n';
    if (late_)
      text += fmt::format("[ended because it took longer than {} s]\n", timeout_.count());
    else if (exit.signal != 0)
      text += fmt::format("[ended by signal {}]\n", exit.signal);
    else if (exit.code != 0)
      text += fmt::format("[exit status {}]\n", exit.code);
    const auto tell = *on_result_;  // it may destroy this call
    tell({.ok = exit.code == 0 && !late_, .text = std::move(text)});
  }

  std::chrono::seconds timeout_;
  std::shared_ptr<OnResult> on_result_;           // emptied when the call is broken off
  HeadAndTail output_{plugin::kToolText - 4096};  // and what is said about it
  bool late_ = false;
  std::unique_ptr<process::Child> child_;
  std::optional<reactor::Deadline> limit_;
};

}  // namespace

std::unique_ptr<plugin::ToolCall> run_command(reactor::Loop& loop, process::Ledger* ledger,
                                              const plugin::ToolScope& scope, const ShellCommand& command,
                                              OnResult on_result) {
  process::SpawnRequest request;
  // The outer shell makes one stream of both, in the order in which the command writes.
  request.argv = {"/bin/sh", "-c", "exec /bin/sh -c \"$1\" 2>&1", "sh", command.text};
  request.cwd = scope.cwd;
  request.env = process::clean_environment();
  request.label = "tool of run " + scope.attempt;
  request.cell = scope.cell;
  auto call = std::make_unique<CommandCall>(command.timeout, std::move(on_result));
  call->start(loop, ledger, std::move(request));
  return call;
}

}  // namespace baton::tools
