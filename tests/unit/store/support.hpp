// What the store's tests share: ids that count, a clock that stands, rows with a name.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/bug.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "store/rows.hpp"
#include "store/sqlite/backend.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::store::testing {

class CountingIds final : public IdSource {
 public:
  std::string next() override { return "id-" + std::to_string(++count_); }

 private:
  int count_ = 0;
};

class StandingClock final : public Clock {
 public:
  std::int64_t unix_ms() const override { return 1'000; }
  std::int64_t monotonic_ns() const override { return 0; }
};

inline Task task_named(std::string_view id) {
  Task task;
  task.id = TaskId(id);
  task.title = "title of " + std::string(id);
  return task;
}

inline Event event_of(std::string_view kind, std::string_view task = {}) {
  Event event;
  event.id = "event";
  event.kind = std::string(kind);
  if (!task.empty()) event.task_id = TaskId(task);
  return event;
}

inline std::unique_ptr<sqlite::SqliteBackend> open_backend(const std::filesystem::path& file) {
  auto backend = sqlite::open_backend(file, std::make_unique<CountingIds>());
  require(backend.has_value(), backend ? "" : backend.error().what.c_str());
  return std::move(*backend);
}

}  // namespace baton::store::testing
