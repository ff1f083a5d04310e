#include "http/sse.hpp"

#include <gtest/gtest.h>

namespace baton::http::sse {
namespace {

std::string frame(const Event& event) {
  std::string out;
  append(out, event);
  return out;
}

TEST(Sse, WritesAFrame) {
  EXPECT_EQ(frame({.id = "7", .event = "task", .data = "{}"}), "id: 7\nevent: task\ndata: {}\n\n");
  EXPECT_EQ(frame({.data = "x"}), "data: x\n\n");
}

TEST(Sse, SplitsDataAtEveryKindOfLineBreak) {
  EXPECT_EQ(frame({.data = "a\nb\r\nc\rd"}), "data: a\ndata: b\ndata: c\ndata: d\n\n");
  EXPECT_EQ(frame({.data = ""}), "data: \n\n");
  EXPECT_EQ(frame({.data = "a\n"}), "data: a\ndata: \n\n");
}

TEST(Sse, CannotBeSplitByAnIdOrAName) {
  const std::string_view id("1\n\rdata: \0x", 11);
  EXPECT_EQ(frame({.id = id, .event = "a\nb", .data = "c"}), "id: 1data: x\nevent: ab\ndata: c\n\n");
}

TEST(Sse, WritesAComment) {
  std::string out;
  append_comment(out, "still here\n");
  EXPECT_EQ(out, ": still here\n\n");
}

}  // namespace
}  // namespace baton::http::sse
