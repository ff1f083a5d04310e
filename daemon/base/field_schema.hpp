// A table of fields as JSON Schema (draft 2020-12, which OpenAPI 3.1 uses too): what read_fields() takes, for others to
// read.
#pragma once

#include <span>

#include "base/fields.hpp"
#include "base/json_writer.hpp"

namespace baton {

// Into an open object: the members of the schema of one field, without its description.
void write_schema(json::Writer& json, const Field& field);

// Into an open object: "properties", and "required" where something is, of an object that is read by this table.
void write_members(json::Writer& json, std::span<const Field> fields);

bool any_required(std::span<const Field> fields);

}  // namespace baton
