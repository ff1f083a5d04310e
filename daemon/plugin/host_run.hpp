// The runs of one instance: baton.run/1, and the table that makes their handles.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "baton/ext/run.h"
#include "plugin/handle_table.hpp"
#include "plugin/run_record.hpp"
#include "runtime/runtime.hpp"

namespace baton::plugin {

class HostRun {
 public:
  explicit HostRun(Instance& instance) : instance_(instance) {}
  ~HostRun();

  // kUnavailable: too many at once; else as run_start answered. When it refused but left processes, that is told as the
  // end of the run, after theirs.
  Result<std::shared_ptr<RunRecord>> start(const runtime::Request& request, runtime::Listener& listener);

  // From the plugin.
  baton_status emit(baton_run run, const baton_event* event);
  baton_status finish(baton_run run, const baton_outcome* outcome);
  baton_status probed(baton_op op, const baton_probe* probe);

  // The end of a run, by whom ever. False when it has ended.
  bool end(baton_run run, runtime::Outcome outcome);
  void is_over(const RunRecord& record);  // released

  bool is_alive(baton_run run) { return alive_.find(run.id) != nullptr; }
  RunRecord* find(baton_run run);  // null: it has ended
  bool is_held(baton_run run);
  std::string home_of(baton_run run);
  std::shared_ptr<process::Cell> cell_of(baton_run run);
  void cancel_all(runtime::CancelReason reason);
  std::size_t unreleased() const { return unreleased_.size(); }

 private:
  Instance& instance_;
  HandleTable<std::shared_ptr<RunRecord>> alive_{4096};
  std::vector<std::shared_ptr<RunRecord>> unreleased_;
};

}  // namespace baton::plugin
