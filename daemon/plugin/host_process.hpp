// The processes that one instance has started: baton.process/1 over process::Child.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "baton/ext/process.h"
#include "plugin/closing.hpp"
#include "plugin/handle_table.hpp"

namespace baton::plugin {

class Instance;
class ProcessRecord;

// True when `executables` (of a descriptor) lets a plugin start `program`: "*" lets everything; a name lets itself and
// absolute paths that end in it; an absolute path lets itself.
bool may_start(const std::vector<std::string>& executables, std::string_view program);

class HostProcess {
 public:
  explicit HostProcess(Instance& instance);
  ~HostProcess();

  // As the table's functions.
  baton_status spawn(const baton_spawn* request, const baton_process_events* events, void* user, baton_process* out);
  baton_status write(baton_process process, baton_str bytes);
  baton_status close_stdin(baton_process process);
  baton_status signal(baton_process process, std::int32_t number);
  baton_status stop(baton_process process, std::int64_t grace_ns);
  baton_status pause(baton_process process, bool paused);
  baton_status close(baton_process process);

  // Its program has ended: the handle is stale from here on.
  void forget(baton_process process) { records_.take(process.id); }

  // Back-pressure: what belongs to `owner` is not read while held.
  void hold(baton_run owner, bool held);
  void close_of(baton_run owner);
  void close_all();
  std::size_t alive() const { return records_.size(); }

 private:
  baton_status check(const baton_spawn& request);
  baton_status launch(const baton_spawn& request, const std::shared_ptr<ProcessRecord>& record);
  std::size_t count_of(baton_run owner);
  ProcessRecord* find(baton_process process);  // null: refused as stale

  Instance& instance_;
  static constexpr std::size_t kPerInstance = 64;  // design; closed ones until they are reaped too
  HandleTable<std::shared_ptr<ProcessRecord>> records_{kPerInstance};
  Closing closing_;
};

}  // namespace baton::plugin
