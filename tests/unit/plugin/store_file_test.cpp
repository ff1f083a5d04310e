#include "plugin/store_file.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::plugin {
namespace {

// With a right digest, whatever the entries are.
std::string sealed(const std::string& entries) { return "baton-store 1 " + sha256_hex(entries) + "\n" + entries; }

TEST(StoreFile, WhatIsWrittenIsReadBack) {
  using namespace std::string_literals;
  const StoreContent content{
      {"a", "1"}, {"empty", ""}, {"bytes", "\0\n\xff"s}, {"käse", std::string(kStoreValue, 'x')}};
  const auto read = from_store_file(to_store_file(content));
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, content);
  EXPECT_EQ(from_store_file(to_store_file({})).value(), StoreContent{});
}

TEST(StoreFile, HasTheDocumentedForm) {
  EXPECT_EQ(to_store_file({{"b", "two"}, {"a", ""}}), sealed("1 0\na\n1 3\nbtwo\n"));
}

TEST(StoreFile, EachDamageIsNoticed) {
  const auto good = to_store_file({{"key", "value"}, {"other", "text"}});
  for (std::size_t at = 0; at < good.size(); ++at) {
    auto damaged = good;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_FALSE(from_store_file(damaged)) << at;
    EXPECT_FALSE(from_store_file(good.substr(0, at))) << "cut to " << at;
  }
}

TEST(StoreFile, EntriesThatBreakTheFormAreRefused) {
  for (const char* entries :
       {"1 0\n", "1 0\na", "1 5\nab\n", "0 1\nx\n", "-1 1\nx\n", "1 1\nab\n1 1\nab\n", "x\n",
        "1 99999999999999999999999\na\n", "1 18446744073709551615\na\n", "1  1\nab\n", "1 1 \nab\n",
        "1 1\n\xff"
        "b\n"})
    EXPECT_FALSE(from_store_file(sealed(entries))) << entries;
  EXPECT_FALSE(from_store_file(sealed("129 0\n" + std::string(129, 'k') + "\n")));
}

TEST(StoreFile, MoreThanAStoreMayHoldIsRefused) {
  StoreContent content;
  for (int index = 0; index <= 256; ++index) content["k" + std::to_string(index)];
  EXPECT_FALSE(from_store_file(to_store_file(content)));
  content.clear();
  for (int index = 0; index < 16; ++index) content["k" + std::to_string(index)] = std::string(kStoreValue, 'x');
  EXPECT_FALSE(from_store_file(to_store_file(content)));
}

class LoadStore : public ::testing::Test {
 protected:
  void write(const std::string& bytes) { std::ofstream(file, std::ios::binary) << bytes; }
  std::string read(const char* name) {
    std::ifstream in(directory / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  const test::TempDir directory;
  const std::filesystem::path file = directory / "one";
};

TEST_F(LoadStore, ABrokenOneIsSetAsideAndNothingIsLost) {
  EXPECT_TRUE(load_store(file).content.empty()) << "not there";
  write("torn");
  const auto loaded = load_store(file);
  EXPECT_TRUE(loaded.content.empty() && loaded.writable);
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_EQ(read("@broken.one"), "torn");
  write(std::string(2 * kStoreBytes, 'x'));
  EXPECT_TRUE(load_store(file).writable) << "too large";
  EXPECT_EQ(read("@broken-2.one").size(), 2 * kStoreBytes);
}

TEST_F(LoadStore, OlderBrokenOnesStay) {
  for (int count = 1; count <= 12; ++count) {
    write("torn " + std::to_string(count));
    EXPECT_TRUE(load_store(file).content.empty());
  }
  EXPECT_EQ(read("@broken.one"), "torn 1");
  EXPECT_EQ(read("@broken-9.one"), "torn 9");
  EXPECT_FALSE(std::filesystem::exists(directory / "@broken-10.one"));
}

TEST_F(LoadStore, WhatTheDiskDoesNotGiveIsLeftAlone) {
  std::filesystem::create_symlink("elsewhere", file);
  EXPECT_FALSE(load_store(file).writable);
  EXPECT_TRUE(std::filesystem::is_symlink(file));
  std::filesystem::remove(file);
  std::filesystem::create_directory(file);
  EXPECT_FALSE(load_store(file).writable);
  EXPECT_TRUE(std::filesystem::is_directory(file));
}

}  // namespace
}  // namespace baton::plugin
