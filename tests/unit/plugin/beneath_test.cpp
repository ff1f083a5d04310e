#include "plugin/beneath.hpp"

#include <filesystem>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temp_dir.hpp"

namespace baton::plugin {
namespace {

class Beneath : public ::testing::Test {
 protected:
  Beneath() { std::filesystem::create_directory(root); }
  std::size_t files_in(const std::filesystem::path& where) {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(where), {}));
  }
  test::TempDir directory;
  std::string root = directory / "root";
};

TEST_F(Beneath, WhatWasWrittenIsRead) {
  ASSERT_TRUE(write_beneath(root, "a/b/file", "content", 0640));
  EXPECT_EQ(read_beneath(root, "a/b/file", 100).value(), "content");
  struct stat info {};
  ASSERT_EQ(::stat((root + "/a/b/file").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, mode_t{0640});
  ASSERT_EQ(::stat((root + "/a").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, mode_t{0700});
}

TEST_F(Beneath, AWriteReplacesAndLeavesNothingElse) {
  ASSERT_TRUE(write_beneath(root, "file", "old", 0600));
  ASSERT_TRUE(write_beneath(root, "file", "", 0600));
  EXPECT_EQ(read_beneath(root, "file", 100).value(), "");
  EXPECT_EQ(files_in(root), 1u);
}

TEST_F(Beneath, PathsThatCouldLeadAwayAreNone) {
  for (const char* path : {"", "/", "/etc/passwd", "..", "a/../b", "./a", "a//b", "a/", "a/."})
    EXPECT_FALSE(is_path_beneath(path)) << path;
  EXPECT_FALSE(is_path_beneath(std::string_view("a\0b", 3)));
  EXPECT_FALSE(is_path_beneath(std::string(5000, 'x')));
  for (const char* path : {"a", "...", "a/b", ".config/x", "a b"}) EXPECT_TRUE(is_path_beneath(path)) << path;
  EXPECT_EQ(read_beneath(root, "../x", 10).error().code, Errc::kInvalid);
  EXPECT_EQ(write_beneath(root, "../x", "", 0600).error().code, Errc::kInvalid);
}

TEST_F(Beneath, LinksAreNotFollowed) {
  test::write_file(directory / "secret", "s");
  std::filesystem::create_symlink(directory / "secret", root + "/link");
  std::filesystem::create_symlink(directory.path(), root + "/away");
  EXPECT_EQ(read_beneath(root, "link", 10).error().code, Errc::kDenied);
  EXPECT_EQ(read_beneath(root, "away/secret", 10).error().code, Errc::kDenied);
  EXPECT_EQ(write_beneath(root, "away/new", "x", 0600).error().code, Errc::kDenied);
  EXPECT_EQ(write_beneath(root, "link", "x", 0600).error().code, Errc::kDenied);
  EXPECT_EQ(test::read_file(directory / "secret"), "s");
}

TEST_F(Beneath, OnlyRegularFilesAreRead) {
  ASSERT_EQ(::mkfifo((root + "/pipe").c_str(), 0600), 0);
  std::filesystem::create_directory(root + "/dir");
  EXPECT_EQ(read_beneath(root, "pipe", 10).error().code, Errc::kDenied);
  EXPECT_EQ(read_beneath(root, "dir", 10).error().code, Errc::kDenied);
  EXPECT_EQ(write_beneath(root, "dir", "x", 0600).error().code, Errc::kDenied);
}

TEST_F(Beneath, ReadingIsBounded) {
  ASSERT_TRUE(write_beneath(root, "file", std::string(200'000, 'x'), 0600));
  EXPECT_EQ(read_beneath(root, "file", 200'000).value().size(), 200'000u);
  EXPECT_EQ(read_beneath(root, "file", 199'999).error().code, Errc::kTooLarge);
  EXPECT_EQ(read_beneath(root, "none", 10).error().code, Errc::kNotFound);
}

TEST_F(Beneath, KnowsWhenAFileWasWritten) {
  EXPECT_FALSE(written_at(root, "file"));
  ASSERT_TRUE(write_beneath(root, "file", "x", 0600));
  EXPECT_TRUE(written_at(root, "file"));
}

}  // namespace
}  // namespace baton::plugin
