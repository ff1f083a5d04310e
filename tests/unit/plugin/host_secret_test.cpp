#include <cstdlib>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

constexpr const char* kValue = "sk-test-0123456789";

class HostSecretTest : public PluginTest {
 protected:
  HostSecretTest() {
    install("keeps");
    ::setenv("BATON_TEST_KEY", kValue, 1);
    add("one", "test.keeps").secrets = {
        {"api_key", "env:BATON_TEST_KEY"}, {"absent", "env:BATON_TEST_NONE"}, {"unasked", "env:BATON_TEST_KEY"}};
  }
  ~HostSecretTest() override { ::unsetenv("BATON_TEST_KEY"); }
};

TEST_F(HostSecretTest, OnlyWhatIsAskedForAndGrantedIsGiven) {
  load();
  EXPECT_EQ(complete("secrets").words(), "api_key=0 ungranted=-6 absent=-7 unasked=-6 null=-1 ");
  EXPECT_THAT(host->describe().instances.at(0).secrets, ElementsAre(Pair("absent", false), Pair("api_key", true)));
}

TEST_F(HostSecretTest, IsReadWhenTheInstanceIsMade) {
  load();
  ::unsetenv("BATON_TEST_KEY");
  EXPECT_THAT(complete("secrets").words(), HasSubstr("api_key=0 "));
}

TEST_F(HostSecretTest, IsNeverSeenInEventsEndsOrLogs) {
  load();
  testing::internal::CaptureStderr();
  const auto heard = complete("leak");
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(heard.events,
              ElementsAre("text key [secret]!", "thought key [secret]!", "status key [secret]! 0",
                          "session key [secret]! token", "result 1 true key [secret]!",
                          R"(call 1 curl {"header":"[secret]"})", R"(custom test.leak {"header":"[secret]"})"));
  EXPECT_EQ(heard.outcome->summary, "key [secret]!");
  EXPECT_EQ(heard.outcome->detail, "key [secret]!");
  EXPECT_THAT(log, HasSubstr("key [secret]!"));
  EXPECT_THAT(log, HasSubstr("key=[secret]"));
  EXPECT_THAT(log, Not(HasSubstr(kValue)));
  EXPECT_THAT(to_json(host->describe()), Not(HasSubstr(kValue)));
}

TEST_F(HostSecretTest, IsNotSeenInWhatAProbeSays) {
  load();
  const auto instance = host->describe().instances.at(0);
  EXPECT_TRUE(instance.health.ready);
  EXPECT_EQ(instance.health.version, "key [secret]!");
  EXPECT_EQ(instance.health.account, "key [secret]!");
  EXPECT_EQ(instance.health.hint, "key [secret]!");
  EXPECT_THAT(runtime().capabilities().models, ElementsAre("key [secret]!"));
}

// Also after the instance is gone: its last run may be settled then.
TEST_F(HostSecretTest, IsTakenOutOfWhatWasJoined) {
  load();
  const std::string joined = "key " + std::string(kValue) + "!";
  auto before = joined, after = joined;
  const auto& kept = runtime();
  kept.mask(before);
  EXPECT_EQ(before, "key [secret]!");
  ASSERT_TRUE(test::run_task(loop, host->disable("one")));
  kept.mask(after);
  EXPECT_EQ(after, "key [secret]!");
}

// Of several lines, and longer than what the log shows of a field.
TEST_F(HostSecretTest, AKeyOfManyLinesIsNotSeenInTheLog) {
  std::string pem = "-----BEGIN KEY-----\n";
  for (int line = 0; line < 40; ++line) pem += "line-" + std::to_string(line) + "-0123456789012345678901234567890123\n";
  ::setenv("BATON_TEST_KEY", pem.c_str(), 1);
  load();
  testing::internal::CaptureStderr();
  complete("leak");
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("key [secret]"));
  EXPECT_THAT(log, HasSubstr("key=[secret]"));
  EXPECT_THAT(log, Not(HasSubstr("BEGIN KEY")));
  EXPECT_THAT(log, Not(HasSubstr("line-")));
}

TEST_F(HostSecretTest, IsNotSeenInARefusalEither) {
  settings.instances[0].config_json = R"({"refuse":true})";
  load();
  const auto refusal = host->describe().instances.at(0).refusal;
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->text, "the server does not like [secret]");
}

TEST_F(HostSecretTest, ADescriptionCountsAndNamesButTellsNothing) {
  load();
  EXPECT_THAT(to_json(host->describe()),
              HasSubstr(R"("watches":0,"wakeups":0,"approvals":0,"toolCalls":0,"store":{"keys":0,"bytes":0},)"
                        R"("secrets":[{"name":"absent","present":false},{"name":"api_key","present":true}])"));
}

TEST_F(HostSecretTest, SetupSaysHowToGetOne) {
  load();
  const auto setup = host->describe().instances.at(0).setup;
  ASSERT_TRUE(setup);
  EXPECT_EQ(setup->auth, SetupInfo::Auth::kKey);
  EXPECT_THAT(to_json(host->describe()),
              HasSubstr(R"("setup":{"auth":"key","secret":"api_key","docsUrl":"https://example.org/keeps",)"
                        R"("install":["npm","install","keeps"],"login":[],"logout":[]})"));
}

}  // namespace
}  // namespace baton::plugin
