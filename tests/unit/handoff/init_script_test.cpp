#include "handoff/init_script.hpp"

#include <gmock/gmock.h>

#include "tests/support/row_name.hpp"

namespace baton::handoff {
namespace {

using ::testing::Eq;
using ::testing::Optional;

struct Assignment {
  std::string_view line;
  std::optional<std::string> command;
};

void PrintTo(const Assignment& row, std::ostream* out) { *out << test::row_name(row.line); }

class VerifyCommands : public ::testing::TestWithParam<Assignment> {};

TEST_P(VerifyCommands, AreReadAsTheShellWould) {
  const std::string script = "#!/bin/sh\n" + std::string(GetParam().line) + "\necho hello\n";
  EXPECT_EQ(parse_verify_cmd(script), GetParam().command) << GetParam().line;
}

INSTANTIATE_TEST_SUITE_P(
    Rules, VerifyCommands,
    ::testing::Values(Assignment{"VERIFY_CMD='make test'", "make test"},
                      Assignment{"VERIFY_CMD=\"make test\"", "make test"},
                      Assignment{"export VERIFY_CMD='make test'", "make test"},
                      Assignment{"export  \tVERIFY_CMD='make test'", "make test"},
                      Assignment{"VERIFY_CMD='make test'\r", "make test"}, Assignment{"VERIFY_CMD=make", "make"},
                      Assignment{"VERIFY_CMD=./test.sh  # quick", "./test.sh"}, Assignment{"VERIFY_CMD='a' ; x=1", "a"},
                      Assignment{"VERIFY_CMD='it'\\''s'", "it's"},
                      Assignment{R"(VERIFY_CMD="say \"hi\" \$HOME")", "say \"hi\" $HOME"},
                      Assignment{"VERIFY_CMD='one'\" two\"", "one two"}, Assignment{"VERIFY_CMD=a\\ b", "a b"},
                      Assignment{"VERIFY_CMD=make test", std::nullopt}, Assignment{"VERIFY_CMD=$(cat f)", std::nullopt},
                      Assignment{"VERIFY_CMD='never ends", std::nullopt},
                      Assignment{"VERIFY_CMD=\"never ends", std::nullopt}, Assignment{"VERIFY_CMD=''", std::nullopt},
                      Assignment{"VERIFY_CMD='  '", std::nullopt}, Assignment{"VERIFY_CMD=", std::nullopt},
                      Assignment{" VERIFY_CMD='indented'", std::nullopt},
                      Assignment{"# VERIFY_CMD='comment'", std::nullopt}, Assignment{"MY_VERIFY_CMD='x'", std::nullopt},
                      Assignment{"exportVERIFY_CMD='x'", std::nullopt}, Assignment{"VERIFY_CMDS='x'", std::nullopt},
                      Assignment{"export", std::nullopt},
                      Assignment{"VERIFY_CMD='echo \"[init] configure VERIFY_CMD in init.sh\"'", std::nullopt}));

TEST(InitCommand, PrefersARealOneToAPlaceholder) {
  EXPECT_THAT(parse_init_command("VERIFY_CMD='echo \"configure VERIFY_CMD\"'\nVERIFY_CMD='make'\nVERIFY_CMD='late'\n",
                                 "VERIFY_CMD"),
              Optional(Eq("make")));
}

TEST(InitCommand, GivesThePlaceholderWhenThereIsNothingElse) {
  const auto command = parse_init_command("START_CMD='echo \"[init] configure START_CMD in init.sh\"'\n", "START_CMD");
  EXPECT_THAT(command, Optional(placeholder_command("START_CMD")));
}

TEST(InitCommand, IsUnsetInAnEmptyScript) { EXPECT_EQ(parse_init_command("", "START_CMD"), std::nullopt); }

TEST(VerifyLine, IsTakenBetweenTheOuterBackticks) {
  EXPECT_THAT(parse_verify_line("## Commands\n\n- Verify: `make test`\n"), Optional(Eq("make test")));
  EXPECT_THAT(parse_verify_line("- Verify: `echo `date``\n"), Optional(Eq("echo `date`")));
}

TEST(VerifyLine, IsUnsetOtherwise) {
  EXPECT_EQ(parse_verify_line("- Verify: make test\n"), std::nullopt);
  EXPECT_EQ(parse_verify_line("- Verify: `never ends\n"), std::nullopt);
  EXPECT_EQ(parse_verify_line("- Verify: ``\n"), std::nullopt);
  EXPECT_EQ(parse_verify_line("- Verify: `echo \"[init] configure VERIFY_CMD in init.sh\"`\n"), std::nullopt);
  EXPECT_EQ(parse_verify_line(""), std::nullopt);
}

}  // namespace
}  // namespace baton::handoff
