// A copy of a database, as of one moment.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "store/backup.hpp"

namespace baton::store::sqlite {

// Copies `from`, which may be in use, into the empty file `to` and checks the copy. It is complete without a log beside
// it. kNotFound: no `from`. kConflict: it is not ours, newer than this program, or holds no board. kIo
// "database_damaged".
Result<BackupFacts> copy_database(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace baton::store::sqlite
