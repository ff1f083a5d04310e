// The daemon's log: lines on stderr with journald's priority prefix, or plain ones for a terminal.
//
// spdlog does the work and stays behind this header, which costs its readers no more than fmt. Any thread.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace baton::log {

enum class Level : std::uint8_t { kDebug, kInfo, kWarn, kError };

enum class Style : std::uint8_t {
  kTerminal,  // time and level in front
  kJournal,   // "<6>text": systemd adds the time
};

// Once, before the first thread. Without it lines go to stderr in terminal style from level info on.
void set_up(Level least, Style style);

// One line; control characters in `message` become blanks.
void write(Level level, std::string_view message);
bool enabled(Level level);

template <class... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kDebug)) write(Level::kDebug, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kInfo)) write(Level::kInfo, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kWarn)) write(Level::kWarn, fmt::format(format, std::forward<Args>(args)...));
}
template <class... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(Level::kError)) write(Level::kError, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace baton::log
