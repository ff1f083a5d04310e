#include "plugin/line_splitter.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace baton::plugin {
namespace {

// Lines of `text`, fed in pieces of `step` bytes; a digit in front says how it was cut.
std::vector<std::string> split(const std::string& text, std::size_t step, std::size_t max_line) {
  std::vector<std::string> lines;
  const auto keep = [&](std::string_view line, std::uint32_t cut) {
    lines.push_back(std::to_string(cut) + std::string(line));
    return true;
  };
  LineSplitter splitter(max_line);
  for (std::size_t at = 0; at < text.size(); at += step) splitter.feed(std::string_view(text).substr(at, step), keep);
  splitter.finish(keep);
  return lines;
}

TEST(LineSplitter, GivesTheSameLinesHoweverTheBytesCome) {
  const std::string text = "a\n\nbcd\nlonger than eight\nend";
  const std::vector<std::string> expected{"0a", "0", "0bcd", "1longer t", "1han eigh", "2t", "0end"};
  for (std::size_t step = 1; step <= text.size(); ++step) EXPECT_EQ(split(text, step, 8), expected) << step;
}

TEST(LineSplitter, ALineOfExactlyTheLimitIsWhole) {
  EXPECT_EQ(split("12345678\n", 3, 8), std::vector<std::string>{"012345678"});
  EXPECT_EQ(split("12345678", 8, 8), std::vector<std::string>{"012345678"});
  EXPECT_EQ(split("123456789", 9, 8), (std::vector<std::string>{"112345678", "29"}));
}

TEST(LineSplitter, NothingComesOfNothing) {
  EXPECT_TRUE(split("", 1, 8).empty());
  EXPECT_EQ(split("\n", 1, 8), std::vector<std::string>{"0"});
}

TEST(LineSplitter, StopsWhenTold) {
  int lines = 0;
  LineSplitter splitter(8);
  splitter.feed("a\nb\nc\n", [&](auto, auto) { return ++lines < 2; });
  EXPECT_EQ(lines, 2);
}

}  // namespace
}  // namespace baton::plugin
