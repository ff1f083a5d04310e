#include "plugin/beneath.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "plugin/handle_table.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kPath = 4096;

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_;
};

tl::unexpected<Error> refused(int error, std::string_view path) {
  Errc code = Errc::kIo;
  if (error == ENOENT) code = Errc::kNotFound;
  if (error == ELOOP || error == ENOTDIR || error == EACCES || error == EPERM || error == EISDIR) code = Errc::kDenied;
  if (error == ENOSPC || error == EDQUOT) code = Errc::kNoSpace;
  return fail(code, fmt::format("{}: {}", path, std::strerror(error)));
}

struct Place {
  Descriptor directory;
  std::string name;  // the last part
};

// Opens the directory that holds the last part of `path`.
Result<Place> walk(const std::string& root, std::string_view path, bool make) {
  if (!is_path_beneath(path)) return fail(Errc::kInvalid, "not a relative path beneath its directory");
  constexpr int kDirectory = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  Descriptor directory(::open(root.c_str(), kDirectory));
  if (!directory) return refused(errno, root);
  std::string_view rest = path;
  for (auto slash = rest.find('/'); slash != std::string_view::npos; slash = rest.find('/')) {
    const std::string part(rest.substr(0, slash));
    rest.remove_prefix(slash + 1);
    if (make && ::mkdirat(directory.get(), part.c_str(), 0700) != 0 && errno != EEXIST) return refused(errno, path);
    Descriptor next(::openat(directory.get(), part.c_str(), kDirectory | O_NOFOLLOW));
    if (!next) return refused(errno, path);
    directory = std::move(next);
  }
  return Place{std::move(directory), std::string(rest)};
}

Result<Unit> write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return refused(errno, "write");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return Unit{};
}

}  // namespace

bool is_path_beneath(std::string_view path) {
  if (path.empty() || path.size() > kPath || path.find('\0') != std::string_view::npos) return false;
  while (true) {
    const auto slash = path.find('/');
    const auto part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

Result<std::string> read_beneath(const std::string& root, std::string_view path, std::size_t max) {
  auto place = walk(root, path, false);
  if (!place) return fail(place);
  // O_NONBLOCK: opening a pipe that somebody put there must not wait for its other end.
  const Descriptor file(
      ::openat(place->directory.get(), place->name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file) return refused(errno, path);
  struct stat info {};
  if (::fstat(file.get(), &info) != 0) return refused(errno, path);
  if (!S_ISREG(info.st_mode)) return fail(Errc::kDenied, fmt::format("{} is not a regular file", path));
  std::string bytes;
  while (bytes.size() <= max) {
    const std::size_t before = bytes.size();
    bytes.resize(std::min(max + 1, before + 64 * 1024));
    const auto count = ::read(file.get(), bytes.data() + before, bytes.size() - before);
    if (count < 0) return refused(errno, path);
    bytes.resize(before + static_cast<std::size_t>(count));
    if (count == 0) return bytes;
  }
  return fail(Errc::kTooLarge, fmt::format("{} is longer than {} bytes", path, max));
}

Result<Unit> write_beneath(const std::string& root, std::string_view path, std::string_view bytes, mode_t mode) {
  auto place = walk(root, path, true);
  if (!place) return fail(place);
  const int directory = place->directory.get();
  struct stat info {};
  if (::fstatat(directory, place->name.c_str(), &info, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISREG(info.st_mode))
    return fail(Errc::kDenied, fmt::format("{} is there and not a regular file", path));

  const std::string temporary = fmt::format(".baton-{:x}-{:x}.tmp", ::getpid(), fresh_generation());
  const Descriptor file(
      ::openat(directory, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file) return refused(errno, path);
  auto written = write_all(file.get(), bytes);
  if (written && (::fchmod(file.get(), mode) != 0 ||
                  ::renameat(directory, temporary.c_str(), directory, place->name.c_str()) != 0))
    written = refused(errno, path);
  if (!written) ::unlinkat(directory, temporary.c_str(), 0);
  return written;
}

std::optional<std::int64_t> written_at(const std::string& root, std::string_view path) {
  const auto place = walk(root, path, false);
  struct stat info {};
  if (!place || ::fstatat(place->directory.get(), place->name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
    return std::nullopt;
  return std::int64_t{info.st_mtim.tv_sec} * 1'000'000'000 + info.st_mtim.tv_nsec;
}

}  // namespace baton::plugin
