#include "plugin/stdout_watch.hpp"

#include <array>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace baton::plugin {

StdoutWatch::StdoutWatch(reactor::Loop& loop, std::function<void(std::string_view)> on_output) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
  process::Descriptor reading(ends[0]);
  const process::Descriptor writing(ends[1]);
  std::fflush(stdout);
  before_ = process::Descriptor(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  ::dup2(writing.get(), STDOUT_FILENO);
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // so that a line is seen when it is written
  reader_.emplace(loop, std::move(reading), std::move(on_output));
}

StdoutWatch::~StdoutWatch() {
  if (!reader_) return;
  std::fflush(stdout);
  if (before_.valid()) {
    ::dup2(before_.get(), STDOUT_FILENO);
  } else {
    ::close(STDOUT_FILENO);
  }
}

}  // namespace baton::plugin
