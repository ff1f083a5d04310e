// One at a time per key, first come first served. Who holds a lock and fails releases it like any other.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "reactor/loop.hpp"
#include "reactor/semaphore.hpp"
#include "reactor/task.hpp"

namespace baton::worktree {

class KeyedMutex {
 private:
  struct Place;

 public:
  explicit KeyedMutex(reactor::Loop& loop) : loop_(loop) {}

  // Held until destroyed; must not outlive the mutex.
  class Lock {
   public:
    Lock(Lock&&) noexcept;
    Lock& operator=(Lock&&) = delete;
    ~Lock();

   private:
    friend class KeyedMutex;
    explicit Lock(std::unique_ptr<Place> place);
    std::unique_ptr<Place> place_;
  };

  // Whoever takes two takes the worktree's before the repository's.
  reactor::Task<Lock> lock(std::string key);

  std::size_t keys() const { return turns_.size(); }  // held or waited for

 private:
  reactor::Loop& loop_;
  std::map<std::string, std::weak_ptr<reactor::Semaphore>> turns_;
};

}  // namespace baton::worktree
