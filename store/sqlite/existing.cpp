#include "store/sqlite/existing.hpp"

#include <system_error>

#include <fmt/format.h>

#include "store/sqlite/migrations.hpp"

namespace baton::store::sqlite {
namespace {

// Some programs hold a lock for a moment, and who waits here is a person.
constexpr const char* kSettings = "PRAGMA busy_timeout = 5000; PRAGMA query_only = ON";

Result<Unit> holds_a_board(Connection& connection) {
  auto version = connection.integer("PRAGMA user_version");
  if (!version) return fail(version);
  if (*version > 0) return Unit{};
  return fail(Errc::kConflict, fmt::format("{} is empty", connection.file()), "empty_database");
}

}  // namespace

Result<std::unique_ptr<Connection>> open_existing(const std::filesystem::path& file) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    return fail(Errc::kNotFound, fmt::format("there is no database {}", file.string()), "no_database");
  }
  auto connection = Connection::open(file, Connection::Mode::kExisting);
  if (!connection) return fail(connection);
  if (auto set = (*connection)->execute(kSettings); !set) return fail(set);
  if (auto ours = check_origin(**connection); !ours) return fail(ours);
  if (auto there = holds_a_board(**connection); !there) return fail(there);
  return connection;
}

}  // namespace baton::store::sqlite
