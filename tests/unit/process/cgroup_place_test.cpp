#include "process/cgroup_place.hpp"

#include <gtest/gtest.h>

namespace baton::process {
namespace {

TEST(CgroupPlace, FindsTheMountWhereverItIs) {
  const auto mount = cgroup_mount(
      "31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw\n"
      "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
      "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:9 - cgroup2 cgroup2 rw\n");
  ASSERT_TRUE(mount);
  EXPECT_EQ(mount->point, "/sys/fs/cgroup/unified");
  EXPECT_EQ(mount->root, "/");
}

TEST(CgroupPlace, ReadsEscapedNames) {
  const auto mount = cgroup_mount("41 31 0:38 /a\\040b /mnt/c\\134d rw - cgroup2 none rw\n");
  ASSERT_TRUE(mount);
  EXPECT_EQ(mount->point, "/mnt/c\\d");
  EXPECT_EQ(mount->root, "/a b");
}

TEST(CgroupPlace, SaysNothingWithoutTheSecondVersion) {
  EXPECT_FALSE(cgroup_mount("32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"));
  EXPECT_FALSE(cgroup_mount(""));
  EXPECT_FALSE(cgroup_mount("41 31 - cgroup2 x rw\n"));
  EXPECT_FALSE(cgroup_path("4:memory:/a\n1:cpu:/\n"));
}

TEST(CgroupPlace, ReadsItsOwnPath) {
  EXPECT_EQ(cgroup_path("4:memory:/a\n0::/system.slice/batond.service\n"), "/system.slice/batond.service");
  EXPECT_EQ(cgroup_path("0::/\n"), "/");
}

TEST(CgroupPlace, JoinsMountAndPath) {
  EXPECT_EQ(cgroup_directory({"/sys/fs/cgroup", "/"}, "/a.slice/b"), "/sys/fs/cgroup/a.slice/b");
  EXPECT_EQ(cgroup_directory({"/sys/fs/cgroup", "/"}, "/"), "/sys/fs/cgroup");
  EXPECT_EQ(cgroup_directory({"/cg", "/docker/7"}, "/docker/7/x"), "/cg/x");
  EXPECT_EQ(cgroup_directory({"/cg", "/docker/7"}, "/docker/7"), "/cg");
}

TEST(CgroupPlace, KnowsNoDirectoryForWhatIsNotMounted) {
  EXPECT_FALSE(cgroup_directory({"/cg", "/docker/7"}, "/docker/70"));
  EXPECT_FALSE(cgroup_directory({"/cg", "/docker/7"}, "/other"));
  EXPECT_FALSE(cgroup_directory({"/cg", "/"}, "/../outside"));
}

}  // namespace
}  // namespace baton::process
