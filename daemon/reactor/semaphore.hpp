// At most N at once, first come first served.
#pragma once

#include <cstdint>

#include "reactor/event.hpp"

namespace baton::reactor {

class Semaphore {
 public:
  Semaphore(Loop& loop, int permits) : permits_(permits), turn_(loop) {}

  // A place, given back by the destructor.
  class Permit {
   public:
    explicit Permit(Semaphore* owner) : owner_(owner) {}
    Permit(Permit&& other) noexcept : owner_(other.owner_) { other.owner_ = nullptr; }
    Permit& operator=(Permit&&) = delete;
    ~Permit();

   private:
    Semaphore* owner_;
  };

  Task<Permit> acquire();

 private:
  int permits_;
  std::uint64_t next_ticket_ = 0;
  std::uint64_t serving_ = 0;  // tickets below it have got their place
  Event turn_;
};

}  // namespace baton::reactor
