// Events and outcomes of the ABI as the daemon's own.
#pragma once

#include <cstddef>
#include <string>

#include "baton/ext/run.h"
#include "runtime/runtime.hpp"

namespace baton::plugin {

struct Translation {
  baton_status status = BATON_OK;
  bool repaired = false;  // a text was not UTF-8
  const char* why = "";   // for a status that is not OK
  std::size_t size = 0;   // at most so many bytes of text
};

// INVALID, UNSUPPORTED, LIMIT (more than 1 MiB of text); nobody shall use `into` then.
Translation read_event(const baton_event* raw, runtime::Event& into);

// INVALID, UNSUPPORTED. Long texts are cut.
Translation read_outcome(const baton_outcome* raw, runtime::Outcome& into);

}  // namespace baton::plugin
