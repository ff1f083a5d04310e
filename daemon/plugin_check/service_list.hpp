// The functions of all host tables as things that can fail, and what they share while one does.
#pragma once

#include <cstddef>

#include "baton/base.h"

namespace baton::plugin_check {

// From now on a replaced function answers `answer`; the count begins anew.
void begin_failing(baton_status answer);
std::size_t failed_calls();

}  // namespace baton::plugin_check
