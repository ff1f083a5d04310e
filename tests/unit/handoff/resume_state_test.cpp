#include "handoff/resume_state.hpp"

#include <gmock/gmock.h>

#include "handoff/init_script.hpp"
#include "handoff/scaffold.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::handoff {
namespace {

using test::TempDir;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Optional;

std::string as_json(const ResumeState& state) {
  std::string body;
  json::Writer json(body);
  to_json(json, state);
  return body;
}

void lay_scaffold(const TempDir& worktree) {
  for (const auto& file : scaffold({.id = "t1", .title = "T", .description = "", .team = "", .verify_command = ""})) {
    test::write_file(worktree / file.name, file.content);
  }
}

TEST(ResumeState, IsEmptyWithoutADirectory) {
  EXPECT_EQ(
      as_json(reconstruct_state("/nowhere/at/all")),
      R"({"hasHandoff":false,"done":[],"broken":[],"next":null,"whyBlocked":null,)"
      R"("commands":{"init":"./init.sh","verify":"","start":""},"warnings":[],"lastRuntime":null,"nativeSessionId":null})");
}

TEST(ResumeState, OfAFreshScaffoldKnowsOnlyThePlaceholders) {
  const TempDir worktree;
  lay_scaffold(worktree);
  const auto state = reconstruct_state(worktree.path());
  EXPECT_FALSE(state.has_handoff);
  EXPECT_THAT(state.done, IsEmpty());
  EXPECT_EQ(state.why_blocked, std::nullopt);
  EXPECT_EQ(state.commands.verify, placeholder_command("VERIFY_CMD"));
  EXPECT_EQ(state.commands.start, placeholder_command("START_CMD"));
  EXPECT_THAT(state.warnings, IsEmpty());
}

TEST(ResumeState, TakesTheHandoffAndFillsCommandsFromTheScript) {
  const TempDir worktree;
  lay_scaffold(worktree);
  test::write_file(worktree / "task-progress.md", "## Done\n- from the list\n");
  test::write_file(
      worktree / "AGENT_HANDOFF.json",
      R"({"handoffFrom":"a","runtime":"codex","completedSubtasks":["one"],"brokenOrUnverified":["two"],"nextBestStep":"three",)"
      R"("whyBlocked":"four","commands":{"init":"","verify":"make test"},"warnings":["five"],"nativeSessionId":"s-1"})");
  const auto state = reconstruct_state(worktree.path());
  EXPECT_TRUE(state.has_handoff);
  EXPECT_THAT(state.done, ElementsAre("one"));
  EXPECT_THAT(state.broken, ElementsAre("two"));
  EXPECT_THAT(state.next, Optional(std::string("three")));
  EXPECT_THAT(state.why_blocked, Optional(std::string("four")));
  EXPECT_EQ(state.commands, (Commands{"./init.sh", "make test", placeholder_command("START_CMD")}));
  EXPECT_THAT(state.warnings, ElementsAre("five"));
  EXPECT_THAT(state.last_runtime, Optional(std::string("codex")));
  EXPECT_THAT(state.native_session_id, Optional(std::string("s-1")));
}

TEST(ResumeState, HasNoNextStepWhenTheHandoffNamesNone) {
  const TempDir worktree;
  test::write_file(worktree / "AGENT_HANDOFF.json", R"({"handoffFrom":"a","runtime":"human","whyBlocked":null})");
  const auto state = reconstruct_state(worktree.path());
  EXPECT_TRUE(state.has_handoff);
  EXPECT_EQ(state.next, std::nullopt);
  EXPECT_EQ(state.why_blocked, std::nullopt);
  EXPECT_EQ(state.native_session_id, std::nullopt);
}

TEST(ResumeState, FallsBackToTheListsAndSaysWhy) {
  const TempDir worktree;
  lay_scaffold(worktree);
  test::write_file(worktree / "AGENT_HANDOFF.json", R"({"handoffFrom":"a"})");
  test::write_file(worktree / "task-progress.md", "## Done\n- one\n\n## Blocked\n- no access\n- no tests\n");
  const auto state = reconstruct_state(worktree.path());
  EXPECT_FALSE(state.has_handoff);
  EXPECT_THAT(state.done, ElementsAre("one"));
  EXPECT_THAT(state.why_blocked, Optional(std::string("no access; no tests")));
  EXPECT_EQ(state.last_runtime, std::nullopt);
  EXPECT_THAT(state.warnings, ElementsAre(HasSubstr("AGENT_HANDOFF.json was not used: runtime: is required")));
}

TEST(ResumeState, WarnsOfFilesThatCannotBeUsed) {
  const TempDir worktree;
  for (const auto* name : {"AGENT_HANDOFF.json", "task-progress.md", "init.sh"}) {
    std::filesystem::create_symlink("/etc/passwd", worktree / name);
  }
  const auto state = reconstruct_state(worktree.path());
  EXPECT_THAT(state.warnings,
              ElementsAre(HasSubstr("AGENT_HANDOFF.json"), HasSubstr("task-progress.md"), HasSubstr("init.sh")));
  EXPECT_THAT(state.done, IsEmpty());
}

}  // namespace
}  // namespace baton::handoff
