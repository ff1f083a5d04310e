#include "plugin_check/transcript.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace baton::plugin_check {
namespace {

class Transcripts : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& content) {
    std::ofstream(directory.path() / name, std::ios::binary) << content;
  }
  test::TempDir directory;
};

TEST(TranscriptFits, ComparesArgumentByArgument) {
  EXPECT_TRUE(fits({}, {"anything"}));
  EXPECT_TRUE(fits({"agent", "run"}, {"agent", "run"}));
  EXPECT_FALSE(fits({"agent", "run"}, {"agent"}));
  EXPECT_FALSE(fits({"agent"}, {"agent", "run"}));
  EXPECT_TRUE(fits({"agent", "..."}, {"agent"}));
  EXPECT_TRUE(fits({"agent", "..."}, {"agent", "a", "b"}));
  EXPECT_TRUE(fits({"agent", "--model=*", "*"}, {"agent", "--model=x", ""}));
  EXPECT_FALSE(fits({"agent", "--model=*"}, {"agent", "--mode"}));
  EXPECT_TRUE(fits({"*", "a*b*c"}, {"x", "a-b-b-c"}));
}

TEST(TranscriptFits, ComparesTheProgramWithoutItsDirectory) {
  EXPECT_TRUE(fits({"agent"}, {"/usr/bin/agent"}));
  EXPECT_FALSE(fits({"/opt/agent"}, {"/usr/bin/agent"}));
}

TEST_F(Transcripts, ReadEverythingOfOne) {
  write("words.txt", "from a file\n");
  write("one.json", R"({"kind":"happy","argv":["agent","..."],"exit":{"signal":9},"hangs":true,
      "pieces":[{"text":"a\n","after_ms":250,"after_lines":2},{"file":"words.txt","stream":"stderr","after_stdin_end":true}],
      "on_signal":{"INT":{"pieces":[{"text":"ow"}],"exit":{"code":3}}},
      "expect":{"result":"failed","error":"auth"}})");
  const auto all = read_transcripts(directory.path());
  ASSERT_TRUE(all) << all.error().what;
  ASSERT_EQ(all->size(), 1U);
  const auto& one = all->front();
  EXPECT_EQ(one.name, "one");
  EXPECT_EQ(one.kind, "happy");
  EXPECT_EQ(one.expect.result, "failed");
  EXPECT_EQ(one.expect.error, "auth");
  ASSERT_EQ(one.script.pieces.size(), 2U);
  EXPECT_EQ(one.script.pieces[0].after, std::chrono::milliseconds(250));
  EXPECT_EQ(one.script.pieces[0].after_lines, 2U);
  EXPECT_EQ(one.script.pieces[1].bytes, "from a file\n");
  EXPECT_EQ(one.script.pieces[1].stream, process::Stream::kStderr);
  EXPECT_TRUE(one.script.pieces[1].after_stdin_end);
  EXPECT_EQ(one.script.exit.signal, 9);
  EXPECT_TRUE(one.script.hangs);
  ASSERT_TRUE(one.script.reactions.contains(SIGINT));
  EXPECT_EQ(one.script.reactions.at(SIGINT).exit->code, 3);
}

TEST_F(Transcripts, ReadAnIndexOfRecordedSessions) {
  std::filesystem::create_directory(directory.path() / "agent");
  write("agent/hello.jsonl", "{}\n");
  write("agent/silent.jsonl", "");
  write("index.json", R"({"agent/hello.jsonl":{"command":["agent","-p"],"exit_code":-15,"stderr":"oh"},
                          "agent/silent.jsonl":{"command":["agent"],"killed_after_timeout":true}})");
  const auto all = read_transcripts(directory.path());
  ASSERT_TRUE(all) << all.error().what;
  ASSERT_EQ(all->size(), 2U);
  EXPECT_EQ((*all)[0].script.pieces.size(), 2U);
  EXPECT_EQ((*all)[0].script.exit.signal, 15);
  EXPECT_TRUE((*all)[1].script.hangs);
}

TEST_F(Transcripts, AreFoundByKindAndProgram) {
  write("a.json", R"({"kind":"probe","argv":["agent","--version"]})");
  write("b.json", R"({"kind":"happy","argv":["agent","..."]})");
  const auto all = *read_transcripts(directory.path());
  EXPECT_EQ(find_transcript(all, "happy", {"agent", "--version"})->name, "b");
  EXPECT_EQ(find_transcript(all, "", {"agent", "--version"})->name, "a");
  EXPECT_EQ(find_transcript(all, "limit", {"agent"}), nullptr);
  EXPECT_EQ(find_transcript(all, "", {"other"}), nullptr);
}

TEST_F(Transcripts, NameTheFileThatIsWrong) {
  write("good.json", "{}");
  write("odd.json", R"({"pieces":[{"file":"absent"}]})");
  const auto all = read_transcripts(directory.path());
  ASSERT_FALSE(all);
  EXPECT_NE(all.error().what.find("odd.json"), std::string::npos) << all.error().what;
}

TEST_F(Transcripts, RefuseWhatTheyDoNotKnow) {
  const std::pair<const char*, const char*> all[] = {
      {R"({"foo":1})", "unknown member \"foo\" in the transcript"},
      {R"({"kind":"aproval"})", "unknown kind \"aproval\"; there are happy"},
      {R"({"kind":"approval"})", "no pieces"},
      {R"({"kind":"approval","pieces":[]})", "no pieces"},
      {R"({"kind":7})", "\"kind\" in the transcript is not of type text"},
      {R"({"argv":"agent"})", "\"argv\" in the transcript is not an array of texts"},
      {R"({"argv":["agent",1]})", "\"argv\""},
      {R"({"pieces":{}})", "\"pieces\" in the transcript is not of type array"},
      {R"({"pieces":["x"]})", "pieces[0] is not an object"},
      {R"({"pieces":[{"text":"a"},{"text":"b","after":5}]})", "unknown member \"after\" in pieces[1]"},
      {R"({"pieces":[{"text":"a","after_ms":2.5}]})", "\"after_ms\" in pieces[0] is not of type integer"},
      {R"({"exit":{"status":1}})", "unknown member \"status\" in exit"},
      {R"({"on_signal":{"INT":{"hangs":true}}})", "unknown member \"hangs\" in on_signal.INT"},
      {R"({"on_signal":{"INT":{"pieces":[{"txt":""}]}}})", "\"txt\" in on_signal.INT.pieces[0]"},
      {R"({"expect":{"word":["a"]}})", "unknown member \"word\" in expect"},
      {R"({"expect":{"words":"a"}})", "\"words\" in expect is not an array of texts"},
      {R"(["happy"])", "the transcript is not an object"},
  };
  for (const auto& [content, reason] : all) {
    write("odd.json", content);
    const auto read = read_transcripts(directory.path());
    ASSERT_FALSE(read) << content;
    EXPECT_NE(read.error().what.find("odd.json: "), std::string::npos) << read.error().what;
    EXPECT_NE(read.error().what.find(reason), std::string::npos) << content << ": " << read.error().what;
  }
}

TEST_F(Transcripts, SayWhereTheyAreNoJson) {
  for (const auto& [content, where] :
       {std::pair{"{\"kind\":\"happy\",\n \"hangs\" true}", "line 2, column 10: "}, std::pair{"", "line 1, column 1: "},
        std::pair{"{}\n{}", "line 2, column 1: "}, std::pair{"{\"kind\":\"\xff\"}", "line 1, column 10: "}}) {
    write("odd.json", content);
    const auto read = read_transcripts(directory.path());
    ASSERT_FALSE(read) << content;
    EXPECT_NE(read.error().what.find(where), std::string::npos) << read.error().what;
  }
}

}  // namespace
}  // namespace baton::plugin_check
