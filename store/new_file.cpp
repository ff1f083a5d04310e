#include "store/new_file.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace baton::store {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : fs::path("."); }

Result<Unit> flush_what(const fs::path& what, int flags) {
  const int descriptor = ::open(what.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) return fail(file_error("open", what, errno));
  const int failed = ::fsync(descriptor) == 0 ? 0 : errno;
  ::close(descriptor);
  if (failed != 0) return fail(file_error("flush", what, failed));
  return Unit{};
}

// For file systems whose rename cannot refuse: a link refuses by itself.
bool link_and_unlink(const fs::path& from, const fs::path& to) {
  if (::link(from.c_str(), to.c_str()) != 0) return false;
  ::unlink(from.c_str());
  return true;
}

}  // namespace

Error file_error(std::string_view doing, const fs::path& file, int number) {
  if (number == ENOSPC || number == EDQUOT) {
    return {Errc::kNoSpace, fmt::format("there is no room left on the disk of {}", file.string()), "disk_full"};
  }
  return {Errc::kIo, fmt::format("cannot {} {}: {}", doing, file.string(), std::strerror(number)), "file_io"};
}

Result<Unit> flush_folder_of(const fs::path& file) { return flush_what(folder_of(file), O_RDONLY | O_DIRECTORY); }

Result<Unit> rename_to_new(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return Unit{};
  const bool is_unknown = errno == EINVAL || errno == ENOSYS;
  if (is_unknown && link_and_unlink(from, to)) return Unit{};
  if (errno == EEXIST) return fail(Errc::kConflict, fmt::format("{} exists already", to.string()), "file_exists");
  return fail(file_error("make", to, errno));
}

Result<NewFile> NewFile::beside(const fs::path& target) {
  std::string name = (folder_of(target) / fmt::format(".{}.XXXXXX", target.filename().string())).string();
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);  // with mode 0600
  if (descriptor < 0) return fail(file_error("make a file beside", target, errno));
  ::close(descriptor);
  return NewFile(target, name);
}

NewFile::NewFile(fs::path target, fs::path path) : target_(std::move(target)), path_(std::move(path)) {}

NewFile::NewFile(NewFile&& other) noexcept
    : target_(std::move(other.target_)), path_(std::exchange(other.path_, fs::path())) {}

NewFile::~NewFile() {
  if (path_.empty()) return;
  for (const auto* suffix : {"", "-wal", "-shm", "-journal"}) ::unlink((path_.string() + suffix).c_str());
}

Result<Unit> NewFile::publish() {
  if (auto flushed = flush_what(path_, O_RDWR); !flushed) return flushed;
  if (auto named = rename_to_new(path_, target_); !named) return named;
  return finish();
}

Result<Unit> NewFile::replace() {
  if (auto flushed = flush_what(path_, O_RDWR); !flushed) return flushed;
  if (::rename(path_.c_str(), target_.c_str()) != 0) return fail(file_error("make", target_, errno));
  return finish();
}

Result<Unit> NewFile::finish() {
  path_.clear();
  return flush_folder_of(target_);
}

}  // namespace baton::store
