#include "process/ledger.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>

#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/ledger_file.hpp"
#include "process/proc_stat.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/process/harness.hpp"

namespace baton::process {
namespace {

// A session leader without a Child that would end it: what a killed daemon leaves behind.
class Orphan {
 public:
  explicit Orphan(const std::string& script) {
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    std::string shell = "sh", flag = "-c", text = script;
    char* argv[] = {shell.data(), flag.data(), text.data(), nullptr};
    require(::posix_spawn(&pid, "/bin/sh", nullptr, &attributes, argv, environ) == 0, "cannot start an orphan");
    ::posix_spawnattr_destroy(&attributes);
  }
  ~Orphan() {
    if (::kill(-pid, SIGKILL) == 0 || errno != ESRCH) reap();
  }
  void reap() const { ::waitpid(pid, nullptr, 0); }

  int pid = 0;
};

bool soon(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + test::kPatience;
  while (!condition())
    if (std::chrono::steady_clock::now() > deadline) return false;
  return true;
}

// The living process of `session` other than its leader; 0 when there is none.
int member_of(int session) {
  for (const auto& process : all_processes())
    if (process.session == session && process.pid != session && !process.ended()) return process.pid;
  return 0;
}

// The daemon was killed when the program ran already and its pid was not written yet.
TEST(Ledger, SweepEndsWhatWasStartedInTheMomentOfTheKill) {
  test::TempDir dir;
  const auto variable = Ledger::open(dir / "ledger")->intend();
  const Orphan orphan("export " + variable + "; exec sh -c 'sleep 60 & sleep 60; wait'");
  const Orphan stranger("export BATON_SPAWN=0." + variable.substr(variable.find('=') + 1) + "; exec sleep 60");
  ASSERT_TRUE(soon([&] { return member_of(orphan.pid) != 0; }));
  ASSERT_TRUE(soon([&] { return variable_of(stranger.pid, "BATON_SPAWN").has_value(); }));

  auto later = Ledger::open(dir / "ledger");
  const auto found = later->sweep(10'000).found;
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].pid, orphan.pid);
  orphan.reap();
  EXPECT_EQ(::kill(stranger.pid, 0), 0);
  EXPECT_TRUE(Ledger::open(dir / "ledger")->sweep(0).found.empty()) << "once is enough";
}

TEST(Ledger, ASpawnThatIsToldLeavesNoIntent) {
  test::TempDir dir;
  auto ledger = Ledger::open(dir / "ledger");
  const auto first = ledger->intend();
  const auto second = ledger->intend();
  EXPECT_NE(first, second);
  EXPECT_EQ(parse_ledger(test::read_file(dir / "ledger")).intended.size(), 2U);
  ledger->started(::getpid(), {.label = "me"}, first);
  ledger->not_started(second);
  const auto text = parse_ledger(test::read_file(dir / "ledger"));
  EXPECT_TRUE(text.intended.empty());
  EXPECT_EQ(text.living.size(), 1U);
}

TEST(Ledger, SweepEndsWhatAnEarlierDaemonLeft) {
  test::TempDir dir;
  const Orphan orphan("trap '' TERM HUP; sleep 60 & sleep 60; wait");
  ASSERT_TRUE(soon([&] { return member_of(orphan.pid) != 0; }));
  Ledger::open(dir / "ledger")->started(orphan.pid, {.label = "run 17"});

  auto later = Ledger::open(dir / "ledger");
  const auto found = later->sweep(5000).found;
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].pid, orphan.pid);
  EXPECT_EQ(found[0].label, "run 17");
  EXPECT_FALSE(lives(orphan.pid));
  EXPECT_EQ(member_of(orphan.pid), 0);
  EXPECT_TRUE(later->sweep(0).found.empty());
  EXPECT_TRUE(parse_ledger(test::read_file(dir / "ledger")).living.empty());
}

TEST(Ledger, SweepEndsAGroupWhoseLeaderIsGone) {
  test::TempDir dir;
  const Orphan orphan("sleep 60 & kill -STOP $$");
  ASSERT_TRUE(soon([&] { return member_of(orphan.pid) != 0; }));
  Ledger::open(dir / "ledger")->started(orphan.pid, {.label = "run"});
  const int member = member_of(orphan.pid);
  ::kill(orphan.pid, SIGKILL);
  orphan.reap();
  ASSERT_TRUE(lives(member));
  EXPECT_EQ(Ledger::open(dir / "ledger")->sweep(5000).found.size(), 1u);
  EXPECT_FALSE(lives(member));
}

TEST(Ledger, SweepSparesAReusedPid) {
  test::TempDir dir;
  const Orphan stranger("sleep 60");
  const auto stat = stat_of(stranger.pid);
  const Ledger::Entry entry{stranger.pid, stat->start_time - 1, "run"};
  test::write_file(dir / "ledger", ledger_head(boot_id(), forks_since_boot()) + start_line(entry));
  EXPECT_TRUE(Ledger::open(dir / "ledger")->sweep(1000).found.empty());
  EXPECT_TRUE(lives(stranger.pid));
}

TEST(Ledger, SweepSparesEverythingAfterAReboot) {
  test::TempDir dir;
  const Orphan stranger("sleep 60");
  const Ledger::Entry entry{stranger.pid, stat_of(stranger.pid)->start_time, "run"};
  test::write_file(dir / "ledger", ledger_head("another-boot", 1) + start_line(entry));
  EXPECT_TRUE(Ledger::open(dir / "ledger")->sweep(1000).found.empty());
  EXPECT_TRUE(lives(stranger.pid));
}

TEST(Ledger, SweepNeverEndsItsOwnSession) {
  test::TempDir dir;
  const int session = ::getsid(0);
  const auto stat = stat_of(session);
  const Ledger::Entry entry{session, stat ? stat->start_time : 1, "run"};
  test::write_file(dir / "ledger", ledger_head(boot_id(), forks_since_boot()) + start_line(entry));
  EXPECT_TRUE(Ledger::open(dir / "ledger")->sweep(0).found.empty());
}

TEST(Ledger, NamesAChildFromItsStartToItsEnd) {
  test::TempDir dir;
  auto ledger = Ledger::open(dir / "ledger");
  reactor::Loop loop;
  Watched program(loop, shell("cat", true), &*ledger);
  const auto living = parse_ledger(test::read_file(dir / "ledger")).living;
  ASSERT_EQ(living.count(program.child->pid()), 1u);
  EXPECT_EQ(living.at(program.child->pid()).label, "test");
  program.child->close_stdin();
  ASSERT_TRUE(program.ended());
  EXPECT_TRUE(parse_ledger(test::read_file(dir / "ledger")).living.empty());
}

TEST(Ledger, StaysSmall) {
  test::TempDir dir;
  auto ledger = Ledger::open(dir / "ledger");
  const Orphan kept("sleep 60");
  ledger->started(kept.pid, {.label = "kept"});
  const std::string label(1000, 'x');
  for (int i = 0; i < 1500; ++i) {
    ledger->started(::getpid(), {.label = label});
    ledger->ended(::getpid());
  }
  EXPECT_LT(std::filesystem::file_size(dir / "ledger"), 1'100'000u);
  EXPECT_TRUE(parse_ledger(test::read_file(dir / "ledger")).living.contains(kept.pid));
}

// Whatever line it is that the file is written anew at.
TEST(Ledger, LosesNothingWhenItIsWrittenAnew) {
  test::TempDir dir;
  auto ledger = Ledger::open(dir / "ledger");
  const std::string label(200'000, 'x');
  for (int i = 0; i < 24; ++i) {
    const auto intended = ledger->intend("task");
    EXPECT_EQ(parse_ledger(test::read_file(dir / "ledger")).intended.size(), 1u);
    ledger->started(::getpid(), {.label = label}, intended);
    const auto started = parse_ledger(test::read_file(dir / "ledger"));
    EXPECT_TRUE(started.living.contains(::getpid()));
    EXPECT_TRUE(started.intended.empty());
    ledger->ended(::getpid());
    EXPECT_TRUE(parse_ledger(test::read_file(dir / "ledger")).living.empty());
  }
}

TEST(Ledger, GoesOnAfterALineThatWasCut) {
  test::TempDir dir;
  test::write_file(dir / "ledger", "boot " + boot_id() + "\n+ 12 34");
  auto ledger = Ledger::open(dir / "ledger");
  ledger->started(::getpid(), {.label = "me"});
  EXPECT_TRUE(parse_ledger(test::read_file(dir / "ledger")).living.contains(::getpid()));
}

TEST(Ledger, SaysWhyItCannotBeOpened) { EXPECT_EQ(Ledger::open("/no/such/folder/ledger").error().code, Errc::kIo); }

}  // namespace
}  // namespace baton::process
