// Accepts connections from one listening socket.
//
// Waits for readability and then accepts what is there, some at a time. When descriptors run out it pauses: the clients
// stay in the kernel's queue, and the loop does not spin.
#pragma once

#include <sys/types.h>
#include <filesystem>
#include <functional>
#include <optional>

#include <asio/posix/stream_descriptor.hpp>

#include "http/listening_socket.hpp"
#include "reactor/loop.hpp"
#include "reactor/timer.hpp"

namespace baton::http {

class Listener {
 public:
  // `accepted` gets each new connection's descriptor, non-blocking, and owns it. `ended` is called when a closed
  // listener has no operation under way any more.
  Listener(reactor::Loop& loop, ListeningSocket socket, std::function<void(int)> accepted, std::function<void()> ended);
  ~Listener();  // not while busy()
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  void start();
  // Removes the socket's file, if it is still ours.
  void close();
  bool busy() const { return waiting_; }

 private:
  void wait();
  void accept_some();
  void pause(int error);

  reactor::Loop& loop_;
  asio::posix::stream_descriptor socket_;
  std::filesystem::path path_;
  dev_t device_ = 0;  // of the file, to know it again
  ino_t inode_ = 0;
  std::function<void(int)> accepted_;
  std::function<void()> ended_;
  std::optional<reactor::Deadline> pause_;
  bool waiting_ = false;
};

}  // namespace baton::http
