#include "ops/instance_lock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/temp_dir.hpp"

namespace baton::ops {
namespace {

TEST(InstanceLock, IsHeldByOneAndNamesIt) {
  const test::TempDir directory;
  const auto first = InstanceLock::take(directory.path());
  ASSERT_TRUE(first);
  const auto second = InstanceLock::take(directory.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kConflict);
  EXPECT_EQ(second.error().reason, "already_running");
  EXPECT_THAT(second.error().what, testing::HasSubstr(std::to_string(::getpid())));
}

TEST(InstanceLock, IsFreeAfterItsHolder) {
  const test::TempDir directory;
  { ASSERT_TRUE(InstanceLock::take(directory.path())); }
  EXPECT_TRUE(InstanceLock::take(directory.path()));
}

TEST(InstanceLock, HoldsAfterItsFileWasRemoved) {
  const test::TempDir directory;
  const auto first = InstanceLock::take(directory.path());
  ASSERT_TRUE(first);
  std::filesystem::remove(directory / "batond.lock");
  const auto second = InstanceLock::take(directory.path());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().reason, "already_running");
}

TEST(InstanceLock, NeedsADirectory) {
  const test::TempDir directory;
  const auto lock = InstanceLock::take(directory / "nowhere");
  ASSERT_FALSE(lock);
  EXPECT_EQ(lock.error().code, Errc::kIo);
}

TEST(InstanceLock, DoesNotFollowALink) {
  const test::TempDir directory;
  test::write_file(directory / "victim", "keep me");
  std::filesystem::create_symlink(directory / "victim", directory / "batond.lock");
  EXPECT_FALSE(InstanceLock::take(directory.path()));
  EXPECT_EQ(test::read_file(directory / "victim"), "keep me");
}

}  // namespace
}  // namespace baton::ops
