// Asio waits for an edge, but registers anew for each wait, which tells what is ready already. Which events there are
// is asked from poll(2) in the turn in which they are told: a wait may end for a reason that is gone by then.
#include "reactor/watch.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <asio/posix/stream_descriptor.hpp>

namespace baton::reactor {
namespace {

using asio::posix::stream_descriptor;

// Asio accepts a file that epoll refuses (a regular one) and would never tell anything of it.
Result<Unit> can_be_watched(int descriptor) {
  const int trial = ::epoll_create1(EPOLL_CLOEXEC);
  if (trial < 0) return fail(Errc::kIo, std::string("cannot watch: ") + std::strerror(errno));
  epoll_event event{};
  const int error = ::epoll_ctl(trial, EPOLL_CTL_ADD, descriptor, &event) == 0 ? 0 : errno;
  ::close(trial);
  if (error == 0) return Unit{};
  const bool refused = error == EPERM || error == EBADF || error == EINVAL || error == ELOOP;
  return fail(refused ? Errc::kInvalid : Errc::kIo, std::string("cannot be watched: ") + std::strerror(error));
}

}  // namespace

struct Watch::State : std::enable_shared_from_this<State> {
  State(Loop& on_loop, std::function<void(std::uint32_t)> call)
      : loop(on_loop), file(on_loop.context()), on_ready(std::move(call)) {}

  void wait() {
    if (!on_ready) return;
    if ((interest & kRead) != 0 && !std::exchange(waits_to_read, true)) wait_for(stream_descriptor::wait_read);
    if ((interest & kWrite) != 0 && !std::exchange(waits_to_write, true)) wait_for(stream_descriptor::wait_write);
  }
  void wait_for(stream_descriptor::wait_type what) {
    file.async_wait(what, [self = shared_from_this(), what](const std::error_code& error) {
      (what == stream_descriptor::wait_read ? self->waits_to_read : self->waits_to_write) = false;
      if (!error) self->wake();
    });
  }
  // Two waits that end in one turn are told together.
  void wake() {
    if (std::exchange(told_soon, true)) return;
    loop.post([self = shared_from_this()] { self->tell(); });
  }
  void tell() {
    told_soon = false;
    const std::uint32_t ready = interest == 0 ? 0 : look();
    const auto call = on_ready;  // it may destroy the watch
    if (call && ready != 0) call(ready);
    wait();
  }
  std::uint32_t look() {
    pollfd asked{.fd = file.native_handle(), .events = 0, .revents = 0};
    if ((interest & kRead) != 0) asked.events |= POLLIN;
    if ((interest & kWrite) != 0) asked.events |= POLLOUT;
    if (::poll(&asked, 1, 0) < 0) return 0;  // interrupted: the next wait tells
    std::uint32_t ready = 0;
    if ((asked.revents & POLLIN) != 0) ready |= kRead;
    if ((asked.revents & POLLOUT) != 0) ready |= kWrite;
    if ((asked.revents & (POLLERR | POLLHUP | POLLNVAL)) != 0) ready |= kError;
    return ready;
  }

  Loop& loop;
  stream_descriptor file;
  std::function<void(std::uint32_t)> on_ready;  // empty: the watch is destroyed
  std::uint32_t interest = 0;
  bool waits_to_read = false, waits_to_write = false;
  bool told_soon = false;
};

Result<std::unique_ptr<Watch>> Watch::start(Loop& loop, int descriptor, std::uint32_t interest,
                                            std::function<void(std::uint32_t)> on_ready) {
  if (auto good = can_be_watched(descriptor); !good) return fail(good);
  auto state = std::make_shared<State>(loop, std::move(on_ready));
  const int own = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
  if (own < 0) return fail(Errc::kIo, std::string("cannot watch: ") + std::strerror(errno));
  std::error_code error;
  state->file.assign(own, error);
  if (error) {
    ::close(own);
    return fail(Errc::kIo, "cannot watch: " + error.message());
  }
  auto watch = std::unique_ptr<Watch>(new Watch(std::move(state)));
  watch->change(interest);
  return watch;
}

Watch::Watch(std::shared_ptr<State> state) : state_(std::move(state)) {}

Watch::~Watch() {
  state_->on_ready = nullptr;
  std::error_code ignored;
  state_->file.close(ignored);  // ends the waits
}

void Watch::change(std::uint32_t interest) {
  state_->interest = interest;
  state_->wait();
}

}  // namespace baton::reactor
