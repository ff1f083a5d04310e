#include "plugin/secret_source.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "plugin/beneath.hpp"

namespace baton::plugin {
namespace {

constexpr std::string_view kVariable = "env:", kFile = "file:", kCredential = "credential:";

bool is_variable_name(std::string_view name) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name[0])) == 0 && std::ranges::all_of(name, fits);
}

bool is_file_name(std::string_view name) { return is_path_beneath(name) && name.find('/') == std::string_view::npos; }

// As one would write it into a file with an editor.
Result<std::string> value_in(std::string bytes, std::string_view place) {
  if (bytes.ends_with('\n')) bytes.pop_back();
  if (bytes.ends_with('\r')) bytes.pop_back();
  if (bytes.empty()) return fail(Errc::kNotFound, fmt::format("{} is empty", place));
  if (bytes.size() > kSecretBytes) return fail(Errc::kTooLarge, fmt::format("{} is longer than 64 KiB", place));
  return bytes;
}

Result<std::string> read_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return fail(Errc::kNotFound, fmt::format("the variable {} is not set", name));
  return value_in(value, "the variable " + name);
}

class File {
 public:
  explicit File(const std::string& path) : number_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

// What is wrong with who may touch it; null: nothing. root and the daemon's user own it, the group may read it at most.
const char* flaw_of(const struct stat& info) {
  if (!S_ISREG(info.st_mode)) return "is not a regular file";
  if (info.st_uid != 0 && info.st_uid != ::geteuid()) return "belongs to another user";
  if ((info.st_mode & (S_IRWXO | S_IWGRP | S_IXGRP)) != 0) return "may be read by others or changed (chmod 600)";
  return nullptr;
}

Result<std::string> read_file(const std::string& path, bool strict) {
  const File file(path);
  struct stat info {};
  if (file.number() < 0 || ::fstat(file.number(), &info) != 0)
    return fail(errno == ENOENT ? Errc::kNotFound : Errc::kIo, fmt::format("{}: {}", path, std::strerror(errno)));
  const char* flaw = strict ? flaw_of(info) : S_ISREG(info.st_mode) ? nullptr : "is not a regular file";
  if (flaw != nullptr) return fail(Errc::kDenied, fmt::format("{} {}", path, flaw));
  std::string bytes(kSecretBytes + 3, '\0');  // a line end, and one more to notice a longer one
  std::size_t size = 0;
  while (size < bytes.size()) {
    const auto count = ::read(file.number(), bytes.data() + size, bytes.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(Errc::kIo, fmt::format("{}: {}", path, std::strerror(errno)));
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  bytes.resize(size);
  return value_in(std::move(bytes), path);
}

// systemd makes the directory for this service alone; what is in it may belong to root and be let in by an ACL.
Result<std::string> read_credential(std::string_view name) {
  const char* directory = std::getenv("CREDENTIALS_DIRECTORY");
  if (directory == nullptr || *directory != '/')
    return fail(Errc::kNotFound, fmt::format("no credential {}: systemd gave none", name));
  return read_file(fmt::format("{}/{}", directory, name), false);
}

}  // namespace

bool is_secret_source(std::string_view source) {
  if (source.find('\0') != std::string_view::npos) return false;
  if (source.starts_with(kVariable)) return is_variable_name(source.substr(kVariable.size()));
  if (source.starts_with(kFile)) return source.substr(kFile.size()).starts_with('/');
  return source.starts_with(kCredential) && is_file_name(source.substr(kCredential.size()));
}

Result<std::string> read_secret(std::string_view source) {
  if (!is_secret_source(source)) return fail(Errc::kInvalid, "a source is env:NAME, file:/path or credential:NAME");
  if (source.starts_with(kVariable)) return read_variable(std::string(source.substr(kVariable.size())));
  if (source.starts_with(kFile)) return read_file(std::string(source.substr(kFile.size())), true);
  return read_credential(source.substr(kCredential.size()));
}

}  // namespace baton::plugin
