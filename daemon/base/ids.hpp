// Names of things: one type per kind, so that a task cannot be passed as a run.
//
// Ids are text because they travel in URLs, file names and git branches. New ones are UUIDv7 (RFC 9562 §5.7): their
// order is the order of creation, so that rows made together lie together on disk. An id that came from outside is only
// text until a row was found under it.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace baton {

template <class Tag>
struct Id {
  std::string value;

  Id() = default;
  explicit Id(std::string text) : value(std::move(text)) {}
  explicit Id(std::string_view text) : value(text) {}
  explicit Id(const char* text) : value(text) {}

  bool empty() const { return value.empty(); }
  friend bool operator==(const Id&, const Id&) = default;
  friend auto operator<=>(const Id&, const Id&) = default;
};

using TaskId = Id<struct TaskTag>;
using CommentId = Id<struct CommentTag>;
using ExecutionId = Id<struct ExecutionTag>;  // one run of one task; also the run's name
using WorkspaceId = Id<struct WorkspaceTag>;

// True for what may be a task id in a path or a branch name: [A-Za-z0-9][A-Za-z0-9._-]{0,127} (contract §4.2).
bool is_safe_id(std::string_view text);

// Where ids come from. A seam: tests count, the daemon draws UUIDv7.
class IdSource {
 public:
  virtual ~IdSource() = default;
  virtual std::string next() = 0;
};

// UUIDv7 from the system's wall clock and the kernel's random numbers. Not thread-safe: one per thread.
class UuidSource final : public IdSource {
 public:
  std::string next() override;

 private:
  std::uint64_t last_ms_ = 0;
  std::uint16_t sequence_ = 0;  // keeps the order within one millisecond
};

}  // namespace baton

template <class Tag>
struct std::hash<baton::Id<Tag>> {
  std::size_t operator()(const baton::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.value); }
};
