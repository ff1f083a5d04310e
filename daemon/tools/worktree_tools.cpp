#include "tools/worktree_tools.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "base/json_reader.hpp"
#include "base/json_writer.hpp"
#include "tools/command_tool.hpp"
#include "tools/file_tools.hpp"
#include "tools/within.hpp"

namespace baton::tools {
namespace {

using plugin::ToolResult;
using plugin::ToolScope;
using OnResult = std::function<void(ToolResult)>;
using FileWork = ToolResult (*)(const Within&, json::Value);

constexpr std::int64_t kDefaultSeconds = 600, kMostSeconds = 3600;

struct Tool {
  std::string_view name, description, schema;
  FileWork work;  // null: run_command
};

// In the order of their names.
constexpr std::array kTools{
    Tool{"edit_file",
         "Replaces old_text, which must be in the file exactly once, by new_text. Paths are relative to the working "
         "directory.",
         R"({"type":"object","properties":{"path":{"type":"string"},"old_text":{"type":"string"},)"
         R"("new_text":{"type":"string"}},"required":["path","old_text","new_text"]})",
         &edit_file},
    Tool{"list_files", "Lists the names in a directory, in order; a directory's name ends in a slash.",
         R"({"type":"object","properties":{"path":{"type":"string"}}})", &list_files},
    Tool{"read_file", "Gives the content of a file of at most 1 MiB, or some of its lines, counted from 1.",
         R"({"type":"object","properties":{"path":{"type":"string"},"first_line":{"type":"integer","minimum":1},)"
         R"("lines":{"type":"integer","minimum":0}},"required":["path"]})",
         &read_file},
    Tool{"run_command",
         "Runs a shell command in the working directory and gives its output and, if it fails, its exit status. It has "
         "no input. timeout_s: 600 when it is not given, at most 3600.",
         R"({"type":"object","properties":{"command":{"type":"string"},"timeout_s":{"type":"integer","minimum":1,)"
         R"("maximum":3600}},"required":["command"]})",
         nullptr},
    Tool{"write_file",
         "Writes a file of at most 1 MiB, also in a directory that is not there yet; replaces an old one.",
         R"({"type":"object","properties":{"path":{"type":"string"},"content":{"type":"string"}},)"
         R"("required":["path","content"]})",
         &write_file},
};

bool is_blocked(const ToolScope& scope, std::string_view name) {
  return std::ranges::find(scope.blocked, name) != scope.blocked.end();
}

// Something that is done in a turn of its own, unless it is broken off before.
class TurnCall final : public plugin::ToolCall {
 public:
  TurnCall(reactor::Loop& loop, std::function<ToolResult()> work, OnResult on_result)
      : wanted_(std::make_shared<bool>(true)) {
    loop.post([wanted = wanted_, work = std::move(work), tell = std::move(on_result)] {
      if (*wanted) tell(work());
    });
  }
  ~TurnCall() override { *wanted_ = false; }
  TurnCall(const TurnCall&) = delete;
  TurnCall& operator=(const TurnCall&) = delete;

 private:
  std::shared_ptr<bool> wanted_;
};

ToolResult on_files(FileWork work, const std::string& root, const std::string& args_json) {
  const auto arguments = json::Document::parse(args_json);
  const auto within = Within::open(root);
  if (!arguments || !within) return {.ok = false, .text = arguments ? within.error().what : arguments.error().what};
  return work(*within, arguments->root());
}

// Nothing: it says what is wrong.
Result<ShellCommand> read_command(std::string_view args_json) {
  const auto arguments = json::Document::parse(args_json);
  if (!arguments) return fail(arguments.error());
  const auto text = json::text(arguments->root(), "command");
  if (!text || text->empty() || text->find('\0') != std::string_view::npos)
    return fail(Errc::kInvalid, "The argument command (a text) is missing.");
  const auto seconds = json::integer(arguments->root(), "timeout_s").value_or(kDefaultSeconds);
  return ShellCommand{std::string(*text), std::chrono::seconds(std::clamp<std::int64_t>(seconds, 1, kMostSeconds))};
}

}  // namespace

std::string WorktreeTools::list(const ToolScope& scope) {
  std::string out;
  json::Writer json(out);
  json.array();
  for (const auto& tool : kTools) {
    if (is_blocked(scope, tool.name)) continue;
    json.object().field("name", tool.name).field("description", tool.description);
    json.raw_field("inputSchema", tool.schema).end();
  }
  json.end();
  return out;
}

std::unique_ptr<plugin::ToolCall> WorktreeTools::call(const ToolScope& scope, std::string_view name,
                                                      std::string_view args_json, OnResult on_result) {
  const auto answer = [&](std::string why) {
    return std::make_unique<TurnCall>(
        loop_, [why = std::move(why)] { return ToolResult{.ok = false, .text = why}; }, std::move(on_result));
  };
  const auto* tool = std::ranges::find(kTools, name, &Tool::name);
  if (tool == kTools.end()) return answer(fmt::format("There is no tool {}.", name));
  if (is_blocked(scope, name)) return answer("This agent may not use this tool.");
  if (tool->work != nullptr) {
    auto work = [work = tool->work, root = scope.cwd, arguments = std::string(args_json)] {
      return on_files(work, root, arguments);
    };
    return std::make_unique<TurnCall>(loop_, std::move(work), std::move(on_result));
  }
  const auto command = read_command(args_json);
  if (!command) return answer(command.error().what);
  return run_command(loop_, ledger_, scope, *command, std::move(on_result));
}

}  // namespace baton::tools
