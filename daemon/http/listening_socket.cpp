#include "http/listening_socket.hpp"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <fmt/format.h>

#include "http/address.hpp"

namespace baton::http {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

tl::unexpected<Error> refused(const std::string& where, int error) {
  return fail(Errc::kIo, fmt::format("cannot listen on {}: {}", where, std::strerror(error)));
}

Result<Descriptor> stream_socket(int family, const std::string& where) {
  Descriptor made(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (made.get() < 0) return refused(where, errno);
  return made;
}

void set(int descriptor, int level, int name) {
  const int on = 1;
  ::setsockopt(descriptor, level, name, &on, sizeof on);
}

// Connections inherit it: answers are written whole, so there is nothing for Nagle's algorithm to gather.
void no_delay(int descriptor) { set(descriptor, IPPROTO_TCP, TCP_NODELAY); }

std::string bound_address(int descriptor) {
  asio::ip::tcp::endpoint endpoint;
  auto size = static_cast<socklen_t>(endpoint.capacity());
  if (::getsockname(descriptor, endpoint.data(), &size) != 0) return {};
  endpoint.resize(size);
  return to_text(endpoint);
}

Result<sockaddr_un> unix_address(const std::filesystem::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& text = path.native();
  if (text.empty() || text.size() >= sizeof address.sun_path) {
    return fail(Errc::kInvalid,
                fmt::format("the path of a socket has 1 to {} bytes: {}", sizeof address.sun_path - 1, text));
  }
  std::memcpy(address.sun_path, text.data(), text.size());
  return address;
}

// Makes way for a new socket file; an error unless the old one is a socket that nobody listens behind.
Result<Unit> remove_stale(const std::filesystem::path& path, const sockaddr_un& address) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return Unit{};
  if (!S_ISSOCK(found.st_mode)) return refused(path.native(), EEXIST);
  auto probe = stream_socket(AF_UNIX, path.native());
  if (!probe) return fail(probe);
  const auto* const peer = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(probe->get(), peer, sizeof address) == 0 || errno != ECONNREFUSED) {
    return refused(path.native(), EADDRINUSE);
  }
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return refused(path.native(), errno);
  return Unit{};
}

}  // namespace

Result<ListeningSocket> listen_on(const asio::ip::tcp::endpoint& endpoint) {
  const std::string where = to_text(endpoint);
  auto made = stream_socket(endpoint.protocol().family(), where);
  if (!made) return fail(made);
  set(made->get(), SOL_SOCKET, SO_REUSEADDR);
  if (endpoint.address().is_v6()) set(made->get(), IPPROTO_IPV6, IPV6_V6ONLY);
  no_delay(made->get());
  if (::bind(made->get(), endpoint.data(), static_cast<socklen_t>(endpoint.size())) != 0 ||
      ::listen(made->get(), SOMAXCONN) != 0) {
    return refused(where, errno);
  }
  std::string address = bound_address(made->get());
  return ListeningSocket{.descriptor = made->release(), .address = std::move(address)};
}

Result<ListeningSocket> listen_on(const std::filesystem::path& path, mode_t mode) {
  const auto address = unix_address(path);
  if (!address) return fail(address.error());
  auto cleared = remove_stale(path, *address);
  if (!cleared) return fail(cleared);
  auto made = stream_socket(AF_UNIX, path.native());
  if (!made) return fail(made);
  // Linux gives the file the socket's own mode, so it is never open to others, not even for a moment. The umask takes
  // away from that, so a wider mode is set when nobody is served yet.
  if (::fchmod(made->get(), S_IRUSR | S_IWUSR) != 0 ||
      ::bind(made->get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) != 0 ||
      ::chmod(path.c_str(), mode) != 0 || ::listen(made->get(), SOMAXCONN) != 0) {
    return refused(path.native(), errno);
  }
  return ListeningSocket{.descriptor = made->release(), .path = path};
}

Result<ListeningSocket> adopt(int descriptor) {
  int listening = 0;
  socklen_t size = sizeof listening;
  sockaddr_storage name{};
  socklen_t name_size = sizeof name;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0 || listening == 0 ||
      ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&name), &name_size) != 0) {
    return fail(Errc::kInvalid, fmt::format("descriptor {} is not a listening socket", descriptor));
  }
  if (::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK) != 0 ||
      ::fcntl(descriptor, F_SETFD, FD_CLOEXEC) != 0) {
    return refused(fmt::format("descriptor {}", descriptor), errno);
  }
  if (name.ss_family == AF_UNIX) return ListeningSocket{.descriptor = descriptor};
  no_delay(descriptor);
  return ListeningSocket{.descriptor = descriptor, .address = bound_address(descriptor)};
}

}  // namespace baton::http
