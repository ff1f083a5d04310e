#include "store/sqlite/marks.hpp"

namespace baton::store::sqlite {

Marks::Marks(Connection& connection)
    : get_(connection, "SELECT value FROM marks WHERE name = ?"),
      set_(connection,
           "INSERT INTO marks (name, value) VALUES (?, ?) "
           "ON CONFLICT DO UPDATE SET value = excluded.value WHERE value IS NOT excluded.value"),
      drop_(connection, "DELETE FROM marks WHERE name = ?"),
      below_(connection, "SELECT name FROM marks WHERE name > ? AND name < ? ORDER BY name") {}

std::int64_t Marks::get(std::string_view name) const {
  auto run = get_.run(name);
  return run.next() ? run.integer(0) : 0;
}

void Marks::set(std::string_view name, std::int64_t value) { set_.run(name, value).finish(); }

void Marks::drop(std::string_view name) { drop_.run(name).finish(); }

std::vector<std::string> Marks::below(std::string_view folder) const {
  std::string end(folder);
  if (!end.empty()) ++end.back();  // the first name behind all that begin with `folder`
  std::vector<std::string> names;
  auto run = below_.run(folder, end);
  while (run.next()) names.emplace_back(run.text(0));
  return names;
}

}  // namespace baton::store::sqlite
