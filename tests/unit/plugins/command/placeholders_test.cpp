#include "command/placeholders.hpp"

#include <gtest/gtest.h>

namespace command {
namespace {

Values some() {
  Values values;
  values.cwd = "/w";
  values.task = "t{agent}";
  values.prompt = "do";
  return values;
}

TEST(Placeholders, AreFilledInOnce) { EXPECT_EQ(filled("{cwd}/{task}-{prompt}", some()), "/w/t{agent}-do"); }

TEST(Placeholders, DoubledBracesAroundAWordAreTheText) {
  EXPECT_EQ(filled("a {{task}} {{other}}", some()), "a {task} {other}");
}

TEST(Placeholders, OtherBracesMeanThemselves) {
  for (const char* text :
       {"{", "}", "{}", "{{", "}}", "${HOME}", "{ a; b; }", R"({"a":{"b":1}})", "{cwd", "{{cwd", "{Cwd}", "x{"}) {
    EXPECT_EQ(unknown_placeholder(text), std::nullopt) << text;
  }
  EXPECT_EQ(filled(R"({"a":{"b":1}} ${HOME} { x; } {{ { })", some()), R"({"a":{"b":1}} ${HOME} { x; } {{ { })");
}

TEST(Placeholders, NamesTheFirstUnknownWord) {
  EXPECT_EQ(unknown_placeholder("{cwd} {wrong} {other}"), "wrong");
  EXPECT_EQ(unknown_placeholder("{{wrong}} {task}"), std::nullopt);
}

TEST(Placeholders, MentionsOnlyWhatWouldBeFilledIn) {
  EXPECT_TRUE(mentions("-p {prompt}", "prompt"));
  EXPECT_FALSE(mentions("-p {{prompt}} prompt", "prompt"));
}

}  // namespace
}  // namespace command
