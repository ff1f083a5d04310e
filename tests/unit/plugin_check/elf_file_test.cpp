#include "plugin_check/elf_file.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace baton::plugin_check {
namespace {

std::string library() {
  std::ifstream in(BATON_TEST_LIBRARY, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class Elf : public ::testing::Test {
 protected:
  Result<ElfFile> read(const std::string& content) {
    const auto file = directory.path() / "library.so";
    std::ofstream(file, std::ios::binary) << content;
    return read_elf(file);
  }
  test::TempDir directory;
};

TEST_F(Elf, ReadsWhatAPluginExports) {
  const auto file = read(library());
  ASSERT_TRUE(file) << file.error().what;
  EXPECT_EQ(file->exports, std::vector<std::string>{"baton_plugin_entry_v1"});
  EXPECT_TRUE(file->bind_now);
  EXPECT_FALSE(file->text_relocations);
  EXPECT_FALSE(file->executable_stack);
}

TEST_F(Elf, RefusesWhatIsNone) {
  EXPECT_FALSE(read(""));
  EXPECT_FALSE(read("#!/bin/sh\n"));
  EXPECT_FALSE(read("\177ELF"));
  EXPECT_FALSE(read_elf(directory.path() / "absent.so"));
  EXPECT_FALSE(read_elf(directory.path()));
}

TEST_F(Elf, RefusesOneThatWasCutOff) {
  const std::string whole = library();
  for (std::size_t size = 0; size < whole.size(); size += whole.size() / 200 + 1)
    EXPECT_FALSE(read(whole.substr(0, size))) << size;
}

// No crash and no endless loop; what it says of such a file does not matter.
TEST_F(Elf, SurvivesDamage) {
  const std::string whole = library();
  std::mt19937 chance(1);
  for (int round = 0; round < 500; ++round) {
    std::string damaged = whole;
    for (int byte = 0; byte < 20; ++byte) damaged[chance() % damaged.size()] = static_cast<char>(chance());
    for (int byte = 0; byte < 4; ++byte) damaged[16 + chance() % 48] = static_cast<char>(chance());  // of the header
    (void)read(damaged);
  }
}

}  // namespace
}  // namespace baton::plugin_check
