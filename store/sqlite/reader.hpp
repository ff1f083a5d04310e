// The reactor's side of the database: a connection that cannot write.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "store/reader.hpp"

namespace baton::store::sqlite {

// Rises before each commit and after it, before anybody is told of it: odd while one is under way.
using CommitCount = std::atomic<std::uint64_t>;

// The file must be there and up to date: open the backend first. `commits`, which must outlive the reader, tells it
// when a snapshot is old; without it snapshots cannot be shared.
Result<std::unique_ptr<Reader>> open_reader(const std::filesystem::path& file, const CommitCount* commits = nullptr);

}  // namespace baton::store::sqlite
