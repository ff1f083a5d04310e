#include "plugin/crash_log.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <iterator>
#include <map>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "plugin/state_file.hpp"

namespace baton::plugin {
namespace {

constexpr std::size_t kKept = 1000;             // more than a month of restarts once an hour
constexpr std::size_t kFile = 8 * 1024 * 1024;  // so many lines with the longest paths
constexpr std::int64_t kMonthSeconds = 30 * 24 * 3600, kHourSeconds = 3600;
constexpr std::size_t kTooMany = 3;  // within an hour: a supervisor restarts at once, and a loop of crashes shall end

// The text up to the next blank, taken from the front of `rest`.
std::string_view word(std::string_view& rest) {
  const auto end = std::min(rest.find(' '), rest.size());
  const auto found = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return found;
}

std::string line_of(const Crash& crash, std::string_view kind) {
  return fmt::format("{} {} {} {} {}\n", crash.unix_s, kind, crash.cause, crash.call, crash.subject);
}

}  // namespace

void CrashLog::open(const std::filesystem::path& file) {
  const auto text = read_state_file(file, kFile);
  if (text) {
    for (const auto line : text::lines(*text)) take(line);
  }
  forget_old();
  std::string kept;
  for (const auto& crash : crashes_) kept += line_of(crash, "crash");
  if (text != kept && (text || !kept.empty())) (void)replace_state_file(file, kept, Keep::kFirmly);
  constexpr mode_t kMode = 0600;
  opened_ = process::Descriptor(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kMode));
  if (!opened_.valid()) log::warn("plugins: {}: {}", file.native(), std::strerror(errno));
}

// The three that quarantine a subject stay, whatever their age and number: only a pardon ends a quarantine.
void CrashLog::forget_old() {
  struct Subject {
    std::size_t count = 0, kept = 0;
    std::int64_t last_s = 0;
    bool quarantined = false;
  };
  std::map<std::string, Subject> subjects;
  for (auto crash = crashes_.rbegin(); crash != crashes_.rend(); ++crash) {
    auto& subject = subjects[crash->subject];
    if (++subject.count == 1) subject.last_s = crash->unix_s;
    if (subject.count == kTooMany) subject.quarantined = subject.last_s - crash->unix_s <= kHourSeconds;
  }
  const auto oldest_s = clock_.unix_ms() / 1000 - kMonthSeconds;
  std::vector<Crash> kept;
  for (auto crash = crashes_.rbegin(); crash != crashes_.rend(); ++crash) {
    auto& subject = subjects[crash->subject];
    const bool needed = subject.quarantined && subject.kept < kTooMany;
    if (!needed && (crash->unix_s < oldest_s || kept.size() >= kKept)) continue;
    ++subject.kept;
    kept.push_back(std::move(*crash));
  }
  std::ranges::reverse(kept);
  crashes_ = std::move(kept);
}

// A line that is not one of ours is left out: the daemon may have died in the middle of it.
void CrashLog::take(std::string_view line) {
  Crash crash;
  const auto time = word(line), kind = word(line);
  const auto [end, error] = std::from_chars(time.data(), time.data() + time.size(), crash.unix_s);
  if (error != std::errc() || end != time.data() + time.size()) return;
  crash.cause = word(line);
  crash.call = word(line);
  crash.subject = line;
  if (crash.subject.empty()) return;
  if (kind == "pardon") std::erase_if(crashes_, [&](const Crash& one) { return one.subject == crash.subject; });
  if (kind == "crash") crashes_.push_back(std::move(crash));
}

std::vector<Crash> CrashLog::of(std::string_view subject) const {
  std::vector<Crash> found;
  std::ranges::copy_if(crashes_, std::back_inserter(found), [&](const Crash& one) { return one.subject == subject; });
  return found;
}

std::optional<Refusal> CrashLog::quarantine(std::string_view subject) const {
  const auto all = of(subject);
  if (all.size() < kTooMany) return std::nullopt;
  const Crash& last = all.back();
  if (last.unix_s - all[all.size() - kTooMany].unix_s > kHourSeconds) return std::nullopt;
  return Refusal{RefusalCode::kQuarantined,
                 fmt::format("it ended the daemon {} times within an hour, the last time at {} "
                             "in {} ({})",
                             kTooMany, iso8601(last.unix_s * 1000), last.call, last.cause)};
}

void CrashLog::pardon(const std::string& subject) {
  if (std::erase_if(crashes_, [&](const Crash& one) { return one.subject == subject; }) == 0) return;
  const auto line = line_of({clock_.unix_ms() / 1000, "-", "-", subject}, "pardon");
  if (opened_.valid() && ::write(opened_.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()))
    log::warn("plugins: the pardon of {} is not written: {}", subject, std::strerror(errno));
}

}  // namespace baton::plugin
