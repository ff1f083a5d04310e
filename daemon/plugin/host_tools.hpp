// The tools that the host runs for one instance's runs: baton.tools/1 over ToolService. It keeps the record of each
// call: the events TOOL_CALL and TOOL_RESULT of the run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "baton/ext/tools.h"
#include "plugin/handle_table.hpp"
#include "plugin/tool_service.hpp"

namespace baton::plugin {

class Instance;

class HostTools {
 public:
  explicit HostTools(Instance& instance) : instance_(instance) {}

  struct Request {
    baton_run run;
    baton_str name, args_json;
    decltype(+[](void*, baton_tool_call, std::uint32_t, baton_str) noexcept {}) on_result;
    void* user;
  };
  baton_status list(baton_run run, baton_str* out_json);
  baton_status call(const Request& request, baton_tool_call* out);
  baton_status close(baton_tool_call call);

  void close_of(baton_run run);
  void forget_list(baton_run run);  // in a later turn than its end: the plugin may still read it
  void close_all();
  std::size_t alive() const { return records_.size(); }

 private:
  struct Record;
  baton_status check(const Request& request);
  void begin(const std::shared_ptr<Record>& record, const Request& request);
  void end(Record& record, ToolResult result);
  void tell_run(const Record& record, bool ok, std::string text);

  Instance& instance_;
  HandleTable<std::shared_ptr<Record>> records_{512};  // 8 a run; more runs than 64 at once are not planned for
  std::map<std::uint64_t, std::string> lists_;         // by run: what it was told stays so
  std::uint64_t calls_ = 0;                            // made so far, for their ids
};

}  // namespace baton::plugin
