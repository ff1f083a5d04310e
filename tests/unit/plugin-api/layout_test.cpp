// How a plugin looks at the length of a table. The layout itself: abi/layout-1.0-rc.cpp.
#include <cstddef>
#include <cstdint>

#include <gtest/gtest.h>

#include "baton/host.h"

namespace {

// A shorter table of an older host is noticed by the macro that plugins test slots with.
TEST(Layout, AMemberBeyondTheSaidSizeIsAbsent) {
  baton_host host{};
  host.now = [](const baton_host*) noexcept { return std::int64_t{1}; };
  host.size = offsetof(baton_host, now);
  EXPECT_FALSE(BATON_HAS(&host, now));
  host.size = offsetof(baton_host, wall);
  EXPECT_TRUE(BATON_HAS(&host, now));
  EXPECT_FALSE(BATON_HAS(&host, wall));
}

}  // namespace
