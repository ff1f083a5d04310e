// Time comes in as an argument: whoever needs it takes a Clock, so that a test or a replay owns it.
#pragma once

#include <cstdint>
#include <string>

namespace baton {

class Clock {
 public:
  virtual ~Clock() = default;
  // Milliseconds since 1970, for what people and rows show. May step.
  virtual std::int64_t unix_ms() const = 0;
  // Nanoseconds that never step back and count suspended time (CLOCK_BOOTTIME), for deadlines.
  virtual std::int64_t monotonic_ns() const = 0;
};

// The machine's clocks. Any thread.
class SystemClock final : public Clock {
 public:
  std::int64_t unix_ms() const override;
  std::int64_t monotonic_ns() const override;
};

// 2026-01-02T03:04:05.678Z: ISO 8601 in UTC, as hand-off files carry it.
std::string iso8601(std::int64_t unix_ms);

}  // namespace baton
