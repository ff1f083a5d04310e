#include "handoff/handoff.hpp"

#include <gmock/gmock.h>

#include "base/limits.hpp"
#include "tests/support/row_name.hpp"

namespace baton::handoff {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr std::string_view kNow = "2026-01-02T03:04:05.678Z";

constexpr std::string_view kFull = R"({
  "handoffFrom": "alice",
  "runtime": "codex",
  "timestamp": "yesterday",
  "completedSubtasks": [
    "one"
  ],
  "brokenOrUnverified": [
    "two"
  ],
  "nextBestStep": "three",
  "whyBlocked": "four",
  "commands": {
    "init": "./init.sh",
    "verify": "make test",
    "start": ""
  },
  "evidence": {
    "testResults": "ok",
    "lintResults": null
  },
  "warnings": [
    "five"
  ],
  "nativeSessionId": "session-1",
  "roomCursor": {
    "roomId": "team:x",
    "lastSeenSeq": 3
  }
}
)";

constexpr std::string_view kLeast = R"({
  "handoffFrom": "a",
  "runtime": "human",
  "timestamp": "2026-01-02T03:04:05.678Z",
  "completedSubtasks": [],
  "brokenOrUnverified": [],
  "nextBestStep": "",
  "commands": {
    "init": "./init.sh",
    "verify": "",
    "start": ""
  },
  "evidence": {},
  "warnings": []
}
)";

Handoff parsed(std::string_view text) {
  auto handoff = parse_handoff(text, kNow);
  EXPECT_TRUE(handoff.has_value()) << (handoff ? "" : describe(handoff.error()));
  return handoff.value_or(Handoff{});
}

InvalidBody refused(std::string_view text) {
  const auto handoff = parse_handoff(text, kNow);
  EXPECT_FALSE(handoff.has_value()) << text;
  return handoff ? InvalidBody{} : handoff.error();
}

TEST(Handoff, ComesBackAsItWasWritten) { EXPECT_EQ(render_handoff(parsed(kFull)), kFull); }

TEST(Handoff, FillsInWhatIsMissing) {
  EXPECT_EQ(render_handoff(parsed(R"({"handoffFrom":"a","runtime":"human"})")), kLeast);
}

TEST(Handoff, KeepsNullApartFromAbsent) {
  const auto handoff = parsed(
      R"({"handoffFrom":"a","runtime":"b","whyBlocked":null,"nativeSessionId":null,"roomCursor":null,"evidence":{"testResults":null}})");
  EXPECT_TRUE(handoff.why_blocked.given());
  EXPECT_FALSE(handoff.lint_results.given());
  const auto text = render_handoff(handoff);
  EXPECT_THAT(text, HasSubstr("\"whyBlocked\": null"));
  EXPECT_THAT(text, HasSubstr("\"nativeSessionId\": null"));
  EXPECT_THAT(text, HasSubstr("\"roomCursor\": null"));
  EXPECT_THAT(text, HasSubstr("\"testResults\": null"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("lintResults")));
  EXPECT_EQ(parsed(text), handoff);
}

TEST(Handoff, DropsUnknownKeysAndTakesTheLastOfRepeatedOnes) {
  const auto handoff = parsed(R"({"extra":{"deep":[1]},"runtime":"x","handoffFrom":"a","runtime":"y"})");
  EXPECT_EQ(handoff.runtime, "y");
  EXPECT_THAT(render_handoff(handoff), ::testing::Not(HasSubstr("extra")));
}

TEST(Handoff, TakesTheGivenTimeForOneThatSaysNothing) {
  for (const auto* nothing : {"null", "\"\"", "0", "0.0", "false"}) {
    const auto text = std::string(R"({"handoffFrom":"a","runtime":"b","timestamp":)") + nothing + "}";
    EXPECT_EQ(parsed(text).timestamp, kNow) << nothing;
  }
}

Handoff parsed_file(std::string_view content) {
  auto handoff = parse_handoff_file(content, kNow);
  EXPECT_TRUE(handoff.has_value()) << (handoff ? "" : describe(handoff.error()));
  return handoff.value_or(Handoff{});
}

TEST(HandoffFile, IsRepaired) {
  EXPECT_EQ(parsed_file("\xEF\xBB\xBF{\"handoffFrom\":\"M\xFCller\",\"runtime\":\"b\"}").handoff_from,
            "M\xEF\xBF\xBDller");
  const auto handoff = parsed_file(
      R"({"handoffFrom":"\u0000a\u0000\\u0000\\\u0000","runtime":"b","warnings":["x\u0000"],"commands":{"verify":"\u0000"}})");
  EXPECT_EQ(handoff.handoff_from, "\uFFFDa\uFFFD\\u0000\\\uFFFD");
  EXPECT_THAT(handoff.warnings, ElementsAre("x\uFFFD"));
  EXPECT_EQ(handoff.commands.verify, "\uFFFD");
}

TEST(HandoffFile, IsReadAsABodyIsOtherwise) {
  EXPECT_EQ(parsed_file(kFull), parsed(kFull));
  for (const auto* content : {"", "{", R"({"handoffFrom":"a"})", R"({"handoffFrom":"a","runtime":"b","warnings":1})"}) {
    const auto file = parse_handoff_file(content, kNow);
    ASSERT_FALSE(file) << content;
    EXPECT_EQ(describe(file.error()), describe(refused(content)));
  }
}

TEST(Handoff, RefusesABodyThatAFileWouldBeRepairedFor) {
  for (const auto* text :
       {"\xEF\xBB\xBF{\"handoffFrom\":\"a\",\"runtime\":\"b\"}", "{\"handoffFrom\":\"M\xFCller\",\"runtime\":\"b\"}"}) {
    EXPECT_THAT(refused(text).form_errors, ElementsAre(HasSubstr("not JSON"))) << text;
  }
  EXPECT_THAT(refused(R"({"handoffFrom":"a\u0000","runtime":"b"})").field_errors,
              ElementsAre(Pair("handoffFrom", HasSubstr("NUL"))));
}

TEST(Handoff, AcceptsAWholeNumberWrittenAsAFraction) {
  const auto cursor =
      parsed(R"({"handoffFrom":"a","runtime":"b","roomCursor":{"roomId":"","lastSeenSeq":3.0}})").room_cursor;
  ASSERT_TRUE(cursor.value());
  EXPECT_EQ(cursor.value()->last_seen_seq, 3);
}

TEST(Handoff, RefusesWhatIsNoObject) {
  for (const auto* text : {"{", "nonsense", "[]", "\"text\"", "3", "null", "{}x", "\x01"}) {
    EXPECT_THAT(refused(text).form_errors, ::testing::SizeIs(1)) << text;
  }
}

TEST(Handoff, AsksForItsTwoRequiredFields) {
  for (const auto* text : {"", "  \n", "{}"}) {
    EXPECT_THAT(refused(text).field_errors,
                ElementsAre(Pair("handoffFrom", "is required"), Pair("runtime", "is required")))
        << text;
  }
}

struct Malformed {
  std::string_view fields;
  std::string_view field;
  std::string_view message;
};

void PrintTo(const Malformed& row, std::ostream* out) { *out << test::row_name(row.fields); }

class MalformedHandoffs : public ::testing::TestWithParam<Malformed> {};

TEST_P(MalformedHandoffs, AreRefusedWithTheFieldThatIsWrong) {
  const auto text = R"({"handoffFrom":"a","runtime":"b",)" + std::string(GetParam().fields) + "}";
  EXPECT_THAT(refused(text).field_errors,
              ElementsAre(Pair(GetParam().field, HasSubstr(std::string(GetParam().message)))))
      << text;
}

INSTANTIATE_TEST_SUITE_P(
    Table, MalformedHandoffs,
    ::testing::Values(
        Malformed{R"("handoffFrom":"")", "handoffFrom", "at least 1"},
        Malformed{R"("runtime":7)", "runtime", "must be text, is number"},
        Malformed{R"("runtime":null)", "runtime", "is null"},
        Malformed{R"("timestamp":5)", "timestamp", "must be text"},
        Malformed{R"("timestamp":true)", "timestamp", "must be text"},
        Malformed{R"("timestamp":{})", "timestamp", "must be text"},
        Malformed{R"("completedSubtasks":"no")", "completedSubtasks", "must be an array of texts, is text"},
        Malformed{R"("completedSubtasks":null)", "completedSubtasks", "is null"},
        Malformed{R"("completedSubtasks":["a",1])", "completedSubtasks", "[1] must be text"},
        Malformed{R"("brokenOrUnverified":{})", "brokenOrUnverified", "array of texts"},
        Malformed{R"("warnings":[null])", "warnings", "[0] must be text"},
        Malformed{R"("nextBestStep":null)", "nextBestStep", "is null"},
        Malformed{R"("whyBlocked":[])", "whyBlocked", "text or null"},
        Malformed{R"("nativeSessionId":1)", "nativeSessionId", "text or null"},
        Malformed{R"("commands":null)", "commands", "must be an object, is null"},
        Malformed{R"("commands":[])", "commands", "an object"},
        Malformed{R"("commands":{"verify":1})", "commands", "verify must be text"},
        Malformed{R"("commands":{"init":null})", "commands", "init must be text"},
        Malformed{R"("evidence":null)", "evidence", "an object"},
        Malformed{R"("evidence":{"testResults":[]})", "evidence", "testResults must be text or null"},
        Malformed{R"("roomCursor":"r")", "roomCursor", "an object"},
        Malformed{R"("roomCursor":{"lastSeenSeq":1})", "roomCursor", "roomId is required"},
        Malformed{R"("roomCursor":{"roomId":"r"})", "roomCursor", "lastSeenSeq is required"},
        Malformed{R"("roomCursor":{"roomId":"r","lastSeenSeq":-1})", "roomCursor", "at least 0"},
        Malformed{R"("roomCursor":{"roomId":"r","lastSeenSeq":1.5})", "roomCursor", "whole number"},
        Malformed{R"("roomCursor":{"roomId":"r","lastSeenSeq":"1"})", "roomCursor", "whole number"},
        Malformed{R"("roomCursor":{"roomId":"r","lastSeenSeq":18446744073709551615})", "roomCursor",
                  "lastSeenSeq is too large"},
        Malformed{R"("roomCursor":{"roomId":"r","lastSeenSeq":-1e300})", "roomCursor", "too large"},
        Malformed{R"("roomCursor":{"roomId":"r","lastSeenSeq":9007199254740992})", "roomCursor", "at most"},
        Malformed{R"("roomCursor":{"roomId":"r","lastSeenSeq":1e400})", "roomCursor", "too large"},
        Malformed{R"("nextBestStep":"\u0000")", "nextBestStep", "NUL"},
        Malformed{R"("evidence":{"testResults":"\u0000"})", "evidence", "testResults must not hold"}));

TEST(Handoff, ListsAllProblemsAtOnce) {
  EXPECT_EQ(describe(refused(R"({"handoffFrom":"","warnings":1})")),
            "handoffFrom: must have at least 1 character(s); runtime: is required; warnings: must be an array of "
            "texts, is number");
}

// Whatever a truncated or damaged file holds, the parser answers.
TEST(Handoff, SurvivesEveryTruncationAndEveryChangedByte) {
  for (std::size_t length = 0; length + 3 < kFull.size(); ++length) {
    EXPECT_FALSE(parse_handoff(kFull.substr(0, length), kNow)) << length;
  }
  for (std::size_t at = 0; at < kFull.size(); ++at) {
    for (const char c : {'\0', '"', '{', ']', '\\', '\xFF', '9'}) {
      std::string damaged(kFull);
      damaged[at] = c;
      const auto handoff = parse_handoff(damaged, kNow);
      if (handoff) {
        EXPECT_EQ(parsed(render_handoff(*handoff)), *handoff);
      } else {
        EXPECT_FALSE(describe(handoff.error()).empty());
      }
    }
  }
}

TEST(Handoff, SurvivesDeepNesting) {
  const std::string deep(100'000, '[');
  EXPECT_FALSE(parse_handoff(deep, kNow));
  EXPECT_FALSE(parse_handoff(R"({"handoffFrom":"a","runtime":"b","x":)" + deep, kNow));
}

TEST(Handoff, IsOneValueOfAnAnswer) {
  std::string body;
  json::Writer json(body);
  json.object().key("handoff");
  to_json(json, parsed(R"({"handoffFrom":"a \"quoted\"","runtime":"human"})"));
  json.end();
  EXPECT_EQ(
      body,
      R"({"handoff":{"handoffFrom":"a \"quoted\"","runtime":"human","timestamp":"2026-01-02T03:04:05.678Z",)"
      R"("completedSubtasks":[],"brokenOrUnverified":[],"nextBestStep":"","commands":{"init":"./init.sh","verify":"",)"
      R"("start":""},"evidence":{},"warnings":[]}})");
}

TEST(Handoff, IsWrittenAsUtf8WhateverItHolds) {
  Handoff handoff = parsed(kFull);
  handoff.next_best_step = "bin\xFF\xFE";
  EXPECT_EQ(parsed(render_handoff(handoff)).next_best_step, "bin\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace baton::handoff
