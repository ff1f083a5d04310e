// Readiness of a descriptor that somebody else owns. A watch is its registration: destroying it ends it.
//
// Level-triggered: what is ready and not dealt with is told again in the next turn. The watch keeps a descriptor of its
// own for the same open file, so that a number which its owner has closed too early never means a stranger's file;
// until the watch ends, the file stays open by it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.hpp"
#include "reactor/loop.hpp"

namespace baton::reactor {

class Watch {
 public:
  static constexpr std::uint32_t kRead = 1, kWrite = 2;
  static constexpr std::uint32_t kError = 4;  // only reported: an error, or the other side is gone

  // Calls `on_ready(ready)` in each turn in which something of `interest` is ready, or an error; never from inside a
  // function of the watch. kInvalid: not open, or nothing that can be waited for (a regular file); kIo: no descriptors.
  static Result<std::unique_ptr<Watch>> start(Loop& loop, int descriptor, std::uint32_t interest,
                                              std::function<void(std::uint32_t)> on_ready);
  ~Watch();
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // 0 rests the watch: errors are not told either.
  void change(std::uint32_t interest);

 private:
  struct State;
  explicit Watch(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;  // shared with pending waits, which may end a turn later
};

}  // namespace baton::reactor
