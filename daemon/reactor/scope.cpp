#include "reactor/scope.hpp"

#include <exception>

#include <asio/co_spawn.hpp>

#include "base/bug.hpp"

namespace baton::reactor {

Scope::~Scope() { require(alive_ == 0, "a scope died before its tasks"); }

void Scope::spawn(Task<> task) {
  ++alive_;
  asio::co_spawn(loop_->context(), counted(std::move(task)), [](std::exception_ptr error) {
    if (!error) return;
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& thrown) {
      bug(thrown.what());
    }
  });
}

Task<> Scope::counted(Task<> task) {
  co_await std::move(task);
  if (--alive_ == 0) idle_.notify_all();
}

Task<> Scope::drained() {
  while (alive_ > 0) co_await idle_.wait();
}

}  // namespace baton::reactor
