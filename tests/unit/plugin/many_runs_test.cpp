// A thousand runs in one instance, each with a process and a timer: what one of them leaves behind would be there a
// thousand times.
#include <cstddef>
#include <filesystem>
#include <system_error>

#include <malloc.h>

#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

constexpr int kWarmUp = 100, kRuns = 1000;

// Less than the smallest block that every run could have left.
constexpr std::size_t kGrowth = static_cast<std::size_t>(kRuns) * 16;

std::size_t open_descriptors() {
  std::size_t count = 0;
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc/self/fd", error), end; !error && entry != end;
       entry.increment(error))
    ++count;
  return count;
}

bool counts_memory() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return false;  // their allocator has no such numbers
#else
  return true;
#endif
}

TEST_F(PluginTest, AThousandRunsLeaveNothing) {
  install_command();
  add("many", "org.baton.command", R"({"argv":["/bin/echo","done"],"timeout_s":60})");
  load();
  const auto run_some = [&](int count) {
    for (int number = 0; number < count; ++number) {
      const auto listener = complete("go");
      ASSERT_TRUE(listener.outcome);
      ASSERT_EQ(listener.outcome->end, runtime::EndKind::kSuccess) << listener.outcome->detail;
    }
  };
  run_some(kWarmUp);
  const auto descriptors = open_descriptors();
  const auto bytes = ::mallinfo2().uordblks;
  run_some(kRuns);
  EXPECT_EQ(open_descriptors(), descriptors);
  if (counts_memory()) {
    EXPECT_LT(::mallinfo2().uordblks, bytes + kGrowth);
  }
  const auto instance = host->describe().instances.at(0);
  EXPECT_EQ(instance.runs, 0u);
  EXPECT_EQ(instance.processes, 0u);
  EXPECT_EQ(instance.timers, 0u);
  EXPECT_EQ(misbehaviour().total(), 0u);
}

}  // namespace
}  // namespace baton::plugin
