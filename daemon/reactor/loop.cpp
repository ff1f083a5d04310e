#include "reactor/loop.hpp"

#include <utility>

#include <asio/post.hpp>

namespace baton::reactor {

void Loop::post(std::function<void()> action) { asio::post(context_, std::move(action)); }

}  // namespace baton::reactor
