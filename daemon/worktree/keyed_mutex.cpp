#include "worktree/keyed_mutex.hpp"

#include <optional>
#include <utility>

namespace baton::worktree {

// One who holds or waits. The last one takes the key along.
struct KeyedMutex::Place {
  Place(KeyedMutex& mutex, std::string name) : owner(mutex), key(std::move(name)) {
    auto& known = owner.turns_[key];
    turn = known.lock();
    if (turn) return;
    turn = std::make_shared<reactor::Semaphore>(owner.loop_, 1);
    known = turn;
  }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() {
    permit.reset();
    if (turn.use_count() == 1) owner.turns_.erase(key);
  }

  KeyedMutex& owner;
  std::string key;
  std::shared_ptr<reactor::Semaphore> turn;
  std::optional<reactor::Semaphore::Permit> permit;
};

KeyedMutex::Lock::Lock(std::unique_ptr<Place> place) : place_(std::move(place)) {}
KeyedMutex::Lock::Lock(Lock&&) noexcept = default;
KeyedMutex::Lock::~Lock() = default;

reactor::Task<KeyedMutex::Lock> KeyedMutex::lock(std::string key) {
  auto place = std::make_unique<Place>(*this, std::move(key));
  auto permit = co_await place->turn->acquire();
  place->permit.emplace(std::move(permit));
  co_return Lock(std::move(place));
}

}  // namespace baton::worktree
