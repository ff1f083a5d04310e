#include "ops/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "base/log.hpp"

namespace baton::ops {

ServiceManager ServiceManager::from_environment() {
  ServiceManager manager;
  if (const char* socket = std::getenv("NOTIFY_SOCKET"); socket != nullptr) manager.socket_ = socket;
  ::unsetenv("NOTIFY_SOCKET");
  return manager;
}

void ServiceManager::ready(std::string_view text) const { send("READY=1\nSTATUS=" + std::string(text) + "\n"); }
void ServiceManager::stopping(std::string_view text) const { send("STOPPING=1\nSTATUS=" + std::string(text) + "\n"); }
void ServiceManager::status(std::string_view text) const { send("STATUS=" + std::string(text) + "\n"); }

void ServiceManager::send(const std::string& message) const {
  sockaddr_un address{};
  if (socket_.empty()) return;
  if (socket_.size() >= sizeof(address.sun_path)) {
    log::warn("NOTIFY_SOCKET is too long, the service manager is not told anything");
    return;
  }
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, socket_.data(), socket_.size());
  if (address.sun_path[0] == '@') address.sun_path[0] = '\0';  // abstract socket
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return;
  if (::sendto(descriptor, message.data(), message.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&address),
               length) < 0) {
    log::warn("cannot tell the service manager: {}", std::strerror(errno));
  }
  ::close(descriptor);
}

}  // namespace baton::ops
