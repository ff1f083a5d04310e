#include "plugin/state_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/types.h>
#include <unistd.h>

#include "process/descriptor.hpp"

namespace baton::plugin {
namespace {

bool write_all(int descriptor, std::string_view rest) {
  while (!rest.empty()) {
    const ssize_t written = ::write(descriptor, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

tl::unexpected<Error> failed(const std::filesystem::path& file) {
  return fail(Errc::kIo, file.native() + ": " + std::strerror(errno));
}

Result<Unit> write_file(const std::string& file, std::string_view content, Keep keep) {
  constexpr mode_t kMode = 0600;
  const process::Descriptor opened(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, kMode));
  if (opened.get() < 0 || !write_all(opened.get(), content)) return failed(file);
  if (keep == Keep::kFirmly && ::fsync(opened.get()) != 0) return failed(file);
  return Unit{};
}

// So that the name is kept too. The new file is in place already: there is nothing to say when it fails.
void sync_directory(const std::filesystem::path& directory) {
  const process::Descriptor opened(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() >= 0) (void)::fsync(opened.get());
}

}  // namespace

std::optional<std::string> read_state_file(const std::filesystem::path& file, std::size_t limit) {
  const process::Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (opened.get() < 0) return std::nullopt;
  std::string content(limit + 1, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(opened.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return std::nullopt;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > limit) return std::nullopt;
  content.resize(size);
  return content;
}

Result<Unit> replace_state_file(const std::filesystem::path& file, std::string_view content, Keep keep) {
  const auto fresh = file.native() + ".new";
  auto done = write_file(fresh, content, keep);
  if (done && ::rename(fresh.c_str(), file.c_str()) != 0) done = failed(file);
  if (!done) {
    ::unlink(fresh.c_str());
    return done;
  }
  if (keep == Keep::kFirmly) sync_directory(file.parent_path());
  return Unit{};
}

}  // namespace baton::plugin
