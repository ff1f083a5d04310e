// Tools that the host runs for a loop inside a plugin, as baton.tools/1 needs them.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "process/keeper.hpp"

namespace baton::plugin {

// The run that a tool works for.
struct ToolScope {
  std::string runtime, agent, task, attempt;  // ids
  std::string cwd;                            // the only directory that its tools change
  std::vector<std::string> blocked;           // names that it may not use
  std::shared_ptr<process::Cell> cell;        // what holds its processes together; may be null
};

struct ToolResult {
  bool ok = false;
  std::string text;
};

// Of a result; the beginning and the end of a longer one are kept. Promised by baton/ext/tools.h.
inline constexpr std::size_t kToolText = 256 * 1024;

// Destroying it breaks the call off and ends what it has started.
class ToolCall {
 public:
  virtual ~ToolCall() = default;
};

class ToolService {
 public:
  virtual ~ToolService() = default;
  // A JSON array of {"name", "description", "inputSchema"}, by name, without the blocked ones.
  virtual std::string list(const ToolScope& scope) = 0;
  // `args_json` is a JSON object. `on_result` is called once, in a later turn, unless the call is broken off; the call
  // may be destroyed inside. An unknown or blocked tool is a result too. Never null.
  virtual std::unique_ptr<ToolCall> call(const ToolScope& scope, std::string_view name, std::string_view args_json,
                                         std::function<void(ToolResult)> on_result) = 0;
};

}  // namespace baton::plugin
