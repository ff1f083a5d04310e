// The database's files by what they are, not by their names: whether those that were opened still have them.
//
// A file that somebody deletes or replaces lives on for who has it open, so each write would succeed and be gone with
// the process.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <vector>

#include "base/result.hpp"

namespace baton::store {

class OpenFiles {
 public:
  OpenFiles() = default;
  // The database and, when it is there, its write-ahead log.
  static OpenFiles of(const std::filesystem::path& database);

  // Two system calls. kUnavailable "state_lost" names the file. A file that cannot be asked about (no permission any
  // more) counts as there. Any thread.
  Result<Unit> check() const;

 private:
  struct Known {
    std::filesystem::path path;
    dev_t device = 0;
    ino_t number = 0;
  };
  std::vector<Known> files_;
};

// kIo "database_lost": the log is there without its database, or with an empty one. To open that would drop the log,
// and with it what was acknowledged last.
Result<Unit> check_log_has_database(const std::filesystem::path& database);

}  // namespace baton::store
