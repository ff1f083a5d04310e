#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

#include "base/bug.hpp"

namespace baton::log {
namespace {

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::kDebug: return spdlog::level::debug;
    case Level::kInfo: return spdlog::level::info;
    case Level::kWarn: return spdlog::level::warn;
    case Level::kError: return spdlog::level::err;
  }
  bug("log level out of range");
}

// What syslog(3) calls the same level.
std::string_view journal_prefix(Level level) {
  switch (level) {
    case Level::kDebug: return "<7>";
    case Level::kInfo: return "<6>";
    case Level::kWarn: return "<4>";
    case Level::kError: return "<3>";
  }
  bug("log level out of range");
}

// One message is one line. Otherwise a line break in somebody's text begins a line of its own, with a priority of its
// choice.
std::string on_one_line(std::string_view message) {
  std::string line(message);
  for (char& c : line) {
    const bool control = (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F;
    if (control) c = ' ';
  }
  return line;
}

constexpr auto kTerminalPattern = "%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v";

struct Sink {
  std::shared_ptr<spdlog::logger> logger;
  Style style = Style::kTerminal;
};

Sink& sink() {
  static Sink the_sink = [] {
    auto logger = std::make_shared<spdlog::logger>("baton", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    logger->set_pattern(kTerminalPattern);
    return Sink{std::move(logger), Style::kTerminal};
  }();
  return the_sink;
}

}  // namespace

void set_up(Level least, Style style) {
  Sink& out = sink();
  out.style = style;
  out.logger->set_level(to_spdlog(least));
  out.logger->set_pattern(style == Style::kJournal ? "%v" : kTerminalPattern);
}

bool enabled(Level level) { return sink().logger->should_log(to_spdlog(level)); }

void write(Level level, std::string_view message) {
  const std::string line = on_one_line(message);
  Sink& out = sink();
  if (out.style == Style::kJournal) {
    out.logger->log(to_spdlog(level), "{}{}", journal_prefix(level), line);
  } else {
    out.logger->log(to_spdlog(level), "{}", line);
  }
}

}  // namespace baton::log
