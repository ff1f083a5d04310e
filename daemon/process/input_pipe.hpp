// The writing end of a child's stdin, with a bounded queue in front.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <asio/posix/stream_descriptor.hpp>

#include "base/result.hpp"
#include "process/descriptor.hpp"
#include "reactor/loop.hpp"

namespace baton::process {

class InputPipe : public std::enable_shared_from_this<InputPipe> {
 public:
  // `writer` may be invalid: then every write is refused. `on_room` comes in a later turn, once after each refusal for
  // a full queue.
  static Result<std::shared_ptr<InputPipe>> open(reactor::Loop& loop, Descriptor writer, std::function<void()> on_room);

  Result<Unit> write(std::string_view bytes);  // as Child::write
  void close_when_written();
  void abandon();  // closes at once; no call comes any more

 private:
  explicit InputPipe(reactor::Loop& loop) : pipe_(loop.context()) {}

  void wait_for_room();
  void write_some();
  void drop_queue();
  void tell_room();

  asio::posix::stream_descriptor pipe_;
  std::function<void()> on_room_;
  std::deque<std::string> queue_;
  std::size_t first_written_ = 0;  // bytes of queue_.front() that are out
  std::size_t queued_ = 0;
  bool waiting_ = false;
  bool closing_ = false;
  bool broken_ = false;   // nobody reads any more: what is written is dropped
  bool refused_ = false;  // on_room_ is owed
};

}  // namespace baton::process
