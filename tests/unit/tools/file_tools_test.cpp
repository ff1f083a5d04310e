#include "tools/file_tools.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "base/json_writer.hpp"
#include "tests/support/temp_dir.hpp"

namespace baton::tools {
namespace {

namespace fs = std::filesystem;
using plugin::ToolResult;

class FileToolsTest : public ::testing::Test {
 protected:
  // Arguments as pairs of a name and a text.
  template <class... Texts>
  ToolResult run(ToolResult (*tool)(const Within&, json::Value), const Texts&... texts) {
    std::string arguments;
    json::Writer json(arguments);
    json.object();
    const std::string all[] = {texts..., ""};
    for (std::size_t index = 0; index + 1 < sizeof...(texts); index += 2) json.field(all[index], all[index + 1]);
    json.end();
    return run_json(tool, arguments);
  }
  ToolResult run_json(ToolResult (*tool)(const Within&, json::Value), const std::string& arguments) {
    const auto document = json::Document::parse(arguments);
    EXPECT_TRUE(document) << arguments;
    return tool(*Within::open(directory.path()), document->root());
  }
  void put(const std::string& name, const std::string& content) {
    std::ofstream(directory / name, std::ios::binary) << content;
  }
  std::string get(const std::string& name) {
    std::ifstream in(directory / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  test::TempDir directory;
};

TEST_F(FileToolsTest, ReadsAFileOrSomeOfItsLines) {
  put("a", "one\ntwo\nthree");
  EXPECT_EQ(run(read_file, "path", "a").text, "one\ntwo\nthree");
  EXPECT_EQ(run_json(read_file, R"({"path":"a","first_line":2})").text, "two\nthree");
  EXPECT_EQ(run_json(read_file, R"({"path":"a","first_line":2,"lines":1})").text, "two\n");
  EXPECT_EQ(run_json(read_file, R"({"path":"a","lines":2})").text, "one\ntwo\n");
  EXPECT_EQ(run_json(read_file, R"({"path":"a","first_line":-5,"lines":-1})").text, "");
  EXPECT_EQ(run_json(read_file, R"({"path":"a","first_line":9223372036854775807})").text, "");
}

TEST_F(FileToolsTest, SaysWhyItCannotRead) {
  EXPECT_EQ(run(read_file).text, "The argument path (a text) is missing.");
  EXPECT_EQ(run_json(read_file, R"({"path":7})").text, "The argument path (a text) is missing.");
  EXPECT_EQ(run(read_file, "path", "none").text, "none: No such file or directory");
  EXPECT_EQ(run(read_file, "path", "../x").text, "../x: leads out of the working directory");
  EXPECT_EQ(run(read_file, "path", ".").text, ". is not a regular file");
  ASSERT_EQ(::mkfifo((directory / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(run(read_file, "path", "pipe").text, "pipe is not a regular file");
  put("large", std::string(kFile + 1, 'x'));
  EXPECT_EQ(run(read_file, "path", "large").text, "large is larger than 1 MiB");
  put("full", std::string(kFile, 'x'));
  EXPECT_TRUE(run(read_file, "path", "full").ok);
}

TEST_F(FileToolsTest, WritesAlsoWhereNothingIsYet) {
  EXPECT_TRUE(run(write_file, "path", "new/b", "content", "hello").ok);
  EXPECT_EQ(get("new/b"), "hello");
  EXPECT_TRUE(run(write_file, "path", "new/b", "content", "").ok);
  EXPECT_EQ(get("new/b"), "");
  EXPECT_EQ(std::distance(fs::directory_iterator(directory / "new"), {}), 1) << "nothing is left beside it";
}

TEST_F(FileToolsTest, AReplacedFileKeepsItsMode) {
  put("script", "#!/bin/sh\n");
  ASSERT_EQ(::chmod((directory / "script").c_str(), 0755), 0);
  EXPECT_TRUE(run(write_file, "path", "script", "content", "#!/bin/sh\nexit 1\n").ok);
  struct stat info {};
  ASSERT_EQ(::stat((directory / "script").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0755u);
}

TEST_F(FileToolsTest, SaysWhyItCannotWrite) {
  fs::create_directory(directory / "dir");
  put("a", "untouched");
  fs::create_symlink("a", directory / "link");
  EXPECT_EQ(run(write_file, "path", "a").text, "The argument content (a text) is missing.");
  EXPECT_EQ(run(write_file, "path", "link", "content", "x").text, "link is a link; write what it leads to");
  EXPECT_EQ(run(write_file, "path", "dir", "content", "x").text, "dir is not a regular file");
  EXPECT_EQ(run(write_file, "path", "../x", "content", "x").text, "../x: leads out of the working directory");
  EXPECT_EQ(run(write_file, "path", ".git/hooks/pre-commit", "content", "x").text,
            ".git/hooks/pre-commit: .git is not written here");
  EXPECT_FALSE(run(write_file, "path", "huge", "content", std::string(kFile + 1, 'x')).ok);
  EXPECT_EQ(get("a"), "untouched");
}

TEST_F(FileToolsTest, EditsExactlyOnePlace) {
  put("a", "x = 1;\ny = 1;\n");
  EXPECT_EQ(run(edit_file, "path", "a", "old_text", "x = 1", "new_text", "x = 2").text, "a was changed in one place.");
  EXPECT_EQ(get("a"), "x = 2;\ny = 1;\n");
  EXPECT_TRUE(run(edit_file, "path", "a", "old_text", "x = 2;\n", "new_text", "").ok);
  EXPECT_EQ(get("a"), "y = 1;\n");
}

TEST_F(FileToolsTest, EditsNothingWhenItIsUnclear) {
  put("a", "aaa bb bb");
  EXPECT_EQ(run(edit_file, "path", "a", "old_text", "c", "new_text", "d").text,
            "old_text is not in a. Nothing was changed.");
  EXPECT_EQ(run(edit_file, "path", "a", "old_text", "bb", "new_text", "d").text,
            "old_text is in a more than once, make it longer. Nothing was changed.");
  EXPECT_FALSE(run(edit_file, "path", "a", "old_text", "aa", "new_text", "d").ok) << "places may overlap";
  EXPECT_EQ(run(edit_file, "path", "a", "old_text", "", "new_text", "d").text, "old_text is empty.");
  EXPECT_EQ(run(edit_file, "path", "a", "old_text", "aaa").text, "The argument new_text (a text) is missing.");
  EXPECT_FALSE(run(edit_file, "path", "none", "old_text", "a", "new_text", "b").ok);
  EXPECT_FALSE(run(edit_file, "path", "a", "old_text", "aaa", "new_text", std::string(kFile, 'x')).ok);
  EXPECT_EQ(get("a"), "aaa bb bb");
}

TEST_F(FileToolsTest, EditsFindOverlapsAndEnds) {
  const auto edited = [this](const std::string& content, const std::string& before) {
    put("a", content);
    return run(edit_file, "path", "a", "old_text", before, "new_text", "-").ok ? get("a") : std::string();
  };
  EXPECT_EQ(edited("aaaa", "aaaa"), "-");
  EXPECT_EQ(edited("aaaa", "aaa"), "");
  EXPECT_EQ(edited("xaaa", "xaaa"), "-");
  EXPECT_EQ(edited("xaaay", "ay"), "xaa-");
  EXPECT_EQ(edited("aabaab", "ab"), "");
  EXPECT_EQ(edited("aabaac", "aac"), "aab-");
  EXPECT_EQ(edited("a", "aa"), "");
}

// Naive searches compare each byte of one with each of the other: so many edits would take minutes.
TEST_F(FileToolsTest, TheWorstTextIsSearchedAsFastAsAnyOther) {
  const std::string part = std::string(400'000, 'a') + "b" + std::string(100'000, 'a');
  const std::string mostly = std::string(kFile - part.size(), 'a');
  for (int count = 0; count < 20; ++count) {
    put("a", mostly + part);
    ASSERT_TRUE(run(edit_file, "path", "a", "old_text", part, "new_text", "x").ok);
    ASSERT_EQ(get("a").size(), mostly.size() + 1);
    put("a", std::string(kFile, 'a'));
    ASSERT_FALSE(run(edit_file, "path", "a", "old_text", part, "new_text", "x").ok);
    ASSERT_FALSE(run(edit_file, "path", "a", "old_text", mostly, "new_text", "x").ok);
  }
}

TEST_F(FileToolsTest, ListsNamesInOrder) {
  put("b", "");
  put("a", "");
  fs::create_directory(directory / "sub");
  EXPECT_EQ(run(list_files).text, "a\nb\nsub/\n");
  EXPECT_EQ(run(list_files, "path", "sub").text, "");
  EXPECT_FALSE(run(list_files, "path", "a").ok);
  EXPECT_FALSE(run(list_files, "path", "..").ok);
}

TEST_F(FileToolsTest, ALargeDirectoryIsCut) {
  fs::create_directory(directory / "many");
  for (int count = 0; count < 2100; ++count) put("many/" + std::to_string(10'000 + count), "");
  const auto text = run(list_files, "path", "many").text;
  EXPECT_TRUE(text.starts_with("10000\n10001\n"));
  EXPECT_TRUE(text.ends_with("11999\n[... 100 or more names are left out ...]\n")) << text.substr(text.size() - 80);
}

}  // namespace
}  // namespace baton::tools
