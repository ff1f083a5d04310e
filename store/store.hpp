// Opens the state on disk: one database file, its migrations, one writer, one reader.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/open_files.hpp"
#include "store/reader.hpp"
#include "store/writer.hpp"

namespace baton::store {

struct Opened {
  // The reader goes first when both are destroyed, so that the writer's connection, the last one, tidies up the log
  // file.
  std::unique_ptr<Writer> writer;
  std::unique_ptr<Reader> reader;
  OpenFiles files = {};  // writes are refused once they are gone; who owns the process ends it then
};

// Creates the file when it is not there, migrates an older one forward. Refuses with kConflict a file that a newer
// Baton made, with kIo one that is not a database or that is gone while its log is there. Blocks: call before the
// reactor runs. The caller holds the instance lock.
Result<Opened> open(const std::filesystem::path& file, const Clock& clock, std::function<void()> wake);

}  // namespace baton::store
