#include "base/clock.hpp"

#include <time.h>

#include <fmt/format.h>

namespace baton {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;

std::int64_t read_clock_ns(clockid_t id) {
  timespec now{};
  ::clock_gettime(id, &now);
  return static_cast<std::int64_t>(now.tv_sec) * kNsPerSecond + now.tv_nsec;
}

}  // namespace

std::int64_t SystemClock::unix_ms() const { return read_clock_ns(CLOCK_REALTIME) / 1'000'000; }

std::int64_t SystemClock::monotonic_ns() const { return read_clock_ns(CLOCK_BOOTTIME); }

std::string iso8601(std::int64_t unix_ms) {
  const std::int64_t milliseconds = (unix_ms % 1000 + 1000) % 1000;  // also before 1970
  const auto seconds = static_cast<time_t>((unix_ms - milliseconds) / 1000);
  tm utc{};
  ::gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                     utc.tm_hour, utc.tm_min, utc.tm_sec, milliseconds);
}

}  // namespace baton
