#include "process/cgroup_place.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/text.hpp"
#include "process/proc_stat.hpp"

namespace baton::process {
namespace {

std::vector<std::string_view> fields_of(std::string_view line) {
  std::vector<std::string_view> fields;
  for (std::size_t begin = 0; begin < line.size();) {
    const std::size_t end = std::min(line.find(' ', begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return fields;
}

// The kernel writes blanks, tabs, newlines and backslashes as \ooo.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 3 >= text.size()) {
      out += text[at];
      continue;
    }
    out += static_cast<char>((text[at + 1] - '0') * 64 + (text[at + 2] - '0') * 8 + (text[at + 3] - '0'));
    at += 3;
  }
  return out;
}

bool is_marked(const std::string& directory) {
  for (const char* name : {"trusted.delegate", "user.delegate"}) {
    std::array<char, 8> value{};
    if (::getxattr(directory.c_str(), name, value.data(), value.size()) == 1 && value[0] == '1') return true;
  }
  return false;
}

bool is_given_to_us(const std::string& directory) {
  struct stat status {};
  if (::geteuid() == 0 || ::stat(directory.c_str(), &status) != 0 || status.st_uid != ::geteuid()) return false;
  return ::access(directory.c_str(), W_OK) == 0 && ::access((directory + "/cgroup.procs").c_str(), W_OK) == 0;
}

}  // namespace

std::optional<CgroupMount> cgroup_mount(std::string_view mountinfo) {
  constexpr std::size_t kRoot = 3, kPoint = 4;
  for (const auto line : text::lines(mountinfo)) {
    const auto divider = line.find(" - ");
    if (divider == std::string_view::npos || !line.substr(divider + 3).starts_with("cgroup2 ")) continue;
    const auto fields = fields_of(line.substr(0, divider));
    if (fields.size() > kPoint) return CgroupMount{unescaped(fields[kPoint]), unescaped(fields[kRoot])};
  }
  return std::nullopt;
}

std::optional<std::string> cgroup_path(std::string_view self_cgroup) {
  constexpr std::string_view kUnified = "0::";
  for (const auto line : text::lines(self_cgroup))
    if (line.starts_with(kUnified)) return std::string(line.substr(kUnified.size()));
  return std::nullopt;
}

std::optional<std::string> cgroup_directory(const CgroupMount& mount, std::string_view path) {
  if (path.find("/..") != std::string_view::npos) return std::nullopt;  // outside of our namespace
  if (mount.root != "/") {
    const bool below =
        path.starts_with(mount.root) && (path.size() == mount.root.size() || path[mount.root.size()] == '/');
    if (!below) return std::nullopt;
    path.remove_prefix(mount.root.size());
  }
  return mount.point + (path == "/" ? std::string() : std::string(path));
}

std::string cgroup_of(int pid, const CgroupMount& mount) {
  constexpr std::string_view kRemoved = " (deleted)";
  auto path = cgroup_path(whole_file("/proc/" + std::to_string(pid) + "/cgroup"));
  if (!path) return {};
  if (path->ends_with(kRemoved)) path->resize(path->size() - kRemoved.size());
  return cgroup_directory(mount, *path).value_or("");
}

std::optional<std::string> own_cgroup() {
  const auto mount = cgroup_mount(whole_file("/proc/self/mountinfo"));
  const auto path = cgroup_path(whole_file("/proc/self/cgroup"));
  if (!mount || !path) return std::nullopt;
  return cgroup_directory(*mount, *path);
}

OwnSubtree delegated_cgroup() {
  const auto directory = own_cgroup();
  if (!directory) return {{}, "there is no hierarchy of control groups (v2)"};
  if (cgroup_path(whole_file("/proc/self/cgroup")) == "/") return {{}, "batond is in the root of the hierarchy"};
  if (is_marked(*directory) || is_given_to_us(*directory)) return {*directory, {}};
  return {{}, *directory + " was not delegated to batond"};
}

}  // namespace baton::process
