#include "worktree/small_file.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include "base/limits.hpp"

namespace baton::worktree {
namespace {

namespace fs = std::filesystem;

Error cannot_write(const fs::path& file, int error) {
  const bool full = error == ENOSPC || error == EDQUOT;
  return {full ? Errc::kNoSpace : Errc::kIo, "cannot write " + file.string() + ": " + std::strerror(error),
          full ? "disk_full" : ""};
}

bool write_whole(int to, std::string_view content) {
  while (!content.empty()) {
    const ssize_t count = ::write(to, content.data(), content.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

}  // namespace

fs::path name_beside(const fs::path& file) { return file.parent_path() / (".baton-new-" + file.filename().string()); }

// Beside its place and then renamed, so that a reader never sees half of it.
Result<Unit> put_file(const fs::path& file, std::string_view content, bool executable) {
  const fs::path beside = name_beside(file);
  ::unlink(beside.c_str());
  const int opened =
      ::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, executable ? 0755 : 0644);
  if (opened < 0) return fail(cannot_write(file, errno));
  const bool written = write_whole(opened, content);
  const int write_error = errno;
  ::close(opened);
  if (written && ::rename(beside.c_str(), file.c_str()) == 0) return Unit{};
  const int error = written ? errno : write_error;
  ::unlink(beside.c_str());
  return fail(cannot_write(file, error));
}

std::optional<std::string> small_file(const fs::path& file) {
  std::error_code error;
  if (!fs::is_regular_file(fs::symlink_status(file, error))) return std::nullopt;
  if (fs::file_size(file, error) > limits::kSorFile || error) return std::nullopt;
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

}  // namespace baton::worktree
