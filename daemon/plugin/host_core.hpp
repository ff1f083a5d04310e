// Operations that the host gives to a plugin and waits for: probe, quiesce.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "baton/base.h"
#include "plugin/handle_table.hpp"
#include "runtime/runtime.hpp"

namespace baton::plugin {

struct OpAnswer {
  baton_status status = BATON_OK;
  bool too_late = false;   // the host has given up
  runtime::Health health;  // of a probe
  std::vector<std::string> models;
};

class Operations {
 public:
  using OnDone = std::function<void(OpAnswer)>;

  baton_op begin(OnDone on_done) { return {open_.insert(std::move(on_done))}; }
  // False when it has ended already.
  bool end(baton_op op, OpAnswer answer);
  void end_all(baton_status status);

 private:
  HandleTable<OnDone> open_{64};  // far more than a probe and a quiesce
};

}  // namespace baton::plugin
