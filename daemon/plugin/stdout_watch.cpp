#include "plugin/stdout_watch.hpp"

#include <array>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <asio/buffer.hpp>
#include <asio/posix/stream_descriptor.hpp>

namespace baton::plugin {

struct StdoutWatch::Reader : std::enable_shared_from_this<Reader> {
  Reader(reactor::Loop& loop, int descriptor, std::function<void(std::string_view)> action)
      : pipe(loop.context(), descriptor), on_output(std::move(action)) {}

  void read() {
    pipe.async_read_some(asio::buffer(bytes), [self = shared_from_this()](std::error_code error, std::size_t size) {
      if (error || !self->on_output) return;
      self->on_output(std::string_view(self->bytes.data(), size));
      self->read();
    });
  }

  asio::posix::stream_descriptor pipe;
  std::function<void(std::string_view)> on_output;
  std::array<char, 4096> bytes{};
};

StdoutWatch::StdoutWatch(reactor::Loop& loop, std::function<void(std::string_view)> on_output) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
  const process::Descriptor writing(ends[1]);
  std::fflush(stdout);
  before_ = process::Descriptor(::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3));
  ::dup2(writing.get(), STDOUT_FILENO);
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // so that a line is seen when it is written
  reader_ = std::make_shared<Reader>(loop, ends[0], std::move(on_output));
  reader_->read();
}

StdoutWatch::~StdoutWatch() {
  if (!reader_) return;
  std::fflush(stdout);
  if (before_.valid()) {
    ::dup2(before_.get(), STDOUT_FILENO);
  } else {
    ::close(STDOUT_FILENO);
  }
  reader_->on_output = nullptr;
  std::error_code ignored;
  reader_->pipe.close(ignored);
}

}  // namespace baton::plugin
