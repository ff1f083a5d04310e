#include "plugin_check/guarded_memory.hpp"

#include <cstddef>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace baton::plugin_check {
namespace {

TEST(GuardedMemory, HoldsACopy) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{4095}, std::size_t{4096}, std::size_t{10'000}}) {
    const std::string bytes(size, 'x');
    const GuardedMemory place(bytes);
    EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(place.data()), size), bytes);
  }
}

TEST(GuardedMemoryDeathTest, EndsWhoReadsFurther) {
  const GuardedMemory place("abc");
  const volatile std::byte* next = place.data() + 3;
  EXPECT_DEATH((void)*next, "");
}

}  // namespace
}  // namespace baton::plugin_check
