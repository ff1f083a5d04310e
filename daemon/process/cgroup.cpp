#include "process/cgroup.hpp"

#include <cerrno>
#include <charconv>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.hpp"
#include "process/descriptor.hpp"
#include "process/proc_stat.hpp"

namespace baton::process {
namespace {

std::optional<std::int64_t> parsed(std::string_view word) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size()) return std::nullopt;
  return value;
}

}  // namespace

bool Cgroup::is_there() const { return ::access((directory_ + "/cgroup.procs").c_str(), F_OK) == 0; }

bool Cgroup::make() const { return ::mkdir(directory_.c_str(), 0755) == 0 || (errno == EEXIST && is_there()); }

bool Cgroup::remove() const {
  for (const auto& child : children()) below(child).remove();
  return ::rmdir(directory_.c_str()) == 0 || errno == ENOENT;
}

bool Cgroup::is_populated() const { return entry("cgroup.events", "populated").value_or(0) != 0; }
bool Cgroup::kill() const { return write("cgroup.kill", "1"); }

std::vector<int> Cgroup::pids() const {
  std::vector<int> all;
  const std::string text = read("cgroup.procs");
  for (const auto line : text::lines(text))
    if (const auto pid = parsed(line)) all.push_back(static_cast<int>(*pid));
  for (const auto& child : children()) {
    const auto lower = below(child).pids();
    all.insert(all.end(), lower.begin(), lower.end());
  }
  return all;
}

std::vector<std::string> Cgroup::children() const {
  std::vector<std::string> names;
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory_, error), end; !error && at != end; at.increment(error)) {
    std::error_code ignored;
    if (at->is_directory(ignored)) names.push_back(at->path().filename().native());
  }
  return names;
}

bool Cgroup::write(std::string_view file, std::string_view text) const {
  const std::string path = directory_ + "/" + std::string(file);
  const Descriptor out(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return out.valid() && ::write(out.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

std::string Cgroup::read(std::string_view file) const { return whole_file(directory_ + "/" + std::string(file)); }

std::optional<std::int64_t> Cgroup::number(std::string_view file) const { return parsed(text::trimmed(read(file))); }

std::optional<std::int64_t> Cgroup::entry(std::string_view file, std::string_view key) const {
  const std::string text = read(file);
  for (const auto line : text::lines(text))
    if (line.size() > key.size() && line.starts_with(key) && line[key.size()] == ' ')
      return parsed(line.substr(key.size() + 1));
  return std::nullopt;
}

}  // namespace baton::process
