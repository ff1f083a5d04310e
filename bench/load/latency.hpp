// Durations, counted in buckets that grow with what they hold: bounded memory, and each answer within 1 % of the truth.
//
// Below 128 ns each nanosecond has its bucket; above, each power of two is cut into 128 (as HdrHistogram does).
#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace baton::load {

class Latency {
 public:
  using Duration = std::chrono::nanoseconds;

  Latency() : counts_(bucket_of(~std::uint64_t{0}) + 1) {}

  void add(Duration duration) {
    const auto value = static_cast<std::uint64_t>(std::max<Duration::rep>(duration.count(), 0));
    ++counts_[bucket_of(value)];
    ++total_;
    max_ = std::max(max_, value);
  }

  std::uint64_t count() const { return total_; }
  Duration max() const { return Duration(static_cast<Duration::rep>(max_)); }

  // The smallest duration that at least `share` (0 to 1) of all do not exceed, rounded up to its bucket's end. Zero
  // when there are none.
  Duration percentile(double share) const {
    const auto wanted =
        std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(total_))));
    std::uint64_t seen = 0;
    for (std::size_t bucket = 0; bucket < counts_.size() && total_ > 0; ++bucket) {
      seen += counts_[bucket];
      if (seen >= wanted) return Duration(static_cast<Duration::rep>(std::min(last_of(bucket), max_)));
    }
    return max();
  }

 private:
  static constexpr unsigned kBits = 7;
  static constexpr std::uint64_t kPerPower = std::uint64_t{1} << kBits;

  static std::size_t bucket_of(std::uint64_t value) {
    if (value < kPerPower) return value;
    const auto shift =
        static_cast<unsigned>(std::bit_width(value)) - kBits - 1;  // leaves kBits + 1 bits, the first of which is set
    return shift * kPerPower + (value >> shift);
  }
  // The largest value that falls into `bucket`.
  static std::uint64_t last_of(std::size_t bucket) {
    if (bucket < 2 * kPerPower) return bucket;
    const auto shift = bucket / kPerPower - 1;
    return ((bucket % kPerPower + kPerPower + 1) << shift) - 1;
  }

  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace baton::load
