#include "plugin/probe_cache.hpp"

#include <filesystem>
#include <string>

#include <gtest/gtest.h>

#include "plugin/state_file.hpp"
#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

class ProbeCacheTest : public PluginTest {
 protected:
  std::filesystem::path library() { return directory.path() / "plugins" / "one.so"; }
  std::filesystem::path cache_file() { return directory.path() / "data" / "@host" / "probes.json"; }
  // What a further start says of the one library.
  Description::LibraryPart started() {
    if (host) shut_down();
    load();
    return host->describe().libraries.at(0);
  }
  // Another fixture in the place of the library, as large and as old as that.
  void replace_by(const std::string& fixture) {
    namespace fs = std::filesystem;
    const auto size = fs::file_size(library());
    const auto time = fs::last_write_time(library());
    fs::remove(library());
    install_as(fixture, "one");
    if (fs::file_size(library()) < size) fs::resize_file(library(), size);
    fs::last_write_time(library(), time);
  }
};

TEST_F(ProbeCacheTest, AnUnchangedLibraryIsNotProbedAgain) {
  install_as("good", "one");
  EXPECT_FALSE(started().cached);
  settings.probe_program = BATON_TEST_PROBE;
  const auto again = started();
  EXPECT_TRUE(again.cached);
  ASSERT_TRUE(again.manifest);
  EXPECT_EQ(again.manifest->id, "test.good");
  EXPECT_EQ(again.probe_ms, 0);
}

TEST_F(ProbeCacheTest, ARefusalByTheFileItselfIsKept) {
  install_as("bad_major", "one");
  EXPECT_FALSE(started().cached);
  const auto again = started();
  EXPECT_TRUE(again.cached);
  ASSERT_TRUE(again.refusal);
  EXPECT_EQ(again.refusal->code, RefusalCode::kMajor);
}

TEST_F(ProbeCacheTest, WhatABusyMachineCouldCauseIsAskedAgain) {
  for (const char* fixture : {"bad_crash", "bad_exit", "bad_no_entry"}) {
    std::filesystem::remove(library());
    install_as(fixture, "one");
    EXPECT_FALSE(started().cached) << fixture;
    EXPECT_FALSE(started().cached) << fixture;
  }
}

TEST_F(ProbeCacheTest, AnotherFileOfTheSameSizeAndAgeIsProbed) {
  install_as("good", "one");
  EXPECT_TRUE(started().manifest);
  replace_by("bad_major");
  const auto replaced = started();
  EXPECT_FALSE(replaced.cached);
  ASSERT_TRUE(replaced.refusal);
  EXPECT_EQ(replaced.refusal->code, RefusalCode::kMajor);
}

TEST_F(ProbeCacheTest, AFileThatWasWrittenToIsProbed) {
  install_as("good", "one");
  started();
  const auto time = std::filesystem::last_write_time(library());
  std::filesystem::permissions(library(), std::filesystem::perms(0700));
  std::filesystem::last_write_time(library(), time);
  EXPECT_FALSE(started().cached);
}

TEST_F(ProbeCacheTest, AnotherDaemonProbesAgain) {
  install_as("good", "one");
  started();
  settings.product = "baton 99";
  EXPECT_FALSE(started().cached);
  EXPECT_TRUE(started().cached);
}

TEST_F(ProbeCacheTest, AFileThatIsNoCacheIsReplaced) {
  install_as("good", "one");
  for (const std::string text :
       {"", "{", "[]", "{\"version\":1}", "\xff\xfe", "{\"version\":\"x\",\"libraries\":{}}"}) {
    test::write_file(cache_file(), text);
    EXPECT_FALSE(started().cached) << text;
    EXPECT_TRUE(started().cached) << text;
  }
  test::write_file(cache_file(), std::string(5 * 1024 * 1024, ' '));
  EXPECT_FALSE(started().cached);
  std::filesystem::remove(cache_file());
  std::filesystem::create_directory(cache_file());
  EXPECT_TRUE(started().manifest);
}

// It is asked again when it is loaded, so a lie in the cache loads nothing.
TEST_F(ProbeCacheTest, WhatItSaysIsCheckedWhenALibraryIsLoaded) {
  install_as("scripted", "one");
  add("one", "one.so");
  EXPECT_TRUE(started().manifest);
  shut_down();
  host.reset();
  auto text = read_state_file(cache_file(), 1 << 20).value();
  text.replace(text.find("Scripted"), 8, "Somebody");
  test::write_file(cache_file(), text);
  const auto again = started();
  EXPECT_TRUE(again.cached);
  ASSERT_TRUE(again.refusal);
  EXPECT_EQ(again.refusal->code, RefusalCode::kBadDescriptor);
  EXPECT_TRUE(host->runtimes().empty());
}

TEST_F(ProbeCacheTest, ForgetsLibrariesThatAreGone) {
  install_as("good", "one");
  install_as("bad_major", "two");
  started();
  std::filesystem::remove(directory.path() / "plugins" / "two.so");
  started();
  EXPECT_EQ(read_state_file(cache_file(), 1 << 20).value().find("two.so"), std::string::npos);
}

}  // namespace
}  // namespace baton::plugin
