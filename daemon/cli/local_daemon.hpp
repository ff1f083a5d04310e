// A daemon of the demo's own: started on a state directory, reached over its unix socket, ended with this object.
#pragma once

#include <sys/types.h>

#include <filesystem>

#include "base/result.hpp"
#include "http/client.hpp"

namespace baton::cli {

class LocalDaemon {
 public:
  // Starts the batond that is installed beside this program and waits until it answers. kUnavailable with the end of
  // its log.
  static Result<LocalDaemon> start(const std::filesystem::path& state, const std::filesystem::path& config);

  LocalDaemon(LocalDaemon&& other) noexcept;
  LocalDaemon& operator=(LocalDaemon&&) = delete;
  ~LocalDaemon();  // TERM, and KILL when it does not end

  http::Peer peer() const { return http::UnixPeer{state_ / "batond.sock"}; }

  // Ends it and says whether it ended as a daemon should: by itself, with 0.
  Result<Unit> stop();

 private:
  LocalDaemon(pid_t pid, std::filesystem::path state) : pid_(pid), state_(std::move(state)) {}
  bool reap(bool wait);

  pid_t pid_;
  std::filesystem::path state_;
  int status_ = 0;
};

}  // namespace baton::cli
