#include "command/config.hpp"

#include <string>

#include <gtest/gtest.h>

#include "baton/cpp/status.hpp"

namespace command {
namespace {

std::string refusal_of(std::string_view json) {
  try {
    parse_config(json);
  } catch (const baton::plugin::Failure& failure) {
    EXPECT_EQ(failure.code(), BATON_E_INVALID);
    return failure.what();
  }
  return "";
}

TEST(Config, NeedsOnlyAProgram) {
  const Config config = parse_config(R"({"argv":["sh"]})");
  EXPECT_EQ(config.argv, std::vector<std::string>{"sh"});
  EXPECT_EQ(config.prompt, Prompt::kStdin);
  EXPECT_EQ(config.events, Events::kNone);
  EXPECT_TRUE(config.worktree);
  EXPECT_EQ(config.timeout_s, 0);
}

TEST(Config, ReadsEverything) {
  const Config config = parse_config(
      R"({"argv":["a","{prompt}"],"env":{"K":"{task}"},"prompt":"argument","events":"jsonl","name":"N","version":"1",
          "timeout_s":5,"max_runs":2,"worktree":false})");
  ASSERT_EQ(config.env.size(), 1u);
  EXPECT_EQ(config.env[0].second, "{task}");
  EXPECT_EQ(config.prompt, Prompt::kArgument);
  EXPECT_EQ(config.events, Events::kJsonLines);
  EXPECT_EQ(config.name + config.version, "N1");
  EXPECT_EQ(config.timeout_s, 5);
  EXPECT_EQ(config.max_runs, 2);
  EXPECT_FALSE(config.worktree);
}

TEST(Config, ARefusalNamesTheField) {
  EXPECT_EQ(refusal_of("[]"), "config: must be a JSON object");
  EXPECT_EQ(refusal_of("{}"), "argv: is required");
  EXPECT_EQ(refusal_of(R"({"argv":"sh"})"), "argv: must be an array of texts");
  EXPECT_EQ(refusal_of(R"({"argv":[]})"), "argv: must name a program");
  EXPECT_EQ(refusal_of(R"({"argv":["sh",1]})"), "argv[1]: must be text");
  EXPECT_EQ(refusal_of(R"({"argv":["sh","a\u0000b"]})"), "argv[1]: must not contain a zero byte");
  EXPECT_EQ(refusal_of(R"({"argv":["sh","{nope}"]})"),
            "argv[1]: unknown placeholder {nope}; write {{nope}} for the text itself");
  EXPECT_EQ(refusal_of(R"({"argv":["sh","{prompt}"]})"),
            "argv[1]: {prompt} needs \"prompt\": \"argument\" and stands in argv");
  EXPECT_EQ(refusal_of(R"({"argv":["sh"],"env":{"A=B":"x"}})"), "env.A=B: is no name for a variable");
  EXPECT_EQ(refusal_of(R"({"argv":["sh"],"env":{"A":1}})"), "env.A: must be text");
  EXPECT_EQ(refusal_of(R"({"argv":["sh"],"prompt":"mail"})"), "prompt: must be \"stdin\" or \"argument\"");
  EXPECT_EQ(refusal_of(R"({"argv":["sh"],"timeout_s":-1})"), "timeout_s: must be a whole number from 0 to 604800");
  EXPECT_EQ(refusal_of(R"({"argv":["sh"],"worktree":1})"), "worktree: must be true or false");
}

}  // namespace
}  // namespace command
