#include "handoff/files.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fmt/format.h>

#include "base/bug.hpp"
#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "handoff/sor_files.hpp"

namespace baton::handoff {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

tl::unexpected<Error> failed(std::string_view doing, std::string_view name) {
  const int error = errno;
  Errc code = Errc::kIo;
  if (error == ENOENT || error == ENOTDIR) code = Errc::kNotFound;
  if (error == ELOOP) code = Errc::kDenied;  // O_NOFOLLOW met a link
  if (error == EISDIR || error == ENOTEMPTY || error == EEXIST) code = Errc::kConflict;
  if (error == ENOSPC || error == EDQUOT) code = Errc::kNoSpace;
  return fail(code, fmt::format("{} {}: {}", doing, name, std::generic_category().message(error)));
}

Result<Descriptor> open_directory(const std::filesystem::path& directory) {
  const int fd = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return failed("opening", directory.native());
  return Descriptor(fd);
}

struct Opened {
  Descriptor file;
  struct stat status;
};

Result<Opened> open_regular(const std::filesystem::path& directory, std::string_view name) {
  require(is_sor_file(name), "not one of the hand-off files");
  auto parent = open_directory(directory);
  if (!parent) return fail(parent);
  // O_NONBLOCK: opening a pipe without a writer would wait for one.
  const int fd = ::openat(parent->get(), std::string(name).c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return failed("opening", name);
  Opened opened{Descriptor(fd), {}};
  if (::fstat(fd, &opened.status) != 0) return failed("reading", name);
  if (!S_ISREG(opened.status.st_mode)) return fail(Errc::kDenied, fmt::format("{} is not a regular file", name));
  return opened;
}

Result<std::string> read_all(int fd, std::string_view name) {
  std::string content;
  std::array<char, 16 * 1024> chunk;
  while (true) {
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("reading", name);
    if (got == 0) return text::repaired_utf8(content);
    content.append(chunk.data(), static_cast<std::size_t>(got));
    if (content.size() > limits::kSorFile) {
      return fail(Errc::kTooLarge, fmt::format("{} has more than {} bytes", name, limits::kSorFile));
    }
  }
}

bool write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t put = ::write(fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

// A name that nobody else has. A daemon that is killed in between leaves such a file behind (FORMATS.md).
std::string temporary_name() {
  std::array<char, 8> random{};
  require(::getrandom(random.data(), random.size(), 0) == static_cast<ssize_t>(random.size()), "getrandom failed");
  return ".baton-" + text::hex({random.data(), random.size()}) + ".tmp";
}

std::int64_t modified_ms(const struct stat& status) {
  return static_cast<std::int64_t>(status.st_mtim.tv_sec) * 1000 + status.st_mtim.tv_nsec / 1'000'000;
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& directory, std::string_view name) {
  const auto opened = open_regular(directory, name);
  if (!opened) return tl::unexpected(opened.error());
  return read_all(opened->file.get(), name);
}

Result<Unit> write_file(const std::filesystem::path& directory, std::string_view name, std::string_view content) {
  require(is_sor_file(name), "not one of the hand-off files");
  if (content.size() > limits::kSorFile) {
    return fail(Errc::kTooLarge,
                fmt::format("{} would have {} bytes; {} are allowed", name, content.size(), limits::kSorFile));
  }
  auto parent = open_directory(directory);
  if (!parent) return fail(parent);
  const std::string temporary = temporary_name();
  const mode_t mode = name == kInitFile ? 0755 : 0644;
  const Descriptor file(::openat(parent->get(), temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (file.get() < 0) return failed("creating", name);
  // rename() replaces a link itself and never follows it.
  const bool replaced = write_all(file.get(), content) && ::fsync(file.get()) == 0 &&
                        ::renameat(parent->get(), temporary.c_str(), parent->get(), std::string(name).c_str()) == 0;
  if (!replaced) {
    auto error = failed("writing", name);
    ::unlinkat(parent->get(), temporary.c_str(), 0);
    return error;
  }
  if (::fsync(parent->get()) != 0) return failed("syncing the directory of", name);
  return Unit{};
}

Result<Unit> write_scaffold(const std::filesystem::path& directory, const TaskBrief& brief) {
  for (const auto& file : scaffold(brief)) {
    if (auto written = write_file(directory, file.name, file.content); !written) return written;
  }
  return Unit{};
}

Result<Handoff> read_handoff(const std::filesystem::path& directory) {
  const auto opened = open_regular(directory, kHandoffFile);
  if (!opened) return tl::unexpected(opened.error());
  const auto content = read_all(opened->file.get(), kHandoffFile);
  if (!content) return tl::unexpected(content.error());
  if (text::trimmed(*content).empty()) return fail(Errc::kInvalid, "the file is empty");
  auto handoff = parse_handoff_file(*content, iso8601(modified_ms(opened->status)));
  if (!handoff) return fail(Errc::kInvalid, describe(handoff.error()));
  return *std::move(handoff);
}

Result<Unit> write_handoff(const std::filesystem::path& directory, const Handoff& handoff) {
  return write_file(directory, kHandoffFile, render_handoff(handoff));
}

}  // namespace baton::handoff
