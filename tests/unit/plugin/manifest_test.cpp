#include "plugin/manifest.hpp"

#include <gtest/gtest.h>

namespace baton::plugin {
namespace {

TEST(Manifest, SurvivesItsWayThroughJson) {
  const Manifest manifest{"a.b", "N\"", "1",   "v",   "u",   "l",   "s",   "{}",
                          1,     2,     {"o"}, {"n"}, {"w"}, {"x"}, {"*"}, {"~/f"}};
  EXPECT_EQ(from_json(to_json(manifest)).value(), manifest);
}

TEST(Manifest, ARefusalSurvivesToo) {
  const auto back = from_json(to_json(refuse(RefusalCode::kMinor, "too old")));
  ASSERT_FALSE(back);
  EXPECT_EQ(back.error().code, RefusalCode::kMinor);
  EXPECT_EQ(back.error().text, "too old");
}

TEST(Manifest, WhatIsNoAnswerIsACrash) {
  for (const char* text : {"", "hello", "[]", "{}", "{\"id\":7}"}) {
    const auto back = from_json(text);
    ASSERT_FALSE(back) << text;
    EXPECT_EQ(back.error().code, RefusalCode::kProbeCrash) << text;
  }
}

TEST(Manifest, NoEntryIsNotOurs) { EXPECT_EQ(examine(nullptr).error().code, RefusalCode::kBadMagic); }

TEST(Refusal, EachCodeHasOneWord) {
  for (int code = 0; code <= static_cast<int>(RefusalCode::kCreateFailed); ++code) {
    const auto refusal = static_cast<RefusalCode>(code);
    EXPECT_EQ(refusal_code(to_text(refusal)), refusal);
  }
  EXPECT_FALSE(refusal_code("unheard"));
}

}  // namespace
}  // namespace baton::plugin
