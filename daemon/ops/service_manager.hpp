// What the service manager is told: sd_notify(3) over the socket that it names in NOTIFY_SOCKET.
//
// The protocol is one datagram of "NAME=value" lines, stable for years, so that no library is linked for it. Without
// the variable, every call does nothing.
#pragma once

#include <string>
#include <string_view>

namespace baton::ops {

class ServiceManager {
 public:
  // Reads NOTIFY_SOCKET and removes it from the environment, so that no child speaks in our name.
  static ServiceManager from_environment();

  bool present() const { return !socket_.empty(); }
  void ready(std::string_view status) const;
  void stopping(std::string_view status) const;
  void status(std::string_view status) const;

 private:
  void send(const std::string& message) const;
  std::string socket_;
};

}  // namespace baton::ops
