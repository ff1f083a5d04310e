#include "ops/instance_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
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

}  // namespace

Result<InstanceLock> InstanceLock::take(const std::filesystem::path& state) {
  const auto file = file_in(state);
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kLockMode);
  if (descriptor < 0) return fail(Errc::kIo, fmt::format("cannot open {}: {}", file.string(), std::strerror(errno)));
  InstanceLock lock(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) {
      return fail(Errc::kIo, fmt::format("cannot lock {}: {}", file.string(), std::strerror(errno)));
    }
    return fail(Errc::kConflict,
                fmt::format("the state directory {} is in use by process {}", state.string(), read_holder(descriptor)),
                "already_running");
  }
  const auto holder = fmt::format("{}\n", ::getpid());
  if (::ftruncate(descriptor, 0) != 0 || ::pwrite(descriptor, holder.data(), holder.size(), 0) < 0) {
    return fail(Errc::kIo, fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
  }
  return lock;
}

InstanceLock::InstanceLock(InstanceLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

InstanceLock::~InstanceLock() {
  if (descriptor_ >= 0) ::close(descriptor_);  // frees the lock; the file stays, removing it would race
}

}  // namespace baton::ops
