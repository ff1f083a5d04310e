#include "store/sqlite/marks.hpp"

namespace baton::store::sqlite {

Marks::Marks(Connection& connection)
    : get_(connection, "SELECT value FROM marks WHERE name = ?"),
      set_(connection,
           "INSERT INTO marks (name, value) VALUES (?, ?) "
           "ON CONFLICT DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value") {}

std::int64_t Marks::get(std::string_view name) const {
  auto run = get_.run(name);
  return run.next() ? run.integer(0) : 0;
}

void Marks::set(std::string_view name, std::int64_t value) { set_.run(name, value).finish(); }

}  // namespace baton::store::sqlite
