// What is done to the whole process. Each test does it in a child: a handler or a guard cannot be taken back.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "plugin/crash_log.hpp"
#include "plugin/crash_marker.hpp"
#include "plugin/fork_guard.hpp"
#include "plugin/place.hpp"
#include "plugin/stall_watch.hpp"
#include "plugin/stdout_watch.hpp"
#include "plugin/thread_census.hpp"
#include "reactor/loop.hpp"
#include "tests/support/run_task.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::plugin {
namespace {

using namespace std::chrono_literals;

constexpr auto kLimit = 50ms;
constexpr int kPatienceMs = 30'000;

// Stays in a "plugin" until stderr says something, and passes it on.
[[noreturn]] void stay_until_told() {
  std::array<int, 2> ends{};
  const int real = ::dup(STDERR_FILENO);
  if (::pipe(ends.data()) != 0) ::_exit(1);
  ::dup2(ends[1], STDERR_FILENO);
  const StallWatch watch({kLimit, false});
  pollfd readable{ends[0], POLLIN, 0};
  {
    const Stay stay("helper", "run_start", nullptr);
    while (::poll(&readable, 1, kPatienceMs) < 0 && errno == EINTR) continue;
  }
  std::array<char, 4096> text{};
  const auto size = ::read(ends[0], text.data(), text.size());
  if (size > 0) (void)!::write(real, text.data(), static_cast<std::size_t>(size));
  ::_exit(0);
}

TEST(StallWatchDeathTest, TellsWhereTheDaemonIs) {
  EXPECT_EXIT(stay_until_told(), ::testing::ExitedWithCode(0), "plugin helper: run_start does not come back");
}

[[noreturn]] void stay_for_ever(int descriptor) {
  mark_crashes(descriptor);
  const StallWatch watch({kLimit, true});
  const Stay stay("helper", "run_start", nullptr);
  for (;;) ::pause();
}

TEST(StallWatchDeathTest, EndsTheDaemonWhereThatIsWanted) {
  const test::TempDir directory;
  const SystemClock clock;
  CrashLog log(clock);
  log.open(directory / "crashes");
  EXPECT_EXIT(stay_for_ever(log.descriptor()), ::testing::KilledBySignal(SIGABRT), "does not come back");
  CrashLog after(clock);
  after.open(directory / "crashes");
  ASSERT_EQ(after.of("helper").size(), 1u);
  EXPECT_EQ(after.of("helper")[0].cause, "stall");
}

[[noreturn]] void stay_deaf(int descriptor) {
  mark_crashes(descriptor);
  const StallWatch watch({kLimit, true});
  const Stay stay("helper", "run_start", nullptr);
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
  for (;;) ::pause();
}

TEST(StallWatchDeathTest, EndsTheDaemonAlsoWhereNoSignalIsHeard) {
  const test::TempDir directory;
  const SystemClock clock;
  CrashLog log(clock);
  log.open(directory / "crashes");
  EXPECT_EXIT(stay_deaf(log.descriptor()), ::testing::KilledBySignal(SIGABRT), "run_start .* hears no signal");
  CrashLog after(clock);
  after.open(directory / "crashes");
  ASSERT_EQ(after.of("helper").size(), 1u);
  EXPECT_EQ(after.of("helper")[0].cause, "stall");
  EXPECT_EQ(after.of("helper")[0].call, "run_start");
}

[[noreturn]] void fork_inside() {
  guard_forks();
  pid_t child = 0;
  {
    const Stay stay("helper", "run_start", nullptr);
    child = ::fork();
    if (child == 0) ::_exit(1);  // not reached: the copy is ended before
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  const pid_t outside = ::fork();
  if (outside == 0) ::_exit(0);
  int other = 0;
  ::waitpid(outside, &other, 0);
  const bool good = WEXITSTATUS(status) == 70 && WEXITSTATUS(other) == 0 && forks_in_plugins() == 1;
  ::_exit(good ? 0 : 1);
}

TEST(ForkGuardDeathTest, EndsTheCopyAndCountsIt) { EXPECT_EXIT(fork_inside(), ::testing::ExitedWithCode(0), ""); }

[[noreturn]] void print_much() {
  reactor::Loop loop;
  std::string heard;
  {
    const StdoutWatch watch(loop, [&](std::string_view bytes) { heard += bytes; });
    std::printf("hello\n");
    std::fflush(stdout);  // what is its buffering after earlier output, nobody promises
    const bool came = test::run_until(loop, [&] { return heard.ends_with("hello\n"); });
    const std::string much(10'000, 'x');  // and more than the pipe holds does not block
    for (int round = 0; round < 100; ++round) (void)!::write(STDOUT_FILENO, much.data(), much.size());
    if (!came || !test::run_until(loop, [&] { return heard.size() >= 30'000; })) ::_exit(1);
  }
  ::_exit(::write(STDOUT_FILENO, "", 0) == 0 ? 0 : 1);
}

TEST(StdoutWatchDeathTest, HearsWhatIsWrittenAndBlocksNobody) {
  EXPECT_EXIT(print_much(), ::testing::ExitedWithCode(0), "");
}

TEST(ThreadCensus, CountsThoseThatAppearedAndStay) {
  ThreadCensus census;
  census.before();
  std::thread one([] {});
  one.join();
  census.after();
  EXPECT_EQ(census.left(), 0u);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  census.before();
  std::thread stays([&] {
    char byte = 0;
    (void)!::read(ends[0], &byte, 1);
  });
  census.after();
  EXPECT_EQ(census.left(), 1u);
  ::close(ends[1]);
  stays.join();
  ::close(ends[0]);
  EXPECT_EQ(census.left(), 0u);
}

}  // namespace
}  // namespace baton::plugin
