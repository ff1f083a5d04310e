// Whether a database is whole: SQLite's own checks, then the rules of the board.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "store/backup.hpp"
#include "store/sqlite/connection.hpp"

namespace baton::store::sqlite {

Result<BackupFacts> facts_of(Connection& connection);

// What SQLite finds: pages, indexes, constraints, references. Sentences, at most `limit`.
Result<std::vector<std::string>> damages_of(Connection& connection, std::size_t limit);

// Rows that break a rule of the board which the schema cannot hold. The file must not be damaged.
Result<std::vector<std::string>> broken_rules_of(Connection& connection, std::size_t limit);

}  // namespace baton::store::sqlite
