#include "process/program.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace baton::process {
namespace {

TEST(FindProgram, TakesTheFirstExecutableInThePath) {
  test::TempDir dir;
  test::write_file(dir / "a/tool", "not executable");
  test::write_file(dir / "b/tool", "", true);
  test::write_file(dir / "c/tool", "", true);
  std::filesystem::create_directories(dir / "d/tool");
  const std::string path = "PATH=" + (dir / "d").string() + ":" + (dir / "a").string() + ":" + (dir / "b").string() +
                           ":" + (dir / "c").string();
  EXPECT_EQ(*find_program("tool", {path}, "/"), (dir / "b/tool").string());
}

TEST(FindProgram, NeverLooksInTheCurrentDirectory) {
  test::TempDir dir;
  test::write_file(dir / "tool", "", true);
  EXPECT_EQ(find_program("tool", {"PATH=:.:"}, dir.path().string()).error().code, Errc::kNotFound);
  EXPECT_EQ(find_program("tool", {}, dir.path().string()).error().code, Errc::kNotFound);
}

TEST(FindProgram, TakesANameWithASlashAsAPath) {
  test::TempDir dir;
  test::write_file(dir / "sub/tool", "", true);
  test::write_file(dir / "plain", "");
  EXPECT_EQ(*find_program("sub/tool", {}, dir.path().string()), (dir / "sub/tool").string());
  EXPECT_EQ(*find_program("/bin/sh", {}, "/nowhere"), "/bin/sh");
  EXPECT_NE(find_program("./plain", {}, dir.path().string()).error().what.find("not an executable"), std::string::npos);
}

}  // namespace
}  // namespace baton::process
