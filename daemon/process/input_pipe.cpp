#include "process/input_pipe.hpp"

#include <cerrno>
#include <csignal>
#include <utility>

#include <unistd.h>

#include "base/limits.hpp"

namespace baton::process {
namespace {

// A pipe has no MSG_NOSIGNAL. The daemon ignores SIGPIPE anyway; a program that only uses this library may not.
void ignore_sigpipe() {
  static const bool done = [] {
    struct sigaction present {};
    if (::sigaction(SIGPIPE, nullptr, &present) == 0 && present.sa_handler == SIG_DFL) std::signal(SIGPIPE, SIG_IGN);
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace

Result<std::shared_ptr<InputPipe>> InputPipe::open(reactor::Loop& loop, Descriptor writer,
                                                   std::function<void()> on_room) {
  ignore_sigpipe();
  std::shared_ptr<InputPipe> input(new InputPipe(loop));
  input->on_room_ = std::move(on_room);
  input->closing_ = !writer.valid();
  if (!writer.valid()) return input;
  std::error_code error;
  input->pipe_.assign(writer.get(), error);
  if (error) return fail(Errc::kIo, "cannot watch a pipe: " + error.message());
  writer.release();
  return input;
}

Result<Unit> InputPipe::write(std::string_view bytes) {
  if (closing_) return fail(Errc::kConflict, "stdin is closed");
  if (broken_ || bytes.empty()) return Unit{};
  if (queued_ >= limits::kStdinQueue) {
    refused_ = true;
    return fail(Errc::kUnavailable, "the program does not read its stdin fast enough");
  }
  queue_.emplace_back(bytes);
  queued_ += bytes.size();
  wait_for_room();
  return Unit{};
}

void InputPipe::close_when_written() {
  closing_ = true;
  std::error_code ignored;
  if (queue_.empty()) pipe_.close(ignored);
}

void InputPipe::abandon() {
  on_room_ = nullptr;
  closing_ = true;
  drop_queue();
}

void InputPipe::wait_for_room() {
  if (waiting_) return;
  waiting_ = true;
  pipe_.async_wait(asio::posix::descriptor_base::wait_write, [self = shared_from_this()](const std::error_code& error) {
    self->waiting_ = false;
    if (!error) self->write_some();
  });
}

void InputPipe::write_some() {
  while (!queue_.empty()) {
    const std::string& first = queue_.front();
    const ssize_t count = ::write(pipe_.native_handle(), first.data() + first_written_, first.size() - first_written_);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) break;
    if (count < 0) {
      drop_queue();
      break;
    }
    queued_ -= static_cast<std::size_t>(count);
    first_written_ += static_cast<std::size_t>(count);
    if (first_written_ < first.size()) continue;
    queue_.pop_front();
    first_written_ = 0;
  }
  if (!queue_.empty()) wait_for_room();
  if (queue_.empty() && closing_) close_when_written();
  tell_room();
}

void InputPipe::drop_queue() {
  broken_ = true;
  queue_.clear();
  queued_ = 0;
  std::error_code ignored;
  pipe_.close(ignored);
}

// Half empty, so that a writer at the limit is not called for each few bytes.
void InputPipe::tell_room() {
  if (!refused_ || queued_ > limits::kStdinQueue / 2 || !on_room_) return;
  refused_ = false;
  const auto call = on_room_;
  call();
}

}  // namespace baton::process
