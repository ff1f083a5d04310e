#include "process/ledger_file.hpp"

#include <gtest/gtest.h>

namespace baton::process {
namespace {

TEST(LedgerFile, KeepsWhatWasStartedAndNotEnded) {
  const auto ledger = parse_ledger("boot b-1 forks 77\n+ 10 100 git\n+ 11 110 run 0198 x\n- 10 100\n");
  EXPECT_EQ(ledger.boot, "b-1");
  EXPECT_EQ(ledger.forks, 77u);
  EXPECT_EQ(ledger.newest_start, 110u);
  ASSERT_EQ(ledger.living.size(), 1u);
  EXPECT_EQ(ledger.living.at(11).label, "run 0198 x");
  EXPECT_EQ(ledger.living.at(11).start_time, 110u);
}

TEST(LedgerFile, ANumberThatWasUsedTwiceMeansTheLater) {
  const auto ledger = parse_ledger("boot b\n+ 10 100 a\n- 10 100\n+ 10 200 b\n- 10 100\n");
  ASSERT_EQ(ledger.living.size(), 1u);
  EXPECT_EQ(ledger.living.at(10).start_time, 200u);
}

TEST(LedgerFile, PassesOverWhatItDoesNotUnderstand) {
  const auto ledger = parse_ledger(
      "\nboot\nnoise\n+\n+ x 1 l\n+ 1 5 init\n+ -4 5 group\n+ 12 99999999999999999999 l\n+ 13 130 ok\n+ 14 14");
  ASSERT_EQ(ledger.living.size(), 1u);
  EXPECT_TRUE(ledger.living.contains(13));
  EXPECT_FALSE(ledger.forks);
  EXPECT_TRUE(parse_ledger("").living.empty());
}

TEST(LedgerFile, KeepsWhatAProcessWorksOnAndWhereItIs) {
  const Ledger::Entry run{21, 210, "run 7", "task 1", "/sys/fs/cgroup/a b/runs", "boot.1.2.3"};
  const Ledger::Entry gate{22, 220, "gate", {}, "/cg"};
  const auto ledger = parse_ledger(ledger_head("b", 5) + writer_line("boot.1.2") + start_line(run) + start_line(gate));
  EXPECT_TRUE(ledger.writers.contains("boot.1.2"));
  EXPECT_EQ(ledger.living.at(21).label, "run 7");
  EXPECT_EQ(ledger.living.at(21).subject, "task_1") << "a word of its line";
  EXPECT_EQ(ledger.living.at(21).cgroup, "/sys/fs/cgroup/a b/runs");
  EXPECT_EQ(ledger.living.at(21).tag, "boot.1.2.3");
  EXPECT_EQ(ledger.living.at(22).subject, "");
  EXPECT_EQ(ledger.living.at(22).cgroup, "/cg");
}

TEST(LedgerFile, PassesOverAPlaceThatIsNobodys) {
  const auto ledger = parse_ledger("boot b\n: 21 210 t s g\n+ 21 210 run\n: 21 211 t s g\n: x\n:\n: 21 210");
  EXPECT_EQ(ledger.living.at(21).subject, "");
}

TEST(LedgerFile, KeepsTheSubjectOfAnIntent) {
  const auto ledger = parse_ledger("boot b\n" + intent_line("n.1", "task") + intent_line("n.2", "") +
                                   intent_line("n.3", "other") + outcome_line("n.3"));
  ASSERT_EQ(ledger.intended.size(), 2u);
  EXPECT_EQ(ledger.intended.at("n.1"), "task");
  EXPECT_EQ(ledger.intended.at("n.2"), "");
}

TEST(LedgerFile, ReadsWhatItWrites) {
  const Ledger::Entry entry{21, 210, "two\nlines"};
  const auto ledger = parse_ledger(ledger_head("b", 5) + start_line(entry));
  EXPECT_EQ(ledger.living.at(21).label, "two lines");
  EXPECT_TRUE(parse_ledger(ledger_head("b", {}) + start_line(entry) + end_line(entry)).living.empty());
}

}  // namespace
}  // namespace baton::process
