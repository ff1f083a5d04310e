#include "ops/service_manager.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "tests/support/temp_dir.hpp"

namespace baton::ops {
namespace {

// The service manager's end of the socket.
class Listener {
 public:
  explicit Listener(const std::string& path) : descriptor_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    EXPECT_EQ(::bind(descriptor_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
  }
  ~Listener() { ::close(descriptor_); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::string heard() {
    char text[256] = {};
    const auto size = ::recv(descriptor_, text, sizeof(text), MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(text, static_cast<std::size_t>(size));
  }

 private:
  int descriptor_;
};

TEST(ServiceManager, IsToldWhereItListens) {
  const test::TempDir directory;
  const auto path = (directory / "notify").string();
  Listener listener(path);
  ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
  const auto manager = ServiceManager::from_environment();
  EXPECT_EQ(std::getenv("NOTIFY_SOCKET"), nullptr) << "children must not speak in our name";
  manager.ready("serving");
  EXPECT_EQ(listener.heard(), "READY=1\nSTATUS=serving\n");
  manager.stopping("bye");
  EXPECT_EQ(listener.heard(), "STOPPING=1\nSTATUS=bye\n");
}

TEST(ServiceManager, IsNotNeeded) {
  ::unsetenv("NOTIFY_SOCKET");
  const auto manager = ServiceManager::from_environment();
  EXPECT_FALSE(manager.present());
  manager.ready("nobody listens");
}

TEST(ServiceManager, MayBeGone) {
  ::setenv("NOTIFY_SOCKET", "/nowhere/at/all", 1);
  ServiceManager::from_environment().ready("nobody listens");
}

}  // namespace
}  // namespace baton::ops
