#include "store/sqlite/task_row.hpp"

#include <fmt/format.h>

namespace baton::store::sqlite::task_row {
namespace {

constexpr int kFirstColumn = kKind + 1;

}  // namespace

std::string selected() {
  return fmt::format("n, priority, status, dropped, kind, {}, {}, last_event_seq", kPlaceColumns, kStateColumns);
}

std::string select(std::string_view rest) { return fmt::format("SELECT {} FROM tasks {}", selected(), rest); }

Task read(const Run& run) {
  Task task;
  auto columns = run.columns(kFirstColumn);
  each_place_column(task, columns);
  each_state_column(task, columns);
  columns(task.last_event_seq);
  return task;
}

}  // namespace baton::store::sqlite::task_row
