#include "plugin/permissions.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

namespace baton::plugin {
namespace {

// Nothing when `path` is fine.
std::optional<std::string> distrust(const std::filesystem::path& path) {
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return fmt::format("{}: {}", path.native(), std::strerror(errno));
  if (info.st_uid != 0 && info.st_uid != ::geteuid())
    return fmt::format("{} belongs to user {}, not to root or to the daemon's user", path.native(), info.st_uid);
  const bool sticky = S_ISDIR(info.st_mode) && (info.st_mode & S_ISVTX) != 0;
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0 && !sticky)
    return fmt::format("{} is writable by its group or by others (chmod go-w)", path.native());
  return std::nullopt;
}

}  // namespace

Accepted<std::filesystem::path> trusted_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto real = std::filesystem::canonical(file, error);
  if (error) return refuse(RefusalCode::kNotFound, fmt::format("{}: {}", file.native(), error.message()));
  if (!std::filesystem::is_regular_file(real, error))
    return refuse(RefusalCode::kNotFound, fmt::format("{} is not a regular file", real.native()));
  for (auto path = real;; path = path.parent_path()) {
    if (auto why = distrust(path)) return refuse(RefusalCode::kPermissions, *std::move(why));
    if (path == path.parent_path()) return real;
  }
}

}  // namespace baton::plugin
