// Which tasks something of this daemon is working on right now, or has worked on and cannot be ended. A second writer
// on one tree is refused, not queued: the caller decides what to do.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace baton::executor {

// What is known to live of earlier work on a task and cannot be ended, in a sentence. Nothing: nobody writes in its
// tree.
using Undead = std::function<std::optional<std::string>(const TaskId&)>;

class BusyTasks {
 public:
  // The place in the table, given back by the destructor. The table must outlive it.
  class Hold {
   public:
    Hold(BusyTasks& table, TaskId task) : table_(&table), task_(std::move(task)) {}
    Hold(Hold&& other) noexcept : table_(std::exchange(other.table_, nullptr)), task_(std::move(other.task_)) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold();

   private:
    BusyTasks* table_;
    TaskId task_;
  };

  explicit BusyTasks(Undead undead = {}) : undead_(std::move(undead)) {}

  // `what` is for the refusal's text and must be static. kConflict "busy", "undead_worker".
  Result<Hold> hold(const TaskId& task, std::string_view what);

  // What is going on for the task; empty: nothing.
  std::string_view holder(const TaskId& task) const;

 private:
  Undead undead_;
  std::unordered_map<TaskId, std::string_view> held_;
};

}  // namespace baton::executor
