#include "http/listener.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bug.hpp"
#include "base/log.hpp"

namespace baton::http {
namespace {

constexpr int kAtOnce = 64;                              // then others have their turn
constexpr auto kPause = std::chrono::milliseconds(100);  // when descriptors or memory run out

// The client gave up, or the network did: nothing is wrong with us.
bool concerns_one_client(int error) {
  return error == ECONNABORTED || error == EINTR || error == EPROTO || error == EPERM || error == ENETDOWN ||
         error == ENETUNREACH || error == EHOSTUNREACH || error == EHOSTDOWN || error == ETIMEDOUT;
}

}  // namespace

Listener::Listener(reactor::Loop& loop, ListeningSocket socket, std::function<void(int)> accepted,
                   std::function<void()> ended)
    : loop_(loop),
      socket_(loop.context(), socket.descriptor),
      path_(std::move(socket.path)),
      accepted_(std::move(accepted)),
      ended_(std::move(ended)) {
  struct stat file {};
  if (path_.empty() || ::lstat(path_.c_str(), &file) != 0) return;
  device_ = file.st_dev;
  inode_ = file.st_ino;
}

Listener::~Listener() {
  require(!waiting_, "a listener died while it accepted");
  close();
}

void Listener::start() {
  if (!waiting_) wait();
}

void Listener::close() {
  if (!socket_.is_open()) return;
  pause_.reset();
  struct stat file {};
  if (!path_.empty() && ::lstat(path_.c_str(), &file) == 0 && file.st_dev == device_ && file.st_ino == inode_) {
    ::unlink(path_.c_str());
  }
  std::error_code ignored;
  socket_.close(ignored);
}

void Listener::wait() {
  waiting_ = true;
  socket_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const std::error_code& error) {
    waiting_ = false;
    if (!socket_.is_open()) return ended_();
    if (error) return pause(error.value());
    accept_some();
  });
}

void Listener::accept_some() {
  for (int i = 0; i < kAtOnce; ++i) {
    const int client = ::accept4(socket_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (client >= 0) {
      accepted_(client);
      continue;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK) break;
    if (!concerns_one_client(errno)) return pause(errno);
  }
  wait();
}

void Listener::pause(int error) {
  log::warn("http: no connection is accepted for a moment: {}", std::strerror(error));
  pause_.emplace(loop_, kPause, [this] { wait(); });
}

}  // namespace baton::http
