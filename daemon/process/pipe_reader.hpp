// Hands over what comes out of a pipe, until it ends or this is destroyed (not from inside the call).
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "process/descriptor.hpp"
#include "reactor/loop.hpp"

namespace baton::process {

class PipeReader {
 public:
  // `pipe` does not block. `on_bytes` is called in turns of the loop, with at most 4 KiB.
  PipeReader(reactor::Loop& loop, Descriptor pipe, std::function<void(std::string_view)> on_bytes);
  ~PipeReader();
  PipeReader(const PipeReader&) = delete;
  PipeReader& operator=(const PipeReader&) = delete;

 private:
  struct State;
  static void read(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;  // shared with the pending read, which may outlive the reader by a turn
};

}  // namespace baton::process
