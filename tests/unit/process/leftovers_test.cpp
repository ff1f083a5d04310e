#include "process/leftovers.hpp"

#include <gtest/gtest.h>

namespace baton::process {
namespace {

const Ledger::Entry kEntry{50, 1000, "run"};

ProcStat member(int pid, std::uint64_t start, char state = 'S') { return {pid, state, 50, 50, start}; }

TEST(Leftovers, AreTheWholeSessionOfAKnownLeader) {
  const ProcStat own_group{61, 'S', 61, 50, 1300};
  const auto found = leftovers_of(kEntry, {member(50, 1000), member(60, 1200), own_group, {70, 'S', 70, 70, 1200}}, {});
  EXPECT_EQ(found.size(), 3u);
}

TEST(Leftovers, SpareAReusedNumber) {
  const Evidence every{5000, true};
  EXPECT_TRUE(leftovers_of(kEntry, {member(50, 2000), member(60, 2100)}, every).empty());
}

TEST(Leftovers, WithoutALeaderAreThoseThatStartedWhileTheDaemonLived) {
  const auto found = leftovers_of(kEntry, {member(60, 1200), member(61, 1501)}, {1500, false});
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].pid, 60);
  EXPECT_TRUE(leftovers_of(kEntry, {member(60, 900)}, {1500, false}).empty());  // older than the leader: a stranger's
}

TEST(Leftovers, WithoutALeaderAreAllWhileNumbersWereNotReused) {
  EXPECT_EQ(leftovers_of(kEntry, {member(60, 1200), member(61, 1501)}, {1500, true}).size(), 2u);
}

TEST(Leftovers, AreNotTheDead) {
  EXPECT_TRUE(leftovers_of(kEntry, {member(50, 1000, 'Z'), member(60, 1200, 'Z')}, {}).empty());
  EXPECT_EQ(leftovers_of(kEntry, {member(50, 1000, 'Z'), member(60, 1200)}, {}).size(), 1u);
}

TEST(PidReuse, IsExcludedOnlyWithinHalfACircle) {
  EXPECT_TRUE(pids_cannot_be_reused(100, 16'483, 32'768));
  EXPECT_FALSE(pids_cannot_be_reused(100, 16'484, 32'768));
  EXPECT_FALSE(pids_cannot_be_reused({}, 10, 32'768));
  EXPECT_FALSE(pids_cannot_be_reused(20, 10, 32'768));
}

}  // namespace
}  // namespace baton::process
