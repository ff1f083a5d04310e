// Task<T>: a coroutine on the reactor. It starts when somebody awaits it or a Scope spawns it.
//
// Rules (docs/architecture.md): parameters are values, or references to things that outlive the Scope that runs the
// task; no capturing lambda is a coroutine; errors come back as Result, an exception out of a task stops the program.
#pragma once

#include <asio/awaitable.hpp>

namespace baton::reactor {

template <class T = void>
using Task = asio::awaitable<T>;

}  // namespace baton::reactor
