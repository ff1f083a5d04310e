#include "process/command.hpp"

#include "tests/support/run_task.hpp"
#include "tests/unit/process/harness.hpp"

namespace baton::process {
namespace {

using namespace std::chrono_literals;

Command command(std::string script) {
  Command made;
  made.spawn = shell(std::move(script));
  return made;
}

Finished finish(Command what) {
  reactor::Loop loop;
  auto finished = test::run_task(loop, run(loop, nullptr, std::move(what)));
  require(finished.has_value(), "could not start");
  return *finished;
}

TEST(Run, CapturesBothStreams) {
  const auto finished = finish(command("echo out; echo err >&2"));
  EXPECT_TRUE(finished.ok());
  EXPECT_EQ(finished.out, "out\n");
  EXPECT_EQ(finished.err, "err\n");
  EXPECT_FALSE(finished.cut);
  EXPECT_GT(finished.took, 0ns);
}

TEST(Run, AFailureIsAResult) {
  const auto finished = finish(command("exit 9"));
  EXPECT_FALSE(finished.ok());
  EXPECT_EQ(finished.exit.code, 9);
}

TEST(Run, AMissingProgramIsAnError) {
  reactor::Loop loop;
  Command missing = command("");
  missing.spawn.argv = {"no-such-program"};
  const auto finished = test::run_task(loop, run(loop, nullptr, std::move(missing)));
  ASSERT_FALSE(finished);
  EXPECT_EQ(finished.error().code, Errc::kNotFound);
}

TEST(Run, GivesLargeInputThroughStdin) {
  Command sum = command("wc -c");
  sum.input.assign(5'000'000, 'x');
  EXPECT_EQ(finish(std::move(sum)).out, "5000000\n");
}

TEST(Run, InputThatIsNotReadIsNoFailure) {
  Command deaf = command("exec <&-; exit 0");
  deaf.input.assign(5'000'000, 'x');
  EXPECT_TRUE(finish(std::move(deaf)).ok());
}

TEST(Run, ADeadlineEndsATreeThatIgnoresTerm) {
  Command stubborn = command("trap '' TERM; sh -c 'sleep 60; sleep 60' & sleep 60; sleep 60");
  stubborn.timeout = 50ms;
  const auto finished = finish(std::move(stubborn));
  EXPECT_TRUE(finished.timed_out);
  EXPECT_FALSE(finished.ok());
  EXPECT_EQ(finished.exit.signal, SIGKILL);
  EXPECT_GE(finished.took, limits::kStopGrace);
  EXPECT_LT(finished.took, limits::kStopGrace + 5s);
}

TEST(Run, AFloodIsCappedAndStopped) {
  Command flood = command("yes");
  flood.capture = 100'000;
  const auto finished = finish(std::move(flood));
  EXPECT_EQ(finished.out.size(), 100'000u);
  EXPECT_TRUE(finished.cut);
  EXPECT_TRUE(finished.exit.forced);
  EXPECT_LT(finished.took, 2s);
}

TEST(Run, OutputOfExactlyTheLimitIsWhole) {
  Command exact = command("head -c 1000 /dev/zero");
  exact.capture = 1000;
  const auto finished = finish(std::move(exact));
  EXPECT_EQ(finished.out.size(), 1000u);
  EXPECT_FALSE(finished.cut);
  EXPECT_TRUE(finished.ok());
}

TEST(Run, KeepsTheTailWhenAsked) {
  Command tail = command("seq 1 100000; echo last >&2");
  tail.capture = 20;
  tail.keep_tail = true;
  const auto finished = finish(std::move(tail));
  EXPECT_EQ(finished.out.size(), 20u);
  EXPECT_TRUE(finished.out.ends_with("99999\n100000\n"));
  EXPECT_EQ(finished.err, "last\n");
  EXPECT_TRUE(finished.cut);
  EXPECT_TRUE(finished.ok());
}

TEST(Run, CancelBeginsTheLadder) {
  reactor::Loop loop;
  std::stop_source source;
  Command endless = command("sleep 60");
  endless.cancel = source.get_token();
  loop.post([&] { source.request_stop(); });
  const auto finished = test::run_task(loop, run(loop, nullptr, std::move(endless)));
  ASSERT_TRUE(finished);
  EXPECT_TRUE(finished->cancelled);
  EXPECT_EQ(finished->exit.signal, SIGTERM);
  EXPECT_FALSE(finished->ok());
}

TEST(Run, CancelledBeforeItBeganEndsToo) {
  reactor::Loop loop;
  std::stop_source source;
  source.request_stop();
  Command endless = command("sleep 60");
  endless.cancel = source.get_token();
  EXPECT_TRUE(test::run_task(loop, run(loop, nullptr, std::move(endless)))->cancelled);
}

TEST(Run, AGrandchildThatHoldsThePipeDoesNotHoldTheCaller) {
  const auto finished = finish(command("sleep 60 & echo done"));
  EXPECT_EQ(finished.out, "done\n");
  EXPECT_EQ(finished.exit.code, 0);
  EXPECT_TRUE(finished.exit.forced);
  EXPECT_LT(finished.took, limits::kPipeDrain + 3s);
}

}  // namespace
}  // namespace baton::process
