#include "process/proc_stat.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <unistd.h>

namespace baton::process {
namespace {

TEST(ParseStat, ReadsPastAHostileName) {
  const auto stat = parse_stat("42 (a) S 1 (b) R 1 43 44 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 987654 0 0\n");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->pid, 42);
  EXPECT_EQ(stat->state, 'R');
  EXPECT_EQ(stat->group, 43);
  EXPECT_EQ(stat->session, 44);
  EXPECT_EQ(stat->start_time, 987654u);
}

TEST(ParseStat, RefusesWhatIsCut) {
  EXPECT_FALSE(parse_stat(""));
  EXPECT_FALSE(parse_stat("42 (sh) S 1 42"));
  EXPECT_FALSE(parse_stat("x (sh) S 1 43 44 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 987654 0 0"));
}

TEST(StatOf, KnowsThisProcess) {
  const auto stat = stat_of(::getpid());
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->group, ::getpgrp());
  EXPECT_EQ(stat->session, ::getsid(0));
  EXPECT_FALSE(stat->ended());
  EXPECT_FALSE(stat_of(0));
  const auto all = all_processes();
  EXPECT_TRUE(std::any_of(all.begin(), all.end(), [](const ProcStat& each) { return each.pid == ::getpid(); }));
}

TEST(Machine, TellsItsBootAndItsNumbers) {
  EXPECT_EQ(boot_id().size(), 36u);
  EXPECT_GT(forks_since_boot().value_or(0), 0u);
  EXPECT_GE(highest_pid().value_or(0), 300u);
}

}  // namespace
}  // namespace baton::process
