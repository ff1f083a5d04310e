#include "process/proc_stat.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "base/text.hpp"
#include "process/descriptor.hpp"

namespace baton::process {
namespace {

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

}  // namespace

std::string whole_file(const std::string& file) {
  std::string text;
  const Descriptor in(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
  if (!in.valid()) return text;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t count = ::read(in.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return text;
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

std::optional<ProcStat> parse_stat(std::string_view line) {
  const auto open = line.find(" (");
  const auto close = line.rfind(") ");
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  const auto fields = words(line.substr(close + 2));  // from field 3 on
  if (fields.size() < 20) return std::nullopt;
  const auto pid = number<int>(line.substr(0, open));
  const auto parent = number<int>(fields[1]);
  const auto group = number<int>(fields[2]);
  const auto session = number<int>(fields[3]);
  const auto start = number<std::uint64_t>(text::trimmed(fields[19]));
  if (!pid || !parent || !group || !session || !start) return std::nullopt;
  return ProcStat{*pid, fields[0].front(), *group, *session, *start, *parent};
}

std::optional<ProcStat> stat_of(int pid) { return parse_stat(whole_file("/proc/" + std::to_string(pid) + "/stat")); }

std::optional<std::string> variable_of(int pid, std::string_view name) {
  const std::string environment = whole_file("/proc/" + std::to_string(pid) + "/environ");
  for (std::size_t begin = 0; begin < environment.size();) {
    const std::size_t end = std::min(environment.find('\0', begin), environment.size());
    const auto entry = std::string_view(environment).substr(begin, end - begin);
    if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == '=')
      return std::string(entry.substr(name.size() + 1));
    begin = end + 1;
  }
  return std::nullopt;
}

std::vector<ProcStat> all_processes() {
  std::vector<ProcStat> out;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end; entry.increment(error)) {
    const auto pid = number<int>(entry->path().filename().native());
    if (!pid) continue;
    if (const auto stat = stat_of(*pid)) out.push_back(*stat);
  }
  return out;
}

namespace {

std::vector<int> children_by_scan(int pid) {
  std::vector<int> out;
  for (const auto& process : all_processes())
    if (process.parent == pid) out.push_back(process.pid);
  return out;
}

}  // namespace

std::vector<int> children_of(int pid) {
  std::vector<int> out;
  std::error_code error;
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  for (std::filesystem::directory_iterator entry(tasks, error), end; !error && entry != end; entry.increment(error)) {
    const std::string file = entry->path().native() + "/children";
    const std::string text = whole_file(file);
    if (text.empty() && ::access(file.c_str(), F_OK) != 0 && ::access(entry->path().c_str(), F_OK) == 0)
      return children_by_scan(pid);
    for (const auto word : words(text)) {
      if (const auto child = number<int>(word)) out.push_back(*child);
    }
  }
  return out;
}

std::string boot_id() { return std::string(text::trimmed(whole_file("/proc/sys/kernel/random/boot_id"))); }

std::optional<std::uint64_t> forks_since_boot() {
  const std::string stat = whole_file("/proc/stat");
  for (const auto line : text::lines(stat))
    if (line.starts_with("processes ")) return number<std::uint64_t>(line.substr(10));
  return std::nullopt;
}

std::optional<std::uint64_t> highest_pid() {
  return number<std::uint64_t>(text::trimmed(whole_file("/proc/sys/kernel/pid_max")));
}

}  // namespace baton::process
