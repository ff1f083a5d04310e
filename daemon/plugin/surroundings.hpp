// What the daemon lends to all instances of plugins; it outlives them. The validator lends its own.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "baton/host.h"
#include "plugin/children.hpp"
#include "plugin/http_service.hpp"
#include "plugin/tool_service.hpp"
#include "process/keeper.hpp"
#include "process/ledger.hpp"
#include "reactor/loop.hpp"
#include "runtime/approvals.hpp"

namespace baton::plugin {

// Stands between an instance and the tables that its plugin is shown, so that the validator can cut, hide and break
// them.
class Stage {
 public:
  virtual ~Stage() = default;
  // The core table to show instead of `real`, with the same `impl`; lives as long as the instance.
  virtual const baton_host* host(const baton_host& real) { return &real; }
  // The table to show for `id`; `real` is null when there is none. The same answer each time.
  virtual const void* table(std::string_view /*id*/, const void* real) { return real; }
};

struct Surroundings {
  reactor::Loop& loop;
  const Clock& clock;
  Children& children;
  std::string product = "baton";            // name and version, told to plugins
  process::Keeper* keeper = nullptr;        // null: what leaves its session is not looked for
  HttpService* http = nullptr;              // null: baton.http/1 answers IO
  runtime::Approvals* approvals = nullptr;  // null: everything is refused
  ToolService* tools = nullptr;             // null: there are none
  process::Ledger* ledger = nullptr;        // of the host's own children; null (tests): they are not named
  Stage* stage = nullptr;                   // null: the tables as they are
};

}  // namespace baton::plugin
