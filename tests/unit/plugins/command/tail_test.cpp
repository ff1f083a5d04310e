#include "command/tail.hpp"

#include <gtest/gtest.h>

namespace command {
namespace {

Tail tail_of(std::string_view text, std::size_t max_bytes) {
  Tail tail(max_bytes);
  for (const char byte : text) tail.append(std::string_view(&byte, 1));
  return tail;
}

TEST(Tail, KeepsTheLastLines) {
  EXPECT_EQ(tail_of("a\nb\nc\n", 100).last(2), "b\nc");
  EXPECT_EQ(tail_of("a\nb\nc", 100).last(9), "a\nb\nc");
  EXPECT_EQ(tail_of("", 100).last(2), "");
  EXPECT_EQ(tail_of(" \n\n", 100).last(2), "");
}

TEST(Tail, IsBoundedInBytes) {
  EXPECT_EQ(tail_of(std::string(1000, 'x') + "end", 5).last(3), "xxend");
  Tail tail(4);
  tail.append(std::string(1000, 'y') + "last");
  EXPECT_EQ(tail.last(1), "last");
}

TEST(Tail, DoesNotBeginInsideACharacter) { EXPECT_EQ(tail_of("aäb", 2).last(1), "b"); }

}  // namespace
}  // namespace command
