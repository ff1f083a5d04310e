#include "reactor/semaphore.hpp"

namespace baton::reactor {

Semaphore::Permit::~Permit() {
  if (owner_ == nullptr) return;
  ++owner_->permits_;
  owner_->turn_.notify_all();
}

Task<Semaphore::Permit> Semaphore::acquire() {
  const std::uint64_t ticket = next_ticket_++;
  while (ticket != serving_ || permits_ == 0) co_await turn_.wait();
  ++serving_;
  --permits_;
  if (permits_ > 0) turn_.notify_all();  // the next ticket may go too
  co_return Permit(this);
}

}  // namespace baton::reactor
