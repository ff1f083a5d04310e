#include "verify/resolve.hpp"

#include <gmock/gmock.h>

namespace baton::verify {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

Sources all_sources() {
  return {.repository_file = "[gate]\nverify = \"from the file\"\n",
          .base_command = "from the script",
          .worktree_command = "from the worktree"};
}

Settings trusting() {
  Settings settings;
  settings.trust_worktree = true;
  return settings;
}

TEST(ResolveCommand, AsksTheSourcesInOrder) {
  auto settings = trusting();
  settings.command = "from the operator";
  auto sources = all_sources();
  const auto expect = [&](Origin origin, const char* command) {
    const auto found = resolve_command(settings, sources);
    EXPECT_EQ(found.origin, origin) << to_text(found.origin);
    EXPECT_EQ(found.command, command);
    EXPECT_THAT(found.problem, IsEmpty());
  };
  expect(Origin::kConfiguration, "from the operator");
  settings.command = "";
  expect(Origin::kRepository, "from the file");
  sources.repository_file = "[gate]\n";
  expect(Origin::kBaseScript, "from the script");
  sources.base_command.reset();
  expect(Origin::kWorktree, "from the worktree");
  sources.worktree_command.reset();
  expect(Origin::kNone, "");
}

TEST(ResolveCommand, DoesNotAskTheJudgedUnlessItIsTrusted) {
  EXPECT_EQ(resolve_command({}, {.worktree_command = "true"}).origin, Origin::kNone);
  EXPECT_EQ(resolve_command(trusting(), {.worktree_command = "true"}).origin, Origin::kWorktree);
}

TEST(ResolveCommand, TakesBlanksForNothing) {
  auto settings = trusting();
  settings.command = " \n";
  EXPECT_EQ(resolve_command(settings, {.base_command = "", .worktree_command = "\t"}).origin, Origin::kNone);
}

TEST(ResolveCommand, StopsAtAFileThatCannotBeUsed) {
  auto sources = all_sources();
  sources.repository_file = "[gate\n";
  const auto found = resolve_command(trusting(), sources);
  EXPECT_EQ(found.origin, Origin::kNone);
  EXPECT_THAT(found.command, IsEmpty());
  EXPECT_THAT(found.problem, HasSubstr(".baton.toml of the base commit: line 1"));
}

}  // namespace
}  // namespace baton::verify
