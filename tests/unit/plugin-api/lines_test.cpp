#include "baton/cpp/lines.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace baton::plugin {
namespace {

using Found = std::vector<std::string>;

struct Reader {
  explicit Reader(std::size_t longest = 100) : lines(longest) {}
  bool feed(std::string_view bytes) {
    return lines.feed(bytes, [&](std::string_view line) {
      found.emplace_back(line);
      return line != "stop";
    });
  }
  bool finish() {
    return lines.finish([&](std::string_view line) {
      found.emplace_back(line);
      return true;
    });
  }
  Lines lines;
  Found found;
};

TEST(Lines, EveryEndOfALineIsOne) {
  Reader reader;
  EXPECT_TRUE(reader.feed("a\nb\r\nc\rd\n\n\r\n\r\re"));
  EXPECT_EQ(reader.found, (Found{"a", "b", "c", "d", "", "", "", ""}));
  EXPECT_TRUE(reader.finish());
  EXPECT_EQ(reader.found.back(), "e");
}

TEST(Lines, TheSameAtEverySplit) {
  const std::string bytes = "event: x\r\ndata: one\rdata: two\n\n: beat\r\n\r\nlast";
  Reader whole;
  whole.feed(bytes);
  whole.finish();
  for (std::size_t first = 0; first <= bytes.size(); ++first) {
    for (std::size_t second = first; second <= bytes.size(); ++second) {
      Reader reader;
      EXPECT_TRUE(reader.feed(std::string_view(bytes).substr(0, first)));
      EXPECT_TRUE(reader.feed(std::string_view(bytes).substr(first, second - first)));
      EXPECT_TRUE(reader.feed(std::string_view(bytes).substr(second)));
      EXPECT_TRUE(reader.finish());
      EXPECT_EQ(reader.found, whole.found) << first << " " << second;
    }
  }
}

TEST(Lines, NothingIsALastLineOnlyWhenSomethingWasBegun) {
  Reader reader;
  EXPECT_TRUE(reader.finish());
  EXPECT_TRUE(reader.feed("a\n"));
  EXPECT_TRUE(reader.finish());
  EXPECT_EQ(reader.found, Found{"a"});
}

TEST(Lines, ALineThatIsTooLongIsTheEnd) {
  Reader reader(4);
  EXPECT_TRUE(reader.feed("1234\n12"));
  EXPECT_TRUE(reader.feed("34"));
  EXPECT_FALSE(reader.feed("5\nnext\n"));
  EXPECT_TRUE(reader.lines.broken());
  EXPECT_FALSE(reader.feed("more\n"));
  EXPECT_FALSE(reader.finish());
  EXPECT_EQ(reader.found, Found{"1234"});
}

TEST(Lines, AReaderMayStop) {
  Reader reader;
  EXPECT_FALSE(reader.feed("a\nstop\nb\n"));
  EXPECT_FALSE(reader.feed("c\n"));
  EXPECT_EQ(reader.found, (Found{"a", "stop"}));
}

TEST(Lines, BytesAreNotLookedAt) {
  Reader reader;
  EXPECT_TRUE(reader.feed(std::string_view("a\0b\xff\n", 5)));
  EXPECT_EQ(reader.found, Found{std::string("a\0b\xff", 4)});
}

}  // namespace
}  // namespace baton::plugin
