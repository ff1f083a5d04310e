// What people and agents say about a task.
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::board {

struct NewComment {
  TaskId task_id = {};
  std::string body = {};
  std::string author_type = "agent";  // agent, user, system
  std::optional<std::string> author_agent_id = {};
};

// kNotFound.
Result<store::Comment> add_comment(store::Tx& tx, const NewComment& request);

}  // namespace baton::board
