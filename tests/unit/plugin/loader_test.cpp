#include "plugin/loader.hpp"

#include <filesystem>
#include <ostream>

#include <gtest/gtest.h>

#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

class LoaderTest : public PluginTest {
 protected:
  // What the loader says of the one library that is there.
  Refusal refusal_of_only() {
    load();
    const auto libraries = host->describe().libraries;
    EXPECT_EQ(libraries.size(), 1u);
    return libraries.at(0).refusal.value_or(Refusal{RefusalCode::kDisabled, "it was not refused"});
  }
};

struct Defect {
  const char* fixture;
  RefusalCode code;
  const char* text;  // part of the sentence
};
void PrintTo(const Defect& defect, std::ostream* out) { *out << defect.fixture; }

class LoaderDefect : public LoaderTest, public ::testing::WithParamInterface<Defect> {};

TEST_P(LoaderDefect, IsRefusedWithItsReason) {
  install(GetParam().fixture);
  const auto refusal = refusal_of_only();
  EXPECT_EQ(to_text(refusal.code), to_text(GetParam().code));
  EXPECT_NE(refusal.text.find(GetParam().text), std::string::npos) << refusal.text;
}

INSTANTIATE_TEST_SUITE_P(All, LoaderDefect,
                         ::testing::Values(Defect{"bad_no_entry", RefusalCode::kNoEntry, "baton_plugin_entry_v1"},
                                           Defect{"bad_magic", RefusalCode::kBadMagic, "magic"},
                                           Defect{"bad_major", RefusalCode::kMajor, "ABI 2"},
                                           Defect{"bad_minor", RefusalCode::kMinor, "needs ABI 1.99"},
                                           Defect{"bad_need", RefusalCode::kMissingNeed, "baton.magic/1"},
                                           Defect{"bad_id", RefusalCode::kBadDescriptor, "reverse DNS"},
                                           Defect{"bad_offer", RefusalCode::kBadDescriptor, "baton.runtime/1"},
                                           Defect{"bad_any_table", RefusalCode::kBadDescriptor, "does not offer"},
                                           Defect{"bad_setup", RefusalCode::kBadDescriptor, "baton.setup/1"},
                                           Defect{"bad_short", RefusalCode::kBadDescriptor, "size"},
                                           Defect{"bad_crash", RefusalCode::kProbeCrash, "signal 6"},
                                           Defect{"bad_exit", RefusalCode::kProbeCrash, "without an answer"},
                                           Defect{"bad_hang", RefusalCode::kProbeTimeout, "time"}),
                         [](const auto& defect) { return defect.param.fixture; });

TEST_F(LoaderTest, AFileThatIsNoLibraryIsRefused) {
  test::write_file(directory.path() / "plugins" / "text.so", "hello");
  EXPECT_EQ(refusal_of_only().code, RefusalCode::kNoEntry);
}

TEST_F(LoaderTest, AFileThatOthersMayWriteIsRefused) {
  install("good");
  std::filesystem::permissions(directory.path() / "plugins" / "good.so", std::filesystem::perms(0666));
  const auto refusal = refusal_of_only();
  EXPECT_EQ(refusal.code, RefusalCode::kPermissions);
  EXPECT_NE(refusal.text.find("chmod go-w"), std::string::npos);
}

TEST_F(LoaderTest, ALinkThatLeadsNowhereIsRefused) {
  std::filesystem::create_symlink("nowhere", directory.path() / "plugins" / "link.so");
  EXPECT_EQ(refusal_of_only().code, RefusalCode::kNotFound);
}

TEST_F(LoaderTest, AProbeThatCannotBeRunIsARefusal) {
  install("good");
  settings.probe_program = directory / "no-such-probe";
  EXPECT_EQ(refusal_of_only().code, RefusalCode::kProbeCrash);
}

TEST_F(LoaderTest, TheSecondLibraryWithAnIdIsRefused) {
  install_as("good", "a");
  install_as("good", "b");
  load();
  const auto libraries = host->describe().libraries;
  ASSERT_EQ(libraries.size(), 2u);
  EXPECT_FALSE(libraries[0].refusal);
  ASSERT_TRUE(libraries[1].refusal);
  EXPECT_EQ(libraries[1].refusal->code, RefusalCode::kDuplicateId);
  EXPECT_NE(libraries[1].refusal->text.find("a.so"), std::string::npos);
}

TEST_F(LoaderTest, LooksAtNothingButLibrariesInItsDirectories) {
  test::write_file(directory.path() / "plugins" / "README.md", "hello");
  test::write_file(directory.path() / "plugins" / "below" / "deep.so", "hello");
  settings.directories.push_back(directory / "missing");
  load();
  EXPECT_TRUE(host->describe().libraries.empty());
}

TEST_F(LoaderTest, WhatNobodyWantsIsNotLoaded) {
  install("good");
  load();
  EXPECT_FALSE(host->describe().libraries.at(0).loaded);
}

}  // namespace
}  // namespace baton::plugin
