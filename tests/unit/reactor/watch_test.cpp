#include "reactor/watch.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "tests/support/run_task.hpp"

namespace baton::reactor {
namespace {

using ::testing::ElementsAre;

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() {
    std::array<int, 2> both{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, both.data()), 0);
    ours = both[0];
    theirs = both[1];
  }
  ~WatchTest() override {
    close_ours();
    close_theirs();
  }
  void close_ours() {
    if (ours >= 0) ::close(std::exchange(ours, -1));
  }
  void close_theirs() {
    if (theirs >= 0) ::close(std::exchange(theirs, -1));
  }
  std::unique_ptr<Watch> watch(std::uint32_t interest) {
    auto started = Watch::start(loop, ours, interest, [this](std::uint32_t ready) { told.push_back(ready); });
    EXPECT_TRUE(started);
    return started ? std::move(*started) : nullptr;
  }
  void send(const char* text) { ASSERT_GT(::write(theirs, text, 1), 0); }
  void receive() {
    std::array<char, 64> buffer{};
    static_cast<void>(!::read(ours, buffer.data(), buffer.size()));
  }
  void run_what_is_ready() {
    loop.context().restart();
    loop.context().poll();
  }
  bool told_times(std::size_t count) {
    return test::run_until(loop, [&] { return told.size() >= count; });
  }

  int ours = -1, theirs = -1;
  Loop loop;
  std::vector<std::uint32_t> told;
};

TEST_F(WatchTest, TellsAgainWhatIsNotDealtWith) {
  const auto watched = watch(Watch::kRead);
  run_what_is_ready();
  EXPECT_TRUE(told.empty());
  send("x");
  ASSERT_TRUE(told_times(3));
  receive();
  told.clear();
  run_what_is_ready();
  run_what_is_ready();
  EXPECT_TRUE(told.empty());
  send("y");
  ASSERT_TRUE(told_times(1));
  EXPECT_EQ(told.front(), Watch::kRead);
}

TEST_F(WatchTest, TellsReadAndWriteTogether) {
  send("x");
  const auto watched = watch(Watch::kRead | Watch::kWrite);
  EXPECT_TRUE(told.empty()) << "inside start";
  ASSERT_TRUE(told_times(2));
  EXPECT_THAT(told, ElementsAre(Watch::kRead | Watch::kWrite, Watch::kRead | Watch::kWrite));
}

TEST_F(WatchTest, RestsAndGoesOn) {
  const auto watched = watch(Watch::kRead);
  watched->change(0);
  send("x");
  close_theirs();
  for (int turn = 0; turn < 5; ++turn) run_what_is_ready();
  EXPECT_TRUE(told.empty());
  watched->change(Watch::kRead);
  ASSERT_TRUE(told_times(1));
  EXPECT_EQ(told.front(), Watch::kRead | Watch::kError);
}

TEST_F(WatchTest, TellsThatTheOtherSideIsGoneToAWriterToo) {
  while (::write(ours, "xxxxxxxxxxxxxxxx", 16) > 0) continue;
  const auto watched = watch(Watch::kWrite);
  run_what_is_ready();
  EXPECT_TRUE(told.empty());
  close_theirs();
  ASSERT_TRUE(told_times(1));
  EXPECT_TRUE(told.front() & Watch::kError);
}

TEST_F(WatchTest, MayBeDestroyedInItsCall) {
  std::unique_ptr<Watch> watched;
  auto started = Watch::start(loop, ours, Watch::kRead | Watch::kWrite, [&](std::uint32_t ready) {
    told.push_back(ready);
    watched.reset();
  });
  ASSERT_TRUE(started);
  watched = std::move(*started);
  send("x");
  ASSERT_TRUE(told_times(1));
  for (int turn = 0; turn < 5; ++turn) run_what_is_ready();
  EXPECT_EQ(told.size(), 1u);
}

TEST_F(WatchTest, IsSilentOnceDestroyedAndLeavesTheDescriptorOpen) {
  auto watched = watch(Watch::kWrite);
  watched.reset();
  for (int turn = 0; turn < 5; ++turn) run_what_is_ready();
  EXPECT_TRUE(told.empty());
  EXPECT_GE(::fcntl(ours, F_GETFD), 0);
  send("x");
}

// The number that the owner closed is given to somebody else: neither is disturbed.
TEST_F(WatchTest, DoesNotTouchAStrangerWithTheSameNumber) {
  auto watched = watch(Watch::kRead);
  const int number = ours;
  close_ours();
  std::array<int, 2> others{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, others.data()), 0);
  const bool reused = others[0] == number;
  EXPECT_TRUE(reused);
  std::vector<std::uint32_t> stranger;
  const auto other =
      Watch::start(loop, others[0], Watch::kRead, [&](std::uint32_t ready) { stranger.push_back(ready); });
  ASSERT_TRUE(other);
  watched.reset();
  ASSERT_EQ(::write(others[1], "x", 1), 1);
  EXPECT_TRUE(test::run_until(loop, [&] { return !stranger.empty(); }));
  ::close(others[0]);
  ::close(others[1]);
}

TEST_F(WatchTest, RefusesWhatCannotBeWatched) {
  const auto nothing = [](std::uint32_t) {};
  const int file = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(file, 0);
  const auto regular = Watch::start(loop, file, Watch::kRead, nothing);
  EXPECT_EQ(regular.error().code, Errc::kInvalid);
  ::close(file);
  const auto closed = Watch::start(loop, file, Watch::kRead, nothing);
  EXPECT_EQ(closed.error().code, Errc::kInvalid);
  EXPECT_EQ(Watch::start(loop, -1, Watch::kRead, nothing).error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace baton::reactor
