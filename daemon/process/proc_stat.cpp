#include "process/proc_stat.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.hpp"

namespace baton::process {
namespace {

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// As much as can be read. A process may go between open and read, which then fails: an iterator over the buffer would
// throw that at us.
std::string whole(const std::filesystem::path& file) {
  const std::ifstream in(file);
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
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

std::optional<ProcStat> parse_stat(std::string_view line) {
  const auto open = line.find(" (");
  const auto close = line.rfind(") ");
  if (open == std::string_view::npos || close == std::string_view::npos) return std::nullopt;
  const auto fields = words(line.substr(close + 2));  // from field 3 on
  if (fields.size() < 20) return std::nullopt;
  const auto pid = number<int>(line.substr(0, open));
  const auto group = number<int>(fields[2]);
  const auto session = number<int>(fields[3]);
  const auto start = number<std::uint64_t>(text::trimmed(fields[19]));
  if (!pid || !group || !session || !start) return std::nullopt;
  return ProcStat{*pid, fields[0].front(), *group, *session, *start};
}

std::optional<ProcStat> stat_of(int pid) { return parse_stat(whole("/proc/" + std::to_string(pid) + "/stat")); }

std::optional<std::string> variable_of(int pid, std::string_view name) {
  const std::string environment = whole("/proc/" + std::to_string(pid) + "/environ");
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

std::string boot_id() { return std::string(text::trimmed(whole("/proc/sys/kernel/random/boot_id"))); }

std::optional<std::uint64_t> forks_since_boot() {
  const std::string stat = whole("/proc/stat");
  for (const auto line : text::lines(stat))
    if (line.starts_with("processes ")) return number<std::uint64_t>(line.substr(10));
  return std::nullopt;
}

std::optional<std::uint64_t> highest_pid() {
  return number<std::uint64_t>(text::trimmed(whole("/proc/sys/kernel/pid_max")));
}

}  // namespace baton::process
