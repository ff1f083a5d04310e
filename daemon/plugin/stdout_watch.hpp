// The daemon's own standard output, where nothing should come: its log goes to stderr.
//
// It becomes a pipe that is read on the reactor and never blocks who writes: what does not fit is lost. stderr stays as
// it is, because the last words of a dying process go there.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "process/descriptor.hpp"
#include "process/pipe_reader.hpp"
#include "reactor/loop.hpp"

namespace baton::plugin {

class StdoutWatch {
 public:
  // `on_output` hears what was written, in a later turn, in pieces of at most 4 KiB. Without a pipe it hears nothing.
  StdoutWatch(reactor::Loop& loop, std::function<void(std::string_view)> on_output);
  ~StdoutWatch();  // standard output is what it was
  StdoutWatch(const StdoutWatch&) = delete;
  StdoutWatch& operator=(const StdoutWatch&) = delete;

 private:
  process::Descriptor before_;
  std::optional<process::PipeReader> reader_;
};

}  // namespace baton::plugin
