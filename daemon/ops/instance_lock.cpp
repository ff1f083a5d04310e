#include "ops/instance_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace baton::ops {
namespace {

constexpr mode_t kLockMode = 0600;

std::string read_holder(int descriptor) {
  char text[32] = {};
  const auto size = ::pread(descriptor, text, sizeof(text) - 1, 0);
  if (size <= 0) return "unknown";
  std::string holder(text, static_cast<std::size_t>(size));
  while (!holder.empty() && holder.back() == '\n') holder.pop_back();
  return holder;
}

Error cannot(std::string_view what, const std::filesystem::path& path) {
  return {Errc::kIo, fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(errno))};
}

Error in_use(const std::filesystem::path& state, int lock_file) {
  return {Errc::kConflict,
          fmt::format("the state directory {} is in use by process {}", state.string(), read_holder(lock_file)),
          "already_running"};
}

bool is_held_elsewhere(int descriptor) { return ::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK; }

}  // namespace

Result<InstanceLock> InstanceLock::take(const std::filesystem::path& state) {
  const auto file = file_in(state);
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kLockMode);
  if (descriptor < 0) return fail(cannot("open", file));
  InstanceLock lock(descriptor, ::open(state.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    return fail(errno == EWOULDBLOCK ? in_use(state, descriptor) : cannot("lock", file));
  }
  // Some network file systems lock no directories: there the file alone counts.
  if (lock.directory_ >= 0 && is_held_elsewhere(lock.directory_)) return fail(in_use(state, descriptor));
  const auto holder = fmt::format("{}\n", ::getpid());
  if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, holder.data(), holder.size(), 0) < 0) {
    return fail(cannot("write", file));
  }
  return lock;
}

InstanceLock::InstanceLock(InstanceLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), directory_(std::exchange(other.directory_, -1)) {}

InstanceLock::~InstanceLock() {
  if (directory_ >= 0) ::close(directory_);
  if (descriptor_ >= 0) ::close(descriptor_);  // frees the lock; the file stays, removing it would race
}

}  // namespace baton::ops
