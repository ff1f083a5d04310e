// Connections that wait for their next request.
//
// The one that was used last is used next, so that the others grow old and go: no more are kept than are needed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "http/channel.hpp"
#include "reactor/loop.hpp"
#include "reactor/timer.hpp"

namespace baton::http {

struct PoolLimits {
  std::chrono::nanoseconds age = std::chrono::seconds(30);  // below the 60 s after which common servers hang up
  std::size_t per_place = 8;
  std::size_t all = 32;
};

class ChannelPool {
 public:
  ChannelPool(reactor::Loop& loop, PoolLimits limits) : loop_(loop), limits_(limits) {}

  // Null when nothing waits for `place`. What the other side closed, or said without being asked, is dropped.
  std::shared_ptr<Channel> take(const std::string& place);
  void put(std::string place, std::shared_ptr<Channel> channel);
  void clear() { spare_.clear(); }
  std::size_t size() const { return spare_.size(); }

 private:
  struct Spare {
    std::uint64_t number;
    std::string place;
    std::shared_ptr<Channel> channel;
    std::unique_ptr<reactor::Deadline> end;
  };
  void make_room(const std::string& place);

  reactor::Loop& loop_;
  const PoolLimits limits_;
  std::uint64_t last_ = 0;
  std::vector<Spare> spare_;  // the last one was used last
};

}  // namespace baton::http
