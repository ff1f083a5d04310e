// The rows as they look on the wire (contract §1.1, §1.3, §1.4, §8): names in camelCase, absent values as null, times
// in milliseconds.
//
// Keys beyond the contract's come last: a task's `fence`, `claimedAt`, `unmetBlockers`, `kind`, `leaseExpiresAt`.
#pragma once

#include "base/json_writer.hpp"
#include "board/read.hpp"
#include "board/why.hpp"

namespace baton::api {

void write_json(json::Writer& json, const store::Task& task);
void write_json(json::Writer& json, const store::Comment& comment);
void write_json(json::Writer& json, const store::Ancestor& ancestor);  // snake_case, as the contract has it
void write_json(json::Writer& json, const store::Execution& execution);
void write_json(json::Writer& json, const store::Workspace& workspace);
void write_json(json::Writer& json, const store::Post& post);
void write_json(json::Writer& json, const board::Holder& holder);

template <class Row>
void write_json(json::Writer& json, const std::vector<Row>& rows) {
  json.array();
  for (const auto& row : rows) write_json(json, row);
  json.end();
}

// "ok" and "task", the members of most answers.
void write_ok_task(json::Writer& json, const store::Task& task);

}  // namespace baton::api
