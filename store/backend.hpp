// What a database must offer so that the Writer can commit in groups. Implemented in sqlite/; used on the writer's
// thread only.
#pragma once

#include <cstdint>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::store {

class Backend {
 public:
  virtual ~Backend() = default;
  // Opens the group's transaction. The reference lives until commit() or roll_back().
  virtual Result<Tx*> begin(std::int64_t now_ms) = 0;
  // One script's place within the group: undone alone when the script refused, the group goes on.
  virtual Result<Unit> save_point() = 0;
  // Also ends a failure() that concerned this script alone (a rule of the database that it broke). One that lasts has
  // cost the whole group.
  virtual void undo_to_save_point() = 0;
  // The first failure of any operation since begin(), if there was one.
  virtual const Error* failure() const = 0;
  // After it returned, the group is on disk. On an error nothing of it is.
  virtual Result<Unit> commit() = 0;
  virtual void roll_back() = 0;
};

}  // namespace baton::store
