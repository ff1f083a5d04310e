#include "tools/head_and_tail.hpp"

#include <string>

#include <gtest/gtest.h>

namespace baton::tools {
namespace {

TEST(HeadAndTail, KeepsAllOfWhatFits) {
  HeadAndTail kept(10);
  EXPECT_EQ(kept.text(), "");
  kept.add("01234");
  kept.add("");
  kept.add("56789");
  EXPECT_EQ(kept.text(), "0123456789");
}

TEST(HeadAndTail, KeepsTheEndsOfWhatDoesNotHoweverItComes) {
  for (const std::size_t piece : {1u, 3u, 7u, 1000u}) {
    std::string all;
    for (int number = 0; number < 500; ++number) all += static_cast<char>('a' + number % 26);
    HeadAndTail kept(20);
    for (std::size_t at = 0; at < all.size(); at += piece) kept.add(std::string_view(all).substr(at, piece));
    EXPECT_EQ(kept.text(), all.substr(0, 10) + "\n[... 480 bytes are left out ...]\n" + all.substr(490)) << piece;
  }
}

}  // namespace
}  // namespace baton::tools
