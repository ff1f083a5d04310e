#include "plugin/handle_table.hpp"

#include <random>

namespace baton::plugin {

std::uint32_t fresh_generation() {
  static std::mt19937 numbers{std::random_device{}()};  // reactor thread only
  return static_cast<std::uint32_t>(numbers() >> 1) + 1;
}

}  // namespace baton::plugin
