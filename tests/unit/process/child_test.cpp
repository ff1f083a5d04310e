#include "process/child.hpp"

#include <algorithm>

#include "tests/support/temp_dir.hpp"
#include "tests/unit/process/harness.hpp"

namespace baton::process {
namespace {

using namespace std::chrono_literals;

TEST(Child, TellsBothStreamsAndTheExit) {
  reactor::Loop loop;
  Watched program(loop, shell("echo to stdout; echo to stderr >&2; exit 7"));
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.out, "to stdout\n");
  EXPECT_EQ(program.err, "to stderr\n");
  EXPECT_EQ(program.exit->code, 7);
  EXPECT_EQ(program.exit->signal, 0);
  EXPECT_FALSE(program.exit->forced);
  EXPECT_EQ(program.exits, 1);
}

TEST(Child, CallsNothingInsideSpawn) {
  reactor::Loop loop;
  Watched program(loop, shell("true"));
  EXPECT_FALSE(program.exit.has_value());
  EXPECT_TRUE(program.ended());
}

TEST(Child, TellsTheSignalThatEndedIt) {
  reactor::Loop loop;
  Watched program(loop, shell("kill -KILL $$"));
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.exit->code, -1);
  EXPECT_EQ(program.exit->signal, SIGKILL);
  EXPECT_FALSE(program.exit->forced);
}

TEST(Child, LeadsItsOwnSessionAndGroup) {
  reactor::Loop loop;
  Watched program(loop, shell("cat", true));
  const auto stat = stat_of(program.child->pid());
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->session, program.child->pid());
  EXPECT_EQ(stat->group, program.child->pid());
  program.child->close_stdin();
  EXPECT_TRUE(program.ended());
}

TEST(Child, StartsWithCleanSignalsAndDescriptors) {
  const int leaked = ::dup(0);  // without O_CLOEXEC
  sigset_t blocked, before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ::sigprocmask(SIG_BLOCK, &blocked, &before);
  reactor::Loop loop;
  // 32 and 33 are the C library's own; it starts every program with them ignored.
  const std::string masks = R"(grep -E 'Sig(Blk|Ign)' /proc/self/status | sed -E 's/:.*(.{7})$/:\1/')";
  Watched program(loop, shell("ls /proc/self/fd; " + masks));
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  ::close(leaked);
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.out, "0\n1\n2\n3\nSigBlk:0000000\nSigIgn:0000000\n");  // 3: what ls opened
}

TEST(Child, HasAnEmptyStdinUnlessItIsKept) {
  reactor::Loop loop;
  Watched program(loop, shell("cat; echo end"));
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.out, "end\n");
  Watched other(loop, shell("true"));
  EXPECT_EQ(other.child->write("x").error().code, Errc::kConflict);
}

TEST(Child, ReadsWhatIsWrittenUntilStdinIsClosed) {
  reactor::Loop loop;
  Watched program(loop, shell("cat", true));
  ASSERT_TRUE(program.child->write("one "));
  ASSERT_TRUE(program.child->write("two"));
  program.child->close_stdin();
  EXPECT_EQ(program.child->write("three").error().code, Errc::kConflict);
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.out, "one two");
}

TEST(Child, RefusesMoreThanTheQueueAndSaysWhenThereIsRoom) {
  reactor::Loop loop;
  Watched program(loop, shell("read line; echo \"$line\"; cat | wc -c", true));
  ASSERT_TRUE(program.child->write("first\n"));
  const std::string block(256 * 1024, 'x');
  std::size_t accepted = 0;
  Result<Unit> written = Unit{};
  for (; accepted < 100 && written; written ? ++accepted : accepted) written = program.child->write(block);
  EXPECT_EQ(written.error().code, Errc::kUnavailable);
  EXPECT_EQ(accepted, 4u);
  ASSERT_TRUE(test::run_until(loop, [&] { return program.drained > 0; }));
  EXPECT_EQ(program.drained, 1);
  ASSERT_TRUE(program.child->write(block));
  program.child->close_stdin();
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.out, "first\n" + std::to_string(5 * block.size()) + "\n");
}

TEST(Child, WritingToAClosedPipeIsNoError) {
  reactor::Loop loop;
  Watched program(loop, shell("exec <&-; echo closed; sleep 0.05; exit 3", true));
  ASSERT_TRUE(program.said("closed"));
  const std::string large(2 * 1024 * 1024, 'x');
  EXPECT_TRUE(program.child->write(large));
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.exit->code, 3);
}

TEST(Child, SignalsTheMainProcessOnly) {
  reactor::Loop loop;
  Watched program(loop, shell("trap 'echo interrupted; exit 0' INT; sleep 60 & echo $!; wait"));
  const int grandchild = program.told_pid();
  ASSERT_TRUE(program.child->signal(SIGINT));
  ASSERT_TRUE(program.said("interrupted"));
  EXPECT_TRUE(lives(grandchild));  // it holds the pipe: the drain limit ends it
  ASSERT_TRUE(program.ended());
  EXPECT_TRUE(program.exit->forced);
  EXPECT_EQ(program.exit->code, 0);
  EXPECT_TRUE(test::run_until(loop, [&] { return !lives(grandchild); }));
  EXPECT_EQ(program.child->signal(SIGINT).error().code, Errc::kNotFound);
}

TEST(Child, SignalToOneThatEndedUnseenIsNotFound) {
  reactor::Loop loop;
  Watched program(loop, shell("true"));
  const int pid = program.child->pid();
  const auto deadline = std::chrono::steady_clock::now() + test::kPatience;  // the loop does not turn here
  while (lives(pid)) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
  EXPECT_EQ(program.child->signal(SIGTERM).error().code, Errc::kNotFound);
  EXPECT_TRUE(program.ended());
}

TEST(Child, StopAsksFirst) {
  reactor::Loop loop;
  Watched program(loop, shell("trap 'echo asked; exit 5' TERM; echo ready; while :; do sleep 0.01; done"));
  ASSERT_TRUE(program.said("ready"));
  program.child->stop(20s);
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.out, "ready\nasked\n");
  EXPECT_EQ(program.exit->code, 5);
  EXPECT_TRUE(program.exit->forced);
}

TEST(Child, StopKillsATreeThatIgnoresTerm) {
  reactor::Loop loop;
  Watched program(loop, shell("trap '' TERM; sh -c 'echo $$; sleep 60; sleep 60' & sleep 60; sleep 60"));
  const int grandchild = program.told_pid();
  const int leader = program.child->pid();
  program.child->stop(50ms);
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.exit->signal, SIGKILL);
  EXPECT_TRUE(program.exit->forced);
  EXPECT_FALSE(lives(leader));
  EXPECT_TRUE(test::run_until(loop, [&] { return !lives(grandchild); }));
}

TEST(Child, AShorterGraceMovesTheKillForward) {
  reactor::Loop loop;
  Watched program(loop, shell("trap '' TERM; echo ready; while :; do sleep 0.01; done"));
  ASSERT_TRUE(program.said("ready"));
  const auto began = std::chrono::steady_clock::now();
  program.child->stop(1h);
  program.child->stop(std::chrono::nanoseconds::max());  // longer: changes nothing
  program.child->stop(0ns);
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.exit->signal, SIGKILL);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

TEST(Child, KillsWhatItsGroupLeftBehind) {
  reactor::Loop loop;
  Watched program(loop, shell("sleep 60 >/dev/null 2>&1 & echo $!"));
  const int grandchild = program.told_pid();
  ASSERT_TRUE(program.ended());
  EXPECT_FALSE(program.exit->forced);  // nobody held the pipes
  EXPECT_TRUE(test::run_until(loop, [&] { return !lives(grandchild); }));
}

TEST(Child, APausedOneBlocksOnItsPipe) {
  reactor::Loop loop;
  Watched program(loop, shell("dd if=/dev/zero bs=65536 count=16 2>/dev/null; echo"));
  program.child->pause(true);
  reactor::Loop other;  // time for the program to fill its pipe: another one runs from start to end meanwhile
  Watched meanwhile(other, shell("sleep 0.1"));
  ASSERT_TRUE(meanwhile.ended());
  loop.context().restart();
  loop.context().poll();
  EXPECT_EQ(program.out.size(), 0u);
  EXPECT_TRUE(lives(program.child->pid()));
  program.child->pause(false);
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.out.size(), 16u * 65536 + 1);
}

TEST(Child, APausedOneThatEndedKeepsItsOutput) {
  reactor::Loop loop;
  Watched program(loop, shell("echo kept"));
  program.child->pause(true);
  ASSERT_TRUE(test::run_until(loop, [&] { return !lives(program.child->pid()); }));
  Watched longer(loop, shell("sleep 1.2"));  // beyond the drain limit
  ASSERT_TRUE(longer.ended());
  EXPECT_FALSE(program.exit.has_value());
  program.child->pause(false);
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.out, "kept\n");
  EXPECT_FALSE(program.exit->forced);
}

TEST(Child, StopEndsAPausedOne) {
  reactor::Loop loop;
  Watched program(loop, shell("yes"));
  program.child->pause(true);
  program.child->stop(1h);
  ASSERT_TRUE(program.ended());
  EXPECT_EQ(program.exit->signal, SIGTERM);
}

TEST(Child, StopEndsOneThatIsPausedWhileItsStreamsDrain) {
  reactor::Loop loop;
  Watched program(loop, shell("trap '' TERM; sleep 60 & echo started"));
  ASSERT_TRUE(program.said("started"));
  program.child->stop(1h);
  ASSERT_TRUE(test::run_until(loop, [&] { return !lives(program.child->pid()); }));
  loop.context().restart();
  loop.context().poll();  // it is seen to have ended; the grandchild holds the pipes
  ASSERT_FALSE(program.exit.has_value());
  program.child->pause(true);
  ASSERT_TRUE(program.ended());
  EXPECT_TRUE(program.exit->forced);
}

TEST(Child, ForgettingKillsAndReapsInTheBackground) {
  reactor::Loop loop;
  Watched program(loop, shell("trap '' TERM; sleep 60 & echo $!; wait"));
  const int grandchild = program.told_pid();
  const int leader = program.child->pid();
  program.child.reset();
  EXPECT_TRUE(test::run_until(loop, [&] { return !stat_of(leader) && !lives(grandchild); }));
  EXPECT_FALSE(program.exit.has_value());
}

TEST(Child, MayBeDestroyedInsideItsOwnCalls) {
  reactor::Loop loop;
  std::unique_ptr<Child> child;
  int calls = 0;
  Child::Events events;
  events.on_output = [&](Stream, std::string_view) {
    ++calls;
    child.reset();
  };
  events.on_exit = [&](const Exit&) { ++calls; };
  child = std::move(*Child::spawn(loop, nullptr, shell("yes"), std::move(events)));
  const int pid = child->pid();
  ASSERT_TRUE(test::run_until(loop, [&] { return calls > 0 && !stat_of(pid); }));
  EXPECT_EQ(calls, 1);

  Child::Events others;
  others.on_exit = [&](const Exit&) {
    ++calls;
    child.reset();
  };
  child = std::move(*Child::spawn(loop, nullptr, shell("true"), std::move(others)));
  ASSERT_TRUE(test::run_until(loop, [&] { return !child; }));
  EXPECT_EQ(calls, 2);
}

TEST(Child, ALoopThatGoesTakesItsChildrenAlong) {
  int pid = 0;
  {
    reactor::Loop loop;
    Watched program(loop, shell("trap '' TERM; sleep 60; sleep 60"));
    pid = program.child->pid();
  }
  EXPECT_FALSE(stat_of(pid));
}

TEST(Child, NamesAProgramThatIsMissing) {
  reactor::Loop loop;
  auto request = shell("");
  request.argv = {"no-such-program"};
  Watched program(loop, request);
  ASSERT_TRUE(program.error);
  EXPECT_EQ(program.error->code, Errc::kNotFound);
  EXPECT_NE(program.error->what.find("no-such-program"), std::string::npos);
}

TEST(Child, NamesAnInterpreterThatIsMissing) {
  test::TempDir dir;
  test::write_file(dir / "script", "#!/no/such/interpreter\n", true);
  reactor::Loop loop;
  auto request = shell("");
  request.argv = {(dir / "script").string()};
  EXPECT_EQ(Watched(loop, request).error->code, Errc::kNotFound);
}

TEST(Child, RefusesWhatCannotBeStarted) {
  reactor::Loop loop;
  const auto code_of = [&](auto change) {
    auto request = shell("true");
    change(request);
    Watched program(loop, std::move(request));
    return program.error ? program.error->code : Errc::kInternal;
  };
  EXPECT_EQ(code_of([](SpawnRequest& request) { request.cwd = "/no/such/folder"; }), Errc::kInvalid);
  EXPECT_EQ(code_of([](SpawnRequest& request) { request.cwd = "/dev/null"; }), Errc::kInvalid);
  EXPECT_EQ(code_of([](SpawnRequest& request) { request.argv.clear(); }), Errc::kInvalid);
  EXPECT_EQ(code_of([](SpawnRequest& request) { request.argv[0].clear(); }), Errc::kInvalid);
  EXPECT_EQ(code_of([](SpawnRequest& request) { request.argv[2] += '\0'; }), Errc::kInvalid);
  EXPECT_EQ(code_of([](SpawnRequest& request) { request.env.push_back("no equals sign"); }), Errc::kInvalid);
  EXPECT_EQ(code_of([](SpawnRequest& request) { request.argv[2] = std::string(200'000, 'x'); }), Errc::kTooLarge);
}

TEST(Child, AHundredAtOnceLeaveNeitherZombiesNorDescriptors) {
  reactor::Loop loop;
  { ASSERT_TRUE(Watched(loop, shell("true")).ended()); }
  const auto before = open_descriptors();
  {
    std::vector<std::unique_ptr<Watched>> programs;
    for (int i = 0; i < 100; ++i) programs.push_back(std::make_unique<Watched>(loop, shell("echo x; cat", i % 2 == 0)));
    for (int i = 0; i < 100; i += 4) programs[static_cast<std::size_t>(i)]->child->stop(0ns);
    for (int i = 2; i < 100; i += 4) programs[static_cast<std::size_t>(i)]->child.reset();
    ASSERT_TRUE(test::run_until(loop, [&] {
      return std::all_of(programs.begin(), programs.end(), [](const auto& each) { return !each->child || each->exit; });
    }));
    EXPECT_TRUE(test::run_until(loop, [&] { return open_descriptors() == before; }));
  }
  EXPECT_EQ(zombies(), 0);
}

}  // namespace
}  // namespace baton::process
