#include "process/cgroup.hpp"

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace baton::process {
namespace {

// A directory like any other; what only the kernel can do is shown in keeper_test.cpp.
TEST(Cgroup, ReadsNumbersAndEntries) {
  test::TempDir dir;
  test::write_file(dir / "memory.peak", "123456\n");
  test::write_file(dir / "memory.max", "max\n");
  test::write_file(dir / "memory.events", "low 0\noom 3\noom_kill 2\noom_group_kill x\n");
  const Cgroup group(dir.path().string());
  EXPECT_EQ(group.number("memory.peak"), 123456);
  EXPECT_FALSE(group.number("memory.max"));
  EXPECT_FALSE(group.number("no.such.file"));
  EXPECT_EQ(group.entry("memory.events", "oom"), 3);
  EXPECT_EQ(group.entry("memory.events", "oom_kill"), 2);
  EXPECT_FALSE(group.entry("memory.events", "oom_group_kill"));
  EXPECT_FALSE(group.entry("memory.events", "high"));
}

TEST(Cgroup, ListsTheProcessesOfItselfAndBelow) {
  test::TempDir dir;
  std::filesystem::create_directory(dir / "below");
  test::write_file(dir / "cgroup.procs", "7\n8\n");
  test::write_file(dir / "below/cgroup.procs", "9\n");
  EXPECT_EQ(Cgroup(dir.path().string()).pids(), (std::vector<int>{7, 8, 9}));
}

TEST(Cgroup, IsNotThereWithoutItsFiles) {
  test::TempDir dir;
  const Cgroup group(dir.path().string());
  EXPECT_FALSE(group.is_there());
  EXPECT_FALSE(group.make()) << "a directory is there, but it is no group";
  EXPECT_FALSE(group.kill());
  EXPECT_FALSE(group.is_populated());
}

}  // namespace
}  // namespace baton::process
