// Reads on the reactor, over a connection that cannot write. Sees everything that was committed before the call.
//
// For reads that are bounded by an index or a page. What scans does not exist, or runs on the store's thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/result.hpp"
#include "store/tx.hpp"

namespace baton::store {

class Reader {
 public:
  virtual ~Reader() = default;

  // Runs `query(const View&)` against one snapshot and returns its Result, or the failure of the disk. Not inside a
  // query.
  template <class Query>
  auto read(Query query) -> std::invoke_result_t<Query&, const View&> {
    const View view = begin();
    auto answer = query(view);
    if (auto ended = end(); !ended) return baton::fail(std::move(ended));
    return answer;
  }

  // From now on a snapshot serves the following reads too, until something was committed or let_go() is called: many
  // short reads in one turn of a loop cost one transaction. `taken` is called when there is one, and must have let_go()
  // called when the owner has nothing else ready to do: a snapshot that is held keeps the log from being used again.
  virtual void share(std::function<void()> taken) = 0;
  // Not inside a query.
  virtual void let_go() = 0;

  // A number of what the database holds; nothing while a commit is under way. What was read after it was given is what
  // every later read shows, for as long as the same number is given.
  virtual std::optional<std::uint64_t> state() const = 0;

 protected:
  virtual View begin() = 0;
  virtual Result<Unit> end() = 0;  // the first failure since begin(), if there was one
};

}  // namespace baton::store
