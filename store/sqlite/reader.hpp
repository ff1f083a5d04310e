// The reactor's side of the database: a connection that cannot write.
#pragma once

#include <filesystem>
#include <memory>

#include "store/reader.hpp"

namespace baton::store::sqlite {

// The file must be there and up to date: open the backend first.
Result<std::unique_ptr<Reader>> open_reader(const std::filesystem::path& file);

}  // namespace baton::store::sqlite
