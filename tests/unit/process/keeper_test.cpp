// Real processes, and for the groups a real hierarchy where one can be made.
#include "process/keeper.hpp"

#include <chrono>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <functional>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/cgroup_place.hpp"
#include "process/proc_stat.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/process/harness.hpp"

namespace baton::process {
namespace {

// Says the pid of a grandchild in a session of its own that holds nothing of its parent's but its tag.
constexpr const char* kEscape = "(setsid sh -c 'trap \"\" TERM HUP; echo $$; exec >&- 2>&-; sleep 600' &) ; ";
constexpr const char* kNameless = "(setsid env -i sh -c 'trap \"\" TERM HUP; echo $$; exec >&- 2>&-; sleep 600' &) ; ";

// What a library starts: a child of this process in a session of its own, without a trace.
class Helper {
 public:
  Helper() {
    pid = ::fork();
    if (pid != 0) return;
    ::setsid();
    for (;;) ::pause();
  }
  ~Helper() {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
  }
  Helper(const Helper&) = delete;
  Helper& operator=(const Helper&) = delete;
  int pid = 0;
};

// What is started from now on is younger than `pid` by the kernel's clock, which counts hundredths of a second.
bool is_past_the_start_of(int pid) {
  const auto ticks = static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
  const auto start = stat_of(pid)->start_time;
  const auto deadline = std::chrono::steady_clock::now() + test::kPatience;
  while (std::chrono::steady_clock::now() < deadline) {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    if (static_cast<std::uint64_t>(now.tv_sec) * ticks +
            static_cast<std::uint64_t>(now.tv_nsec) * ticks / 1'000'000'000 >
        start)
      return true;
  }
  return false;
}

class KeeperTest : public ::testing::Test {
 protected:
  SpawnRequest in(const std::shared_ptr<Cell>& cell, const std::string& script, bool keep_stdin = false) {
    auto request = shell(script, keep_stdin);
    request.cell = cell;
    return request;
  }

  test::TempDir dir_;
  Result<Ledger> ledger_ = Ledger::open(dir_ / "ledger");
  Keeper keeper_{*ledger_};
  reactor::Loop loop_;
};

TEST_F(KeeperTest, EndsWhatLeftTheSession) {
  for (const auto* escape : {kEscape, kNameless}) {
    Watched program(loop_, in(keeper_.open("run 1", "task"), std::string(escape) + "read line", true), &*ledger_);
    const int grandchild = program.told_pid();
    ASSERT_TRUE(lives(grandchild));
    program.child->close_stdin();
    ASSERT_TRUE(program.ended());
    EXPECT_FALSE(stat_of(grandchild)) << "it was reaped too";
    EXPECT_FALSE(program.exit->undead);
  }
  EXPECT_EQ(zombies(), 0);
}

TEST_F(KeeperTest, SparesWhatAnotherCellStarted) {
  Watched other(loop_, in(keeper_.open("run 2", "b"), std::string(kEscape) + "read line", true), &*ledger_);
  const int spared = other.told_pid();
  Watched program(loop_, in(keeper_.open("run 1", "a"), std::string(kEscape) + "read line", true), &*ledger_);
  const int ended = program.told_pid();
  program.child->close_stdin();
  ASSERT_TRUE(program.ended());
  EXPECT_FALSE(lives(ended));
  EXPECT_TRUE(lives(spared));
  other.child->close_stdin();
  ASSERT_TRUE(other.ended());
  EXPECT_FALSE(lives(spared));
}

TEST_F(KeeperTest, ForgettingAChildEndsItAll) {
  auto cell = keeper_.open("run 1", "task");
  Watched program(loop_, in(cell, std::string(kEscape) + "sleep 600"), &*ledger_);
  const int grandchild = program.told_pid();
  bool empty = false;
  program.child.reset();
  cell->when_empty([&] { empty = true; });
  ASSERT_TRUE(test::run_until(loop_, [&] { return empty; }));
  EXPECT_FALSE(lives(grandchild));
}

TEST_F(KeeperTest, AnEmptyCellIsEmptyAtOnce) {
  bool empty = false;
  keeper_.open("run 1", "task")->when_empty([&] { empty = true; });
  EXPECT_TRUE(empty);
}

// A library waits for its own child; nobody else may take its end away.
TEST_F(KeeperTest, NeverReapsAChildThatItDidNotStart) {
  const int theirs = ::fork();
  if (theirs == 0) ::_exit(7);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(theirs), &info, WEXITED | WNOWAIT), 0);
  Watched program(loop_, in(keeper_.open("run 1", "task"), "true"), &*ledger_);
  ASSERT_TRUE(program.ended());
  int status = 0;
  ASSERT_EQ(::waitpid(theirs, &status, 0), theirs);
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

TEST_F(KeeperTest, ReapsWhatDiesWhileItsRunGoesOn) {
  Watched program(loop_, in(keeper_.open("run 1", "task"), "(sh -c 'true' &) ; (sh -c 'true' &) ; read line", true),
                  &*ledger_);
  ASSERT_TRUE(test::run_until(loop_, [] { return zombies() == 2; }));
  keeper_.tidy();
  EXPECT_EQ(zombies(), 0);
  program.child->close_stdin();
  EXPECT_TRUE(program.ended());
}

TEST_F(KeeperTest, ReapsAStrangerOnceItIsDeadForLong) {
  Keeper keeper(*ledger_, {}, std::chrono::milliseconds(50));
  Watched program(loop_, in(keeper.open("run 1", "task"), "read line", true), &*ledger_);
  for (const bool in_own_session : {true, false}) {
    const int theirs = ::fork();
    if (theirs == 0) {
      if (!in_own_session) ::setsid();
      ::_exit(7);
    }
    ASSERT_TRUE(test::run_until(loop_, [] { return zombies() == 1; }));
    keeper.tidy();
    EXPECT_EQ(zombies(), 1) << "its library may be about to do so";
    EXPECT_TRUE(test::run_until(loop_, [&] {
      keeper.tidy();
      return zombies() == 0;
    }));
  }
  program.child->close_stdin();
  EXPECT_TRUE(program.ended());
}

TEST_F(KeeperTest, SparesWhatWasStartedWhileNothingRan) {
  {
    Watched first(loop_, in(keeper_.open("run 1", "a"), "true"), &*ledger_);
    ASSERT_TRUE(first.ended());
  }
  const Helper helper;
  ASSERT_TRUE(is_past_the_start_of(helper.pid));
  Watched program(loop_, in(keeper_.open("run 2", "b"), "true"), &*ledger_);
  ASSERT_TRUE(program.ended());
  EXPECT_TRUE(lives(helper.pid));
}

TEST_F(KeeperTest, SparesAChildThatItFound) {
  auto cell = keeper_.open("run 1", "a");
  Watched older(loop_, in(cell, "read line", true), &*ledger_);
  const Helper helper;
  Keeper keeper(*ledger_);
  Watched program(loop_, in(keeper.open("run 2", "b"), "true"), &*ledger_);
  ASSERT_TRUE(program.ended());
  EXPECT_TRUE(lives(helper.pid));
  EXPECT_FALSE(keeper.undead("b"));
}

TEST_F(KeeperTest, EndsWhatWorksInItsDirectoryBesideAnOlderRun) {
  Watched older(loop_, in(keeper_.open("run 1", "a"), "read line", true), &*ledger_);
  auto request = in(keeper_.open("run 2", "b"), std::string(kNameless) + "read line", true);
  request.cwd = dir_.path().string();
  Watched program(loop_, std::move(request), &*ledger_);
  const int grandchild = program.told_pid();
  ASSERT_TRUE(lives(grandchild));
  program.child->close_stdin();
  ASSERT_TRUE(program.ended());
  EXPECT_FALSE(lives(grandchild));
  EXPECT_FALSE(keeper_.undead("b"));
}

TEST_F(KeeperTest, KeepsInMindWhatMayBeOfAnOlderRunUntilThatEnds) {
  Watched older(loop_, in(keeper_.open("run 1", "a"), "read line", true), &*ledger_);
  Watched program(loop_, in(keeper_.open("run 2", "b"), std::string(kNameless) + "read line", true), &*ledger_);
  const int grandchild = program.told_pid();
  program.child->close_stdin();
  ASSERT_TRUE(program.ended());
  EXPECT_TRUE(lives(grandchild)) << "it may be the older run's";
  ASSERT_TRUE(keeper_.undead("b"));
  EXPECT_NE(keeper_.undead("b")->find(std::to_string(grandchild)), std::string::npos);
  EXPECT_FALSE(keeper_.undead("a"));
  older.child->close_stdin();
  ASSERT_TRUE(older.ended());
  EXPECT_FALSE(lives(grandchild));
  EXPECT_FALSE(keeper_.undead("b"));
}

TEST_F(KeeperTest, EndsItBesideAnOlderProcessThatServesNoTask) {
  Watched service(loop_, in(keeper_.open("plugin", ""), "read line", true), &*ledger_);
  Watched program(loop_, in(keeper_.open("run 1", "task"), std::string(kNameless) + "read line", true), &*ledger_);
  const int grandchild = program.told_pid();
  program.child->close_stdin();
  ASSERT_TRUE(program.ended());
  EXPECT_FALSE(lives(grandchild));
}

// More than one look may do.
TEST_F(KeeperTest, EndsManyByManyLooks) {
  auto cell = keeper_.open("run 1", "task");
  const std::string many =
      "i=0; while [ $i -lt 600 ]; do (sleep 600 >&- 2>&- &); i=$((i+1)); done; echo all; read line";
  Watched program(loop_, in(cell, many, true), &*ledger_);
  ASSERT_TRUE(program.said("all"));
  const int pid = program.child->pid();
  const auto at_first = cell->clear(pid);
  EXPECT_GT(at_first, 0u);
  EXPECT_LT(at_first, 600u);
  program.child->close_stdin();
  ASSERT_TRUE(program.ended());
  EXPECT_FALSE(program.exit->undead);
  EXPECT_EQ(zombies(), 0);
}

TEST_F(KeeperTest, KeepsInMindWhatASweepCouldNotEndUntilItIsGone) {
  Watched program(loop_, shell("cat", true));
  const int pid = program.child->pid();
  keeper_.keep_in_mind({{pid, stat_of(pid)->start_time, "run 1", "task"}});
  ASSERT_TRUE(keeper_.undead("task"));
  EXPECT_NE(keeper_.undead("task")->find(std::to_string(pid)), std::string::npos);
  EXPECT_FALSE(keeper_.undead("another"));
  EXPECT_FALSE(keeper_.undead(""));
  EXPECT_EQ(keeper_.undead_subjects(), std::vector<std::string>{"task"});
  EXPECT_TRUE(ledger_->living().contains(pid)) << "a further daemon must know it too";
  program.child->close_stdin();
  ASSERT_TRUE(program.ended());
  EXPECT_FALSE(keeper_.undead("task"));
  EXPECT_FALSE(ledger_->living().contains(pid));
}

TEST_F(KeeperTest, ANumberThatWasReusedKeepsItsNewOwner) {
  Watched program(loop_, shell("read line", true), &*ledger_);
  const int pid = program.child->pid();
  keeper_.keep_in_mind({{pid, stat_of(pid)->start_time - 1, "run 1", "task"}});
  EXPECT_FALSE(keeper_.undead("task"));
  EXPECT_TRUE(ledger_->living().contains(pid));
  program.child->close_stdin();
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.exit->code, 1);
}

TEST_F(KeeperTest, ANumberThatWasReusedIsNotUndead) {
  Watched program(loop_, shell("cat", true));
  const int pid = program.child->pid();
  keeper_.keep_in_mind({{pid, stat_of(pid)->start_time - 1, "run 1", "task"}});
  EXPECT_FALSE(keeper_.undead("task"));
}

// Two groups of its own at the hierarchy's root, removed again.
class GroupTest : public KeeperTest {
 protected:
  void SetUp() override {
    const auto mount = cgroup_mount(whole_file("/proc/self/mountinfo"));
    if (mount) base_ = Cgroup(mount->point).below("baton-unit-" + std::to_string(::getpid()));
    if (!mount || !base_.make() || !base_.write("cgroup.kill", "1")) {
      base_.remove();
      GTEST_SKIP() << "no control group (v2) can be made here";
    }
  }
  void TearDown() override {
    base_.kill();
    base_.remove();
  }

  Result<std::optional<CgroupSubtree>> subtree(const std::string& state = "/state") {
    return CgroupSubtree::open({.where = base_.directory(), .state = state});
  }

  Cgroup base_{"/no/such/group"};
};

TEST_F(GroupTest, HoldsAllThatAChildStarts) {
  Keeper keeper(*ledger_, *subtree());
  Watched program(loop_, in(keeper.open("run 1", "task-1"), std::string(kNameless) + "read line", true), &*ledger_);
  const int grandchild = program.told_pid();
  const auto group = whole_file("/proc/" + std::to_string(grandchild) + "/cgroup");
  EXPECT_NE(group.find("/task-1+run-1+1/1\n"), std::string::npos) << group;
  EXPECT_NE(test::read_file(dir_ / "ledger").find(base_.directory()), std::string::npos);
  program.child->close_stdin();
  ASSERT_TRUE(program.ended());
  EXPECT_FALSE(lives(grandchild));
  EXPECT_FALSE(base_.is_populated());
}

TEST_F(GroupTest, KeepsArgumentsDirectoryAndExit) {
  Keeper keeper(*ledger_, *subtree());
  auto request = in(keeper.open("run 1", ""), "printf '<%s>' \"$PWD\" \"$@\"; exit 7");
  for (const auto* argument : {"name", "a b", "$HOME", "", "'\"\n"}) request.argv.emplace_back(argument);
  request.cwd = "/usr";
  Watched program(loop_, std::move(request), &*ledger_);
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.out, "</usr><a b><$HOME><><'\"\n>");
  EXPECT_EQ(program.exit->code, 7);
}

TEST_F(GroupTest, KeepsTheEnvironment) {
  Keeper keeper(*ledger_, *subtree());
  auto request = in(keeper.open("run 1", ""), "");
  request.argv = {"env", "-0"};
  request.env = {"PATH=/usr/bin:/bin", "npm_config_@scope:registry=a b", "SPACED NAME=$x", "empty="};
  const auto given = request.env;
  Watched program(loop_, std::move(request), &*ledger_);
  ASSERT_TRUE(program.ended());
  std::set<std::string> seen;
  for (std::size_t at = 0; at < program.out.size(); at = program.out.find('\0', at) + 1) seen.insert(&program.out[at]);
  std::erase_if(seen, [](const auto& entry) { return entry.starts_with("BATON_SPAWN=") || entry.starts_with("_="); });
  EXPECT_EQ(seen, std::set<std::string>(given.begin(), given.end()));
}

// The next daemon has other groups, or none.
TEST_F(GroupTest, TheLedgerKnowsThem) {
  Keeper keeper(*ledger_, *subtree());
  Watched program(loop_, in(keeper.open("run 1", "task-1"), std::string(kNameless) + "read line", true), &*ledger_);
  const int grandchild = program.told_pid();
  ASSERT_TRUE(lives(grandchild));
  std::filesystem::copy_file(dir_ / "ledger", dir_ / "later");
  const auto swept = Ledger::open(dir_ / "later")->sweep(10'000);
  EXPECT_TRUE(swept.left.empty());
  EXPECT_FALSE(lives(grandchild));
  EXPECT_FALSE(base_.is_populated());
  EXPECT_TRUE(program.ended());
}

TEST_F(GroupTest, WhatWasNotStartedLeavesNoGroup) {
  Keeper keeper(*ledger_, *subtree());
  {
    auto request = in(keeper.open("run 1", ""), "");
    request.argv = {"no-such-program"};
    Watched program(loop_, std::move(request), &*ledger_);
    ASSERT_TRUE(program.error);
    EXPECT_EQ(program.error->code, Errc::kNotFound);
  }
  const auto runs = base_.children();
  ASSERT_EQ(runs.size(), 1u);
  EXPECT_TRUE(base_.below(runs[0]).children().empty());
}

// Limits that were to be had at the start, and are not any more.
TEST_F(GroupTest, NothingStartsWithoutTheLimitsThatAreSet) {
  auto groups = CgroupSubtree::open({.where = base_.directory(), .state = "/state", .pids_max = 100});
  ASSERT_TRUE(groups && *groups);
  if (!(*groups)->has_limits()) GTEST_SKIP() << "no controller for pids here";
  const auto runs = base_.below(base_.children().at(0));
  ASSERT_TRUE(runs.write("cgroup.subtree_control", "-pids"));
  Keeper keeper(*ledger_, *groups);
  {
    Watched program(loop_, in(keeper.open("run 1", "task"), "true"), &*ledger_);
    ASSERT_TRUE(program.error);
    EXPECT_EQ(program.error->code, Errc::kIo);
    EXPECT_TRUE(runs.children().empty()) << "what was half made is gone";
  }
  Watched service(loop_, in(keeper.open("plugin", ""), "true"), &*ledger_);
  EXPECT_TRUE(service.ended()) << "limits are for runs and gates";
}

// With or without controllers.
TEST_F(GroupTest, ACellThatCannotBeMadeIsNone) {
  auto groups = *subtree();
  base_.remove();
  const auto cell = groups->make_cell("task", "run 1");
  ASSERT_FALSE(cell);
  EXPECT_EQ(cell.error().code, Errc::kIo);
  EXPECT_FALSE(std::filesystem::exists(base_.directory()));
}

TEST_F(GroupTest, ASweepEndsWhatIsInThemAndRemovesThem) {
  auto earlier = *subtree();
  const auto cell = earlier->make_cell("task-1", "run 1");
  ASSERT_TRUE(cell && cell->below("1").make());
  Watched program(loop_, shell("echo 0 > " + cell->directory() + "/1/cgroup.procs; echo in; sleep 600"));
  ASSERT_TRUE(program.said("in"));
  EXPECT_TRUE((*subtree("/another/state"))->sweep(0).empty()) << "another daemon's are not its own";
  EXPECT_TRUE(cell->is_populated());
  EXPECT_TRUE((*subtree())->sweep(10'000).empty());
  EXPECT_FALSE(cell->is_there());
  EXPECT_TRUE(program.ended());
}

TEST_F(GroupTest, RefusesADirectoryThatIsNone) {
  EXPECT_EQ(CgroupSubtree::open({.where = "/usr"}).error().code, Errc::kInvalid);
  EXPECT_EQ(CgroupSubtree::open({.where = base_.directory() + "/none"}).error().code, Errc::kInvalid);
  EXPECT_FALSE(*CgroupSubtree::open({.where = "off"}));
}

}  // namespace
}  // namespace baton::process
