// Brings a file to the newest schema, one numbered step after the other; each step is one transaction, so that a step
// that was interrupted has not begun. Steps only go forward: the way back is a backup.
#pragma once

#include <span>

#include "base/result.hpp"
#include "store/sqlite/connection.hpp"

namespace baton::store::sqlite {

// "batn", in the header of the file: tells our databases from others'.
inline constexpr std::int64_t kApplicationId = 0x6261746E;

// SQL that leads from schema version i to i + 1, at index i. Version 0 is an empty file. See schema.cpp and SCHEMA.md.
using Migrations = std::span<const char* const>;
Migrations migrations();

// Refuses, without touching it, what is not a database (kIo), a database that is not ours and one that a newer Baton
// made (both kConflict).
Result<Unit> check_origin(Connection& connection, Migrations known = migrations());

// After check_origin(). Does nothing when the file is up to date.
Result<Unit> migrate(Connection& connection, Migrations known = migrations());

}  // namespace baton::store::sqlite
