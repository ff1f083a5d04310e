// An event as clients see it (contract §7).
#pragma once

#include "base/json_writer.hpp"
#include "store/rows.hpp"

namespace baton::events {

// One object. `data` stays a string that holds JSON, as the contract has it; the span fields are always null, because
// spans are events of their own here.
void write_json(json::Writer& json, const store::Event& event);

}  // namespace baton::events
