#include "store/sqlite/migrations.hpp"

#include <string>

#include <fmt/format.h>

namespace baton::store::sqlite {
namespace {

Result<std::int64_t> version_of(Connection& connection) { return connection.integer("PRAGMA user_version"); }

// True for a file in which nothing was ever made.
Result<bool> is_blank(Connection& connection) {
  auto things = connection.integer("SELECT count(*) FROM sqlite_schema");
  if (!things) return fail(things);
  auto application = connection.integer("PRAGMA application_id");
  if (!application) return fail(application);
  return *things == 0 && (*application == 0 || *application == kApplicationId);
}

Result<Unit> step(Connection& connection, const char* sql, std::size_t to_version) {
  return connection.execute(
      fmt::format("BEGIN IMMEDIATE; {}; PRAGMA application_id = {}; PRAGMA user_version = {}; COMMIT", sql,
                  kApplicationId, to_version));
}

}  // namespace

Result<Unit> check_origin(Connection& connection, Migrations known) {
  auto version = version_of(connection);
  if (!version) return fail(version);
  if (*version == 0) {
    auto blank = is_blank(connection);
    if (!blank) return fail(blank);
    if (*blank) return Unit{};
  }
  auto application = connection.integer("PRAGMA application_id");
  if (!application) return fail(application);
  if (*application != kApplicationId) {
    return fail(Errc::kConflict, fmt::format("{} is the database of another program", connection.file()),
                "foreign_database");
  }
  if (*version > static_cast<std::int64_t>(known.size())) {
    return fail(
        Errc::kConflict,
        fmt::format("{} has schema version {}, made by a newer Baton; this one knows versions up to {}. Install the "
                    "newer Baton again, or restore a backup that was made before the upgrade",
                    connection.file(), *version, known.size()),
        "newer_schema");
  }
  return Unit{};
}

Result<Unit> migrate(Connection& connection, Migrations known) {
  auto version = version_of(connection);
  if (!version) return fail(version);
  for (auto at = static_cast<std::size_t>(*version); at < known.size(); ++at) {
    if (auto stepped = step(connection, known[at], at + 1); !stepped) {
      if (connection.in_transaction()) connection.execute("ROLLBACK").value();
      return stepped;
    }
  }
  return Unit{};
}

}  // namespace baton::store::sqlite
