#include "plugin/crash_log.hpp"

#include <cstdlib>
#include <string>

#include <csignal>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "plugin/crash_marker.hpp"
#include "plugin/place.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::plugin {
namespace {

constexpr std::int64_t kNowSeconds = 1'800'000'000;

class FixedClock final : public Clock {
 public:
  std::int64_t unix_ms() const override { return kNowSeconds * 1000; }
  std::int64_t monotonic_ns() const override { return 1; }
};

class CrashLogTest : public ::testing::Test {
 protected:
  std::filesystem::path file() { return directory / "crashes"; }
  // A crash of `subject`, so many seconds ago.
  void crashed(std::int64_t ago_s, const std::string& subject = "helper") {
    std::ofstream(file(), std::ios::app) << kNowSeconds - ago_s << " crash signal-11 run_start " << subject << "\n";
  }
  CrashLog opened() { return opened(clock); }
  CrashLog opened(const Clock& by) {
    CrashLog log(by);
    log.open(file());
    return log;
  }

  test::TempDir directory;
  FixedClock clock;
};

TEST_F(CrashLogTest, ThreeWithinAnHourAreTooMany) {
  crashed(3000);
  crashed(2000);
  EXPECT_FALSE(opened().quarantine("helper"));
  crashed(1000);
  const auto refusal = opened().quarantine("helper");
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->code, RefusalCode::kQuarantined);
  EXPECT_NE(refusal->text.find("3 times within an hour"), std::string::npos) << refusal->text;
  EXPECT_NE(refusal->text.find("in run_start (signal-11)"), std::string::npos) << refusal->text;
  EXPECT_FALSE(opened().quarantine("other"));
}

TEST_F(CrashLogTest, ThreeOverADayAreNot) {
  for (const int hours : {9, 5, 1}) crashed(hours * 3600);
  EXPECT_FALSE(opened().quarantine("helper"));
  EXPECT_EQ(opened().of("helper").size(), 3u);
}

TEST_F(CrashLogTest, OthersInBetweenDoNotHelp) {
  for (const int ago : {300, 200, 100}) {
    crashed(ago);
    crashed(ago - 1, "/opt/plugins/my plugin.so");
  }
  EXPECT_TRUE(opened().quarantine("helper"));
  EXPECT_TRUE(opened().quarantine("/opt/plugins/my plugin.so"));
}

TEST_F(CrashLogTest, APardonIsKept) {
  for (const int ago : {300, 200, 100}) {
    crashed(ago);
    crashed(ago, "other");
  }
  {
    auto log = opened();
    log.pardon("helper");
    EXPECT_FALSE(log.quarantine("helper"));
  }
  EXPECT_FALSE(opened().quarantine("helper"));
  EXPECT_TRUE(opened().of("helper").empty());
  EXPECT_TRUE(opened().quarantine("other"));
}

TEST_F(CrashLogTest, WhatIsNoLineIsLeftOut) {
  test::write_file(file(), "\n\n1 crash\nx crash a b helper\n18000000000000000000000 crash a b helper\n\xff\xfe\n");
  crashed(10);
  std::ofstream(file(), std::ios::app) << kNowSeconds << " crash signal-6 run_st";
  EXPECT_EQ(opened().of("helper").size(), 1u);
  test::write_file(file(), std::string(2 * 1024 * 1024, 'x'));
  EXPECT_TRUE(opened().of("helper").empty());
}

TEST_F(CrashLogTest, ForgetsWhatIsOlderThanAMonth) {
  crashed(40LL * 24 * 3600);
  crashed(10);
  EXPECT_EQ(opened().of("helper").size(), 1u);
  EXPECT_EQ(text::lines(test::read_file(file())).size(), 1u);
}

TEST_F(CrashLogTest, AQuarantineHasNoEnd) {
  constexpr std::int64_t kYear = 365LL * 24 * 3600;
  for (const int later : {0, 1, 2, 3, 4}) crashed(kYear - later);
  for (int count = 0; count < 1500; ++count) crashed(1500 - count, "other");
  for (int start = 0; start < 3; ++start) {
    EXPECT_TRUE(opened().quarantine("helper"));
    EXPECT_EQ(opened().of("helper").size(), 3u);
    EXPECT_EQ(opened().of("other").size(), 1000u);
  }
  EXPECT_EQ(opened().of("helper").back().unix_s, kNowSeconds - kYear + 4);
  EXPECT_EQ(opened().of("other").back().unix_s, kNowSeconds - 1);
  opened().pardon("helper");
  EXPECT_FALSE(opened().quarantine("helper"));
}

TEST_F(CrashLogTest, WithoutAFileThereIsNothing) {
  CrashLog log(clock);
  log.open(directory / "missing" / "crashes");
  EXPECT_EQ(log.descriptor(), -1);
  log.pardon("helper");
  EXPECT_FALSE(log.quarantine("helper"));
}

using CrashMarkerDeathTest = CrashLogTest;

void abort_marked(CrashLog& log, const char* call) {
  mark_crashes(log.descriptor());
  if (call == nullptr) std::abort();
  const Stay stay("helper", call, nullptr);
  std::abort();
}

TEST_F(CrashMarkerDeathTest, ACrashInsideAPluginIsWrittenDown) {
  const SystemClock now;
  auto log = opened(now);
  EXPECT_EXIT(abort_marked(log, "on_output"), ::testing::KilledBySignal(SIGABRT), "");
  const auto crashes = opened(now).of("helper");
  ASSERT_EQ(crashes.size(), 1u);
  EXPECT_EQ(crashes[0].call, "on_output");
  EXPECT_EQ(crashes[0].cause, "signal-6");
  EXPECT_LT(std::abs(crashes[0].unix_s - SystemClock().unix_ms() / 1000), 60);
}

TEST_F(CrashMarkerDeathTest, ABlankInACallsNameDoesNotShiftTheBlame) {
  const SystemClock now;
  auto log = opened(now);
  EXPECT_EXIT(abort_marked(log, "on a blank"), ::testing::KilledBySignal(SIGABRT), "");
  const auto crashes = opened(now).of("helper");
  ASSERT_EQ(crashes.size(), 1u) << test::read_file(file());
  EXPECT_EQ(crashes[0].call, "on_a_blank");
}

TEST_F(CrashMarkerDeathTest, OneOutsideIsNot) {
  auto log = opened();
  EXPECT_EXIT(abort_marked(log, nullptr), ::testing::KilledBySignal(SIGABRT), "");
  EXPECT_EQ(test::read_file(file()), "");
}

}  // namespace
}  // namespace baton::plugin
