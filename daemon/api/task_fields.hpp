// What several tables of fields say about a task.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/fields.hpp"
#include "base/limits.hpp"

namespace baton::api {

inline constexpr std::string_view kStatuses[] = {"backlog", "todo", "in_progress", "in_review",
                                                 "blocked", "done", "cancelled"};

inline constexpr std::size_t kKindLength = 100;  // contract §1.5

constexpr std::int64_t in_ms(std::chrono::milliseconds time) { return time.count(); }

inline constexpr Field kLease = {.name = "leaseMs",
                                 .kind = Kind::kInteger,
                                 .min = in_ms(limits::kLeaseLeast),
                                 .max = in_ms(limits::kLeaseMost),
                                 .about = "how long the owner may be silent before the task is taken back"};

inline constexpr Field kFence = {
    .name = "fence", .kind = Kind::kInteger, .about = "refused with stale_fence unless it is the task's current one"};

}  // namespace baton::api
