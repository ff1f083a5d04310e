// Chance that can be repeated: the same seed gives the same choices on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace baton::plugin_check {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : seeded_(seed != 0), source_(seed) {}

  // Seed 0 means: no chance at all, everything in order and whole.
  bool is_on() const { return seeded_; }
  // 0 to `count` - 1; `count` is at least 1. The standard's distributions differ between libraries, hence the modulo.
  std::size_t below(std::size_t count) { return static_cast<std::size_t>(source_() % count); }

 private:
  bool seeded_;
  std::mt19937_64 source_;
};

}  // namespace baton::plugin_check
