#include "tools/worktree_tools.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <csignal>

#include <gmock/gmock.h>

#include "base/json_reader.hpp"
#include "process/keeper.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::tools {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class WorktreeToolsTest : public ::testing::Test {
 protected:
  WorktreeToolsTest() {
    scope.runtime = "native";
    scope.attempt = "1";
    scope.cwd = directory.path();
  }
  std::unique_ptr<plugin::ToolCall> begin(const std::string& name, const std::string& arguments) {
    result.reset();
    return tools.call(scope, name, arguments, [this](plugin::ToolResult given) {
      EXPECT_FALSE(result) << "a second result";
      result = std::move(given);
    });
  }
  plugin::ToolResult run(const std::string& name, const std::string& arguments) {
    const auto call = begin(name, arguments);
    EXPECT_FALSE(result) << "inside call";
    EXPECT_TRUE(test::run_until(loop, [&] { return result.has_value(); }));
    return result.value_or(plugin::ToolResult{});
  }
  static std::string shell(const std::string& command) { return R"({"command":")" + command + "\"}"; }
  bool is_there(const std::string& name) { return std::filesystem::exists(directory / name); }

  test::TempDir directory;
  reactor::Loop loop;
  WorktreeTools tools{loop, nullptr};
  plugin::ToolScope scope;
  std::optional<plugin::ToolResult> result;
};

TEST_F(WorktreeToolsTest, TheListIsInOrderAndWithoutWhatIsBlocked) {
  const auto names = [&] {
    std::string all;
    const auto list = json::Document::parse(tools.list(scope));
    for (const auto tool : list->root().get_array()) {
      all += std::string(json::text(tool, "name").value()) + " ";
      EXPECT_TRUE(json::text(tool, "description"));
      EXPECT_EQ(json::text(json::member(tool, "inputSchema").value(), "type"), "object");
    }
    return all;
  };
  EXPECT_EQ(names(), "edit_file list_files read_file run_command write_file ");
  scope.blocked = {"run_command", "edit_file", "unknown"};
  EXPECT_EQ(names(), "list_files read_file write_file ");
}

TEST_F(WorktreeToolsTest, FilesAreTheRunsOwn) {
  EXPECT_TRUE(run("write_file", R"({"path":"a","content":"hello"})").ok);
  EXPECT_EQ(run("read_file", R"({"path":"a"})").text, "hello");
  EXPECT_TRUE(run("edit_file", R"({"path":"a","old_text":"h","new_text":"j"})").ok);
  EXPECT_EQ(run("list_files", "{}").text, "a\n");
  EXPECT_FALSE(run("read_file", R"({"path":"/etc/hostname"})").ok);
}

TEST_F(WorktreeToolsTest, WhatCannotBeDoneIsAResult) {
  EXPECT_EQ(run("fly", "{}").text, "There is no tool fly.");
  scope.blocked = {"read_file"};
  EXPECT_EQ(run("read_file", R"({"path":"a"})").text, "This agent may not use this tool.");
  EXPECT_EQ(run("run_command", "{}").text, "The argument command (a text) is missing.");
  EXPECT_EQ(run("run_command", R"({"command":""})").text, "The argument command (a text) is missing.");
  EXPECT_FALSE(run("run_command", shell(std::string(200'000, 'x'))).ok) << "longer than an argument may be";
  scope.cwd = directory / "gone";
  EXPECT_FALSE(run("list_files", "{}").ok);
  EXPECT_THAT(run("run_command", shell("true")).text, StartsWith("The command cannot be started: "));
}

TEST_F(WorktreeToolsTest, ACommandRunsInTheDirectoryWithBothStreamsInOrder) {
  const auto done = run("run_command", shell("pwd; echo err >&2; echo out; cat"));
  EXPECT_TRUE(done.ok);
  EXPECT_EQ(done.text, directory.path().native() + "\nerr\nout\n");
}

TEST_F(WorktreeToolsTest, ACommandThatFailsSaysHow) {
  const auto failed = run("run_command", shell("printf partly; exit 3"));
  EXPECT_FALSE(failed.ok);
  EXPECT_EQ(failed.text, "partly\n[exit status 3]\n");
  EXPECT_THAT(run("run_command", shell("kill -9 $$")).text, HasSubstr("[ended by signal 9]"));
}

TEST_F(WorktreeToolsTest, ACommandHasATimeLimit) {
  const auto late = run("run_command", R"({"command":"echo begun; exec sleep 600","timeout_s":1})");
  EXPECT_FALSE(late.ok);
  EXPECT_EQ(late.text, "begun\n[ended because it took longer than 1 s]\n");
}

TEST_F(WorktreeToolsTest, OfALongOutputTheEndsAreKept) {
  const auto flood = run("run_command", shell("echo first; head -c 5000000 /dev/zero | tr '\\\\0' x; echo; echo last"));
  EXPECT_TRUE(flood.ok);
  EXPECT_LE(flood.text.size(), plugin::kToolText);
  EXPECT_THAT(flood.text, StartsWith("first\nxxx"));
  EXPECT_TRUE(flood.text.ends_with("\nlast\n"));
  EXPECT_THAT(flood.text, HasSubstr("bytes are left out"));
}

// The daemon's own variables name its secrets.
TEST_F(WorktreeToolsTest, ACommandDoesNotSeeTheDaemonsEnvironment) {
  ::setenv("BATON_TEST_TOKEN", "do-not-tell", 1);
  EXPECT_EQ(run("run_command", shell("echo \\\"<$BATON_TEST_TOKEN>\\\"")).text, "<>\n");
  ::unsetenv("BATON_TEST_TOKEN");
}

TEST_F(WorktreeToolsTest, ABrokenOffCallIsSilentAndItsProcessesEnd) {
  auto call = begin("run_command", shell("echo $$ > pid.new; mv pid.new pid; exec sleep 600"));
  ASSERT_TRUE(test::run_until(loop, [&] { return is_there("pid"); }));
  int pid = 0;
  std::ifstream(directory / "pid") >> pid;
  ASSERT_GT(pid, 1);
  call.reset();
  EXPECT_TRUE(test::run_until(loop, [&] { return ::kill(pid, 0) != 0; }));
  auto file = begin("write_file", R"({"path":"never","content":""})");
  file.reset();
  auto unknown = begin("fly", "{}");
  unknown.reset();
  for (int turn = 0; turn < 5; ++turn) {
    loop.context().restart();
    loop.context().poll();
  }
  EXPECT_FALSE(is_there("never"));
  EXPECT_FALSE(result);
}

// In the run's cell nothing survives the run, whatever session it is in.
TEST_F(WorktreeToolsTest, ACommandLeavesNothingBehindInItsCell) {
  auto ledger = process::Ledger::open(directory / "ledger");
  process::Keeper keeper(*ledger);
  scope.cell = keeper.open("run 1", "task");
  WorktreeTools with_ledger(loop, &*ledger);
  std::optional<plugin::ToolResult> done;
  const auto call = with_ledger.call(
      scope, "run_command", shell("setsid sh -c 'echo $$ > pid; exec sleep 600' & while [ ! -s pid ]; do :; done"),
      [&](plugin::ToolResult given) { done = std::move(given); });
  ASSERT_TRUE(test::run_until(loop, [&] { return done.has_value(); }));
  int pid = 0;
  std::ifstream(directory / "pid") >> pid;
  ASSERT_GT(pid, 1);
  EXPECT_TRUE(test::run_until(loop, [&] { return ::kill(pid, 0) != 0; }));
  bool empty = false;
  scope.cell->when_empty([&] { empty = true; });
  EXPECT_TRUE(test::run_until(loop, [&] { return empty; }));
}

}  // namespace
}  // namespace baton::tools
