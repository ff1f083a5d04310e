#include "tools/within.hpp"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace baton::tools {
namespace {

namespace fs = std::filesystem;

class WithinTest : public ::testing::Test {
 protected:
  WithinTest() {
    fs::create_directories(root / "src" / "deep");
    fs::create_directory(directory / "outside");
    std::ofstream(root / "src" / "a") << "a";
    std::ofstream(directory / "outside" / "secret") << "s";
    fs::create_symlink("src", root / "inner");
    fs::create_symlink("../outside", root / "outer");
    fs::create_symlink(directory / "outside", root / "absolute");
    fs::create_symlink("../../outside/secret", root / "src" / "file");
    fs::create_symlink("loop", root / "loop");
  }
  Within within() { return Within::open(root).value(); }
  std::string outcome(const std::string& path, int flags = O_RDONLY) {
    const auto opened = within().open_file(path, flags);
    if (opened) return "open";
    return opened.error().code == Errc::kDenied     ? "denied"
           : opened.error().code == Errc::kNotFound ? "not found"
           : opened.error().code == Errc::kInvalid  ? "invalid"
                                                    : opened.error().what;
  }
  std::string place(const std::string& path) {
    const auto found = within().place_for(path);
    if (!found) return found.error().code == Errc::kDenied ? "denied" : "refused";
    struct stat info {};
    return ::fstat(found->directory.get(), &info) == 0 ? found->name : "closed";
  }

  test::TempDir directory;
  fs::path root = directory / "work";
};

TEST_F(WithinTest, OpensWhatLiesBeneath) {
  for (const auto* path : {"src/a", "./src/a", "src/../src/a", "inner/a", "src//a", "src/deep/../a"})
    EXPECT_EQ(outcome(path), "open") << path;
  EXPECT_EQ(outcome((root / "src" / "a").native()), "open") << "the agent knows where it is";
  EXPECT_EQ(outcome("", O_RDONLY | O_DIRECTORY), "open");
  EXPECT_EQ(outcome(root.native() + "/", O_RDONLY | O_DIRECTORY), "open");
  EXPECT_EQ(outcome("src/b"), "not found");
}

TEST_F(WithinTest, NothingLeadsOut) {
  for (const auto* path : {"..", "../outside/secret", "src/../../outside/secret", "outer/secret", "absolute/secret",
                           "src/file", "/etc/passwd", "loop"})
    EXPECT_EQ(outcome(path), "denied") << path;
  EXPECT_EQ(outcome(root.native() + "-sibling"), "denied") << "the root is a directory and not a beginning";
  EXPECT_EQ(outcome(root.native() + "/../outside/secret"), "denied");
}

TEST_F(WithinTest, APathThatCannotBeOneIsRefused) {
  EXPECT_EQ(outcome(std::string("a\0b", 3)), "invalid");
  EXPECT_EQ(outcome(std::string(5000, 'x')), "invalid");
  EXPECT_NE(outcome(std::string(300, 'x')), "open");
}

TEST_F(WithinTest, APlaceIsMadeWithItsDirectories) {
  EXPECT_EQ(place("new/deeper/file"), "file");
  EXPECT_TRUE(fs::is_directory(root / "new" / "deeper"));
  EXPECT_EQ(place("./file"), "file");
  EXPECT_EQ(place("src/a/below a file"), "refused");
  for (const auto* path : {"", ".", "./"}) EXPECT_EQ(place(path), "refused") << path;
}

TEST_F(WithinTest, APlaceIsNeverOutsideAndNeverGits) {
  for (const auto* path : {"../file", "src/../file", "outer/file", "absolute/file", "/tmp/file", ".git", ".git/hooks/x",
                           "src/.git/config"})
    EXPECT_EQ(place(path), "denied") << path;
  EXPECT_EQ(place(".gitignore"), ".gitignore");
  EXPECT_FALSE(fs::exists(directory / "outside" / "file"));
}

TEST_F(WithinTest, APlaceIsNotReachedByALink) {
  fs::create_directories(root / ".git" / "hooks");
  fs::create_symlink(".git/hooks", root / "x");
  fs::create_symlink("../.git", root / "src" / "git");
  for (const auto* path : {"x/post-checkout", "src/git/config", "src/git/hooks/new/file", "inner/file"})
    EXPECT_EQ(place(path), "denied") << path;
  EXPECT_TRUE(fs::is_empty(root / ".git" / "hooks"));
  EXPECT_EQ(outcome("inner/a"), "open") << "reading is another thing";
}

// What a kernel without openat2 gets: no links, no "..".
TEST_F(WithinTest, StepByStepFollowsNothing) {
  const int at = ::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  ASSERT_GE(at, 0);
  const Descriptor keep(at);
  for (const auto* path : {"src/a", "./src/a", "src//a", ".", "src/deep", "src/deep/"})
    EXPECT_TRUE(open_step_by_step(at, path, O_RDONLY, 0).valid()) << path;
  for (const auto* path : {"inner/a", "outer/secret", "src/file", "..", "src/../src/a", "src/b", "src/a/b"})
    EXPECT_FALSE(open_step_by_step(at, path, O_RDONLY, 0).valid()) << path;
}

TEST_F(WithinTest, TheRootMustBeADirectory) {
  EXPECT_FALSE(Within::open(root / "src" / "a"));
  EXPECT_EQ(Within::open(root / "none").error().code, Errc::kNotFound);
}

}  // namespace
}  // namespace baton::tools
