// Databases that others may have open.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.hpp"
#include "store/sqlite/connection.hpp"

namespace baton::store::sqlite {

// Opens a board for reading, whether a daemon has it open or not, and leaves nothing beside it. kNotFound: no such
// file. kConflict: not ours, newer than this program, or without a board.
Result<std::unique_ptr<Connection>> open_existing(const std::filesystem::path& file);

}  // namespace baton::store::sqlite
