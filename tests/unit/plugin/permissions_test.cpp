#include "plugin/permissions.hpp"

#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/temp_dir.hpp"

namespace baton::plugin {
namespace {

using std::filesystem::permissions;
using std::filesystem::perms;

class TrustedFile : public ::testing::Test {
 protected:
  TrustedFile() {
    test::write_file(file, "x");
    permissions(file, perms(0644));
  }
  test::TempDir directory;
  std::filesystem::path file = directory.path() / "below" / "file.so";
};

TEST_F(TrustedFile, IsOneThatOnlyWeCouldHaveChanged) {
  const auto trusted = trusted_file(file);
  ASSERT_TRUE(trusted) << trusted.error().text;
  EXPECT_EQ(*trusted, file);
}

TEST_F(TrustedFile, IsNotOneThatAGroupMayWrite) {
  permissions(file, perms(0664));
  ASSERT_FALSE(trusted_file(file));
  EXPECT_EQ(trusted_file(file).error().code, RefusalCode::kPermissions);
}

TEST_F(TrustedFile, IsNotOneInADirectoryThatOthersMayWrite) {
  permissions(file.parent_path(), perms(0777));
  ASSERT_FALSE(trusted_file(file));
  EXPECT_NE(trusted_file(file).error().text.find("below is writable"), std::string::npos);
  permissions(file.parent_path(), perms(01777));  // where only owners may replace
  EXPECT_TRUE(trusted_file(file));
}

TEST_F(TrustedFile, IsJudgedAtTheEndOfALink) {
  std::filesystem::create_symlink(file, directory / "link.so");
  EXPECT_EQ(trusted_file(directory / "link.so").value(), file);
  permissions(file, perms(0666));
  EXPECT_FALSE(trusted_file(directory / "link.so"));
}

TEST_F(TrustedFile, IsNotADirectory) {
  ASSERT_FALSE(trusted_file(file.parent_path()));
  EXPECT_EQ(trusted_file(file.parent_path()).error().code, RefusalCode::kNotFound);
}

TEST_F(TrustedFile, IsNotAStrangers) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown(file.c_str(), 12345, 12345), 0);
  ASSERT_FALSE(trusted_file(file));
  EXPECT_NE(trusted_file(file).error().text.find("user 12345"), std::string::npos);
}

}  // namespace
}  // namespace baton::plugin
