// What a plugin has closed and the host still holds: until a later turn, or until a group of processes is reaped.
//
// It counts against the limits, so that a plugin that begins and closes in a loop gathers no more than may live at
// once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "baton/base.h"

namespace baton::plugin {

class Closing {
 public:
  // `token` expires when it is gone.
  void add(baton_run owner, std::weak_ptr<const void> token) { all_.push_back({owner, std::move(token)}); }

  std::size_t count() {
    std::erase_if(all_, [](const One& one) { return one.token.expired(); });
    return all_.size();
  }
  std::size_t count_of(baton_run owner) {
    count();
    return static_cast<std::size_t>(
        std::ranges::count_if(all_, [&](const One& one) { return one.owner.id == owner.id; }));
  }

 private:
  struct One {
    baton_run owner;
    std::weak_ptr<const void> token;
  };
  std::vector<One> all_;  // as short as the limits are, because nothing is begun beyond them
};

}  // namespace baton::plugin
