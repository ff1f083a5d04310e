#include "tools/file_tools.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/text.hpp"

namespace baton::tools {
namespace {

using plugin::ToolResult;

ToolResult failed(std::string why) { return {.ok = false, .text = std::move(why)}; }

ToolResult missing(std::string_view name) { return failed(fmt::format("The argument {} (a text) is missing.", name)); }

tl::unexpected<Error> system_error(std::string_view path) {
  return fail(Errc::kIo, fmt::format("{}: {}", path, std::strerror(errno)));
}

struct Content {
  std::string bytes;
  mode_t mode = 0;
};

Result<Content> content_of(const Within& within, std::string_view path) {
  const auto file = within.open_file(path, O_RDONLY | O_NONBLOCK);  // a pipe must not wait for its other end
  if (!file) return fail(file.error());
  struct stat info {};
  if (::fstat(file->get(), &info) != 0) return system_error(path);
  if (!S_ISREG(info.st_mode)) return fail(Errc::kInvalid, fmt::format("{} is not a regular file", path));
  Content content{.bytes = {}, .mode = info.st_mode & 07777};
  while (content.bytes.size() <= kFile) {
    const std::size_t before = content.bytes.size();
    content.bytes.resize(before + 64 * 1024);
    const auto count = ::read(file->get(), content.bytes.data() + before, 64 * 1024);
    content.bytes.resize(before + static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    if (count < 0 && errno != EINTR) return system_error(path);
    if (count == 0) return content;
  }
  return fail(Errc::kTooLarge, fmt::format("{} is larger than 1 MiB", path));
}

Result<Unit> write_all(int file, std::string_view bytes, std::string_view path) {
  while (!bytes.empty()) {
    const auto count = ::write(file, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_error(path);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return Unit{};
}

// The mode of the regular file that is to be replaced; nothing when there is none.
Result<std::optional<mode_t>> replaced(const Within::Place& place, std::string_view path) {
  struct stat info {};
  if (::fstatat(place.directory.get(), place.name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    if (errno == ENOENT) return std::nullopt;
    return system_error(path);
  }
  if (S_ISLNK(info.st_mode)) return fail(Errc::kDenied, fmt::format("{} is a link; write what it leads to", path));
  if (!S_ISREG(info.st_mode)) return fail(Errc::kDenied, fmt::format("{} is not a regular file", path));
  return info.st_mode & 07777;
}

// By a file beside it and a rename, so that nobody sees half of it.
Result<Unit> replace(const Within& within, std::string_view path, std::string_view bytes) {
  static std::atomic<std::uint64_t> count = 0;
  const auto place = within.place_for(path);
  if (!place) return fail(place.error());
  const auto mode = replaced(*place, path);
  if (!mode) return fail(mode.error());
  const int directory = place->directory.get();
  const std::string beside = fmt::format(".baton-{:x}-{:x}.tmp", ::getpid(), ++count);
  const Descriptor file(
      ::openat(directory, beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666));
  if (!file.valid()) return system_error(path);
  auto written = write_all(file.get(), bytes, path);
  if (written && *mode && ::fchmod(file.get(), **mode) != 0) written = system_error(path);
  if (written && ::renameat(directory, beside.c_str(), directory, place->name.c_str()) != 0)
    written = system_error(path);
  if (!written) ::unlinkat(directory, beside.c_str(), 0);
  return written;
}

// As text.find(part, from), in linear time whatever they hold: find() takes seconds for half a megabyte of one byte
// in a file of it, and this is the reactor's thread.
std::size_t find_in(std::string_view text, std::string_view part, std::size_t from) {
  const void* found = ::memmem(text.data() + from, text.size() - from, part.data(), part.size());
  if (found == nullptr) return std::string_view::npos;
  return static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

std::string some_lines(std::string_view bytes, std::int64_t first, std::int64_t count) {
  std::string some;
  std::int64_t number = 0;
  while (!bytes.empty() && number < first + count - 1) {
    const auto end = bytes.find('\n');
    const auto line = bytes.substr(0, end == std::string_view::npos ? end : end + 1);
    if (++number >= first) some += line;
    bytes.remove_prefix(line.size());
  }
  return some;
}

}  // namespace

ToolResult read_file(const Within& within, json::Value arguments) {
  const auto path = json::text(arguments, "path");
  if (!path) return missing("path");
  auto content = content_of(within, *path);
  if (!content) return failed(content.error().what);
  const auto first = json::integer(arguments, "first_line"), count = json::integer(arguments, "lines");
  if (!first && !count) return {.ok = true, .text = std::move(content->bytes)};
  constexpr std::int64_t kMany = static_cast<std::int64_t>(kFile);
  return {.ok = true,
          .text = some_lines(content->bytes, std::clamp<std::int64_t>(first.value_or(1), 1, kMany),
                             std::clamp<std::int64_t>(count.value_or(kMany), 0, kMany))};
}

ToolResult write_file(const Within& within, json::Value arguments) {
  const auto path = json::text(arguments, "path"), content = json::text(arguments, "content");
  if (!path || !content) return missing(path ? "content" : "path");
  if (content->size() > kFile) return failed("A file of more than 1 MiB is not written at once.");
  if (const auto written = replace(within, *path, *content); !written) return failed(written.error().what);
  return {.ok = true, .text = fmt::format("{} was written, {} bytes.", *path, content->size())};
}

ToolResult edit_file(const Within& within, json::Value arguments) {
  const auto path = json::text(arguments, "path");
  const auto before = json::text(arguments, "old_text"), after = json::text(arguments, "new_text");
  if (!path || !before || !after) return missing(!path ? "path" : !before ? "old_text" : "new_text");
  if (before->empty()) return failed("old_text is empty.");
  auto content = content_of(within, *path);
  if (!content) return failed(content.error().what);
  const auto at = find_in(content->bytes, *before, 0);
  if (at == std::string::npos) return failed(fmt::format("old_text is not in {}. Nothing was changed.", *path));
  if (find_in(content->bytes, *before, at + 1) != std::string::npos)  // places may overlap
    return failed(fmt::format("old_text is in {} more than once, make it longer. Nothing was changed.", *path));
  content->bytes.replace(at, before->size(), *after);
  if (content->bytes.size() > kFile) return failed("The file would be larger than 1 MiB. Nothing was changed.");
  if (const auto written = replace(within, *path, content->bytes); !written) return failed(written.error().what);
  return {.ok = true, .text = fmt::format("{} was changed in one place.", *path)};
}

ToolResult list_files(const Within& within, json::Value arguments) {
  const std::string_view path = json::text(arguments, "path").value_or(".");
  auto directory = within.open_file(path, O_RDONLY | O_DIRECTORY);
  if (!directory) return failed(directory.error().what);
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::fdopendir(directory->get()), &::closedir);
  if (!open) return failed(std::strerror(errno));
  directory->release();
  std::vector<std::string> names;
  for (const dirent* entry = ::readdir(open.get()); entry != nullptr; entry = ::readdir(open.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    if (names.size() == kReadNames) break;
    names.push_back(std::string(name) + (entry->d_type == DT_DIR ? "/" : ""));
  }
  std::ranges::sort(names);
  std::string text;
  for (std::size_t index = 0; index < std::min(names.size(), kShownNames); ++index) text += names[index] + "\n";
  if (names.size() > kShownNames)
    text += fmt::format("[... {} or more names are left out ...]\n", names.size() - kShownNames);
  return {.ok = true, .text = std::move(text)};
}

}  // namespace baton::tools
