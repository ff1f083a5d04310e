// Events and outcomes of the ABI as the daemon's own.
#pragma once

#include <cstddef>
#include <string>

#include "baton/ext/run.h"
#include "runtime/runtime.hpp"

namespace baton::plugin {

template <class T>
struct Translated {
  baton_status status = BATON_OK;
  T value{};
  bool repaired = false;  // a text was not UTF-8
  const char* why = "";   // for a status that is not OK
  std::size_t size = 0;   // bytes that an event occupies
};

// INVALID, UNSUPPORTED, LIMIT (more than 1 MiB of text).
Translated<runtime::Event> read_event(const baton_event* raw);

// INVALID, UNSUPPORTED. Long texts are cut.
Translated<runtime::Outcome> read_outcome(const baton_outcome* raw);

}  // namespace baton::plugin
