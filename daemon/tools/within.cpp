#include "tools/within.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fmt/format.h>

namespace baton::tools {
namespace {

constexpr std::size_t kPath = 4096;
constexpr int kDirectory = O_RDONLY | O_DIRECTORY;

tl::unexpected<Error> refused(int error, std::string_view path) {
  Errc code = Errc::kIo;
  std::string why = std::strerror(error);
  if (error == ENOENT || error == ENOTDIR) code = Errc::kNotFound;
  if (error == EXDEV || error == EACCES || error == EPERM || error == ELOOP) code = Errc::kDenied;
  if (error == EXDEV) why = "leads out of the working directory";
  if (error == ENOSPC || error == EDQUOT) code = Errc::kNoSpace;
  return fail(code, fmt::format("{}: {}", path, why));
}

// The first part of `path`, which is taken from it. Empty parts are skipped.
std::string_view take_part(std::string_view& path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  const auto part = path.substr(0, path.find('/'));
  path.remove_prefix(part.size());
  return part;
}

Descriptor open_beneath(int root, const std::string& path, int flags, mode_t mode, std::uint64_t also = 0) {
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
  how.mode = (flags & O_CREAT) != 0 ? mode : 0;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | also;
  int tries = 8;  // EAGAIN: something on the way was renamed meanwhile
  while (true) {
    const auto number = ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof(how));
    if (number >= 0) return Descriptor(static_cast<int>(number));
    if (errno == ENOSYS || errno == EPERM) return open_step_by_step(root, path, flags, mode);
    if (errno != EINTR && (errno != EAGAIN || --tries == 0)) return Descriptor();
  }
}

}  // namespace

Descriptor open_step_by_step(int root, std::string_view path, int flags, mode_t mode) {
  Descriptor directory(::openat(root, ".", kDirectory | O_CLOEXEC));
  std::string_view rest = path;
  for (std::string_view part = take_part(rest); directory.valid(); part = take_part(rest)) {
    if (part == "..") {
      errno = EXDEV;
      return Descriptor();
    }
    const bool last = rest.find_first_not_of('/') == std::string_view::npos;
    const std::string name(part.empty() ? "." : part);
    const int how = last ? flags : kDirectory;
    Descriptor next(::openat(directory.get(), name.c_str(), how | O_NOFOLLOW | O_CLOEXEC, mode));
    if (last || !next.valid()) return next;
    directory = std::move(next);
  }
  return Descriptor();
}

Result<Within> Within::open(const std::string& root) {
  Descriptor directory(::open(root.c_str(), kDirectory | O_CLOEXEC));
  if (!directory.valid()) return refused(errno, root);
  return Within(std::move(directory), root);
}

Result<std::string> Within::inside(std::string_view path) const {
  if (path.size() > kPath || path.find('\0') != std::string_view::npos)
    return fail(Errc::kInvalid, "this cannot be a path");
  if (path.starts_with(path_) && (path.size() == path_.size() || path[path_.size()] == '/'))
    path.remove_prefix(path_.size());
  else if (path.starts_with('/'))
    return refused(EXDEV, path);
  while (path.starts_with('/')) path.remove_prefix(1);
  return std::string(path.empty() ? "." : path);
}

Result<Descriptor> Within::open_file(std::string_view path, int flags, mode_t mode) const {
  const auto name = inside(path);
  if (!name) return fail(name.error());
  auto file = open_beneath(root_.get(), *name, flags, mode);
  if (!file.valid()) return refused(errno, path);
  return file;
}

Result<Within::Place> Within::place_for(std::string_view path) const {
  const auto name = inside(path);
  if (!name) return fail(name.error());
  Place place{Descriptor(::openat(root_.get(), ".", kDirectory | O_CLOEXEC)), ""};
  std::string so_far;
  std::string_view rest = *name;
  for (auto part = take_part(rest); !part.empty(); part = take_part(rest)) {
    if (part == ".") continue;
    if (part == "..") return refused(EXDEV, path);
    if (part == ".git") return fail(Errc::kDenied, fmt::format("{}: .git is not written here", path));
    if (!place.name.empty()) {  // the part before is a directory
      so_far += (so_far.empty() ? "" : "/") + place.name;
      auto next = open_beneath(root_.get(), so_far, kDirectory, 0, RESOLVE_NO_SYMLINKS);
      if (!next.valid() && errno == ENOENT && ::mkdirat(place.directory.get(), place.name.c_str(), 0777) == 0)
        next = open_beneath(root_.get(), so_far, kDirectory, 0, RESOLVE_NO_SYMLINKS);
      if (!next.valid() && errno == ELOOP)  // it could lead into .git
        return fail(Errc::kDenied, fmt::format("{}: a directory in it is a link; write what it leads to", path));
      if (!next.valid()) return refused(errno, path);
      place.directory = std::move(next);
    }
    place.name = part;
  }
  if (place.name.empty()) return fail(Errc::kInvalid, "this is a directory");
  return place;
}

}  // namespace baton::tools
