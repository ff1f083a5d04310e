#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/rule_approvals.hpp"
#include "reactor/manual_time.hpp"
#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

// Keeps questions until the test answers them.
class Desk final : public runtime::Approvals {
 public:
  std::unique_ptr<runtime::OpenQuestion> ask(runtime::Question question,
                                             std::function<void(runtime::Answer)> on_answer) override {
    questions.push_back(std::move(question));
    answers.push_back(std::move(on_answer));
    return std::make_unique<Open>(*this);
  }
  struct Open final : runtime::OpenQuestion {
    explicit Open(Desk& at) : desk(at) {}
    ~Open() override { ++desk.over; }
    Desk& desk;
  };
  std::vector<runtime::Question> questions;
  std::vector<std::function<void(runtime::Answer)>> answers;
  int over = 0;
};

class HostApprovalTest : public PluginTest {
 protected:
  HostApprovalTest() {
    install("asks");
    add("one", "test.asks");
  }
  std::size_t open() { return host->describe().instances.at(0).approvals; }
};

TEST_F(HostApprovalTest, TheRuleSaysNoUnlessItIsToldToSayYes) {
  load();
  EXPECT_EQ(complete("ask").words(),
            "ask=0 allowed=0 note=the configuration of this runtime allows no such thing close=-3 ");
  shut_down();
  settings.instances[0].approvals = ApprovalRule::kAllow;
  load();
  EXPECT_EQ(complete("ask").words(), "ask=0 allowed=1 note= close=-3 ");
  EXPECT_EQ(misbehaviour().total(), 0u) << "closing what has ended is harmless";
}

TEST_F(HostApprovalTest, APersonIsToldWhoAsksWhatAndTheAnswerComesBack) {
  Desk desk;
  settings.approvals = &desk;
  load();
  KeepingListener listener;
  const auto running = start(request("ask"), listener);
  ASSERT_EQ(desk.questions.size(), 1u);
  const auto& asked = desk.questions[0];
  EXPECT_EQ(asked.runtime + " " + asked.agent + " " + asked.task + " " + asked.attempt, "one ada t1 1");
  EXPECT_EQ(asked.tool + " " + asked.args_json + " " + asked.reason, R"(shell {"command":"rm"} to see)");
  EXPECT_EQ(open(), 1u);
  desk.answers[0]({.allowed = true, .note = "go on"});
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.words(), "ask=0 allowed=1 note=go on close=-3 ");
  EXPECT_EQ(desk.over, 1);
  EXPECT_EQ(open(), 0u);
  desk.answers[0]({.allowed = false, .note = "too late"});
}

TEST_F(HostApprovalTest, AQuestionThatIsTakenBackIsNotAnswered) {
  load();
  EXPECT_EQ(complete("take back").words(), "ask=0 close=0 again=-3 ");
  EXPECT_EQ(complete("ask often").words(), "asked=16 ");
  EXPECT_EQ(complete("ask often").words(), "asked=16 ");
  EXPECT_EQ(open(), 0u);
}

TEST_F(HostApprovalTest, TheRunsEndTakesItsQuestionsBack) {
  Desk desk;
  settings.approvals = &desk;
  load();
  EXPECT_EQ(complete("ask often").words(), "asked=16 ");
  EXPECT_EQ(desk.over, 16);
  for (const auto& answer : desk.answers) answer({.allowed = true});
}

TEST_F(HostApprovalTest, QuestionsThatBreakTheContractAreRefused) {
  load();
  EXPECT_EQ(complete("bad questions").words(), "tool=-1 json=-1 callback=-1 null=-1 run=-3 large=-5 size=-1 ");
  EXPECT_EQ(misbehaviour().broken_struct, 5u);
  EXPECT_EQ(misbehaviour().stale_handle, 1u);
}

// With time that the test moves.
class ApprovalSilenceTest : public HostApprovalTest {
 protected:
  ApprovalSilenceTest() {
    settings.approvals = &desk;
    settings.instances[0].silence = 30s;
    host = std::make_unique<Host>(loop, time, nullptr, settings);
    run(host->load());
  }
  ~ApprovalSilenceTest() override {
    if (host) shut_down();
  }
  void pass(std::chrono::nanoseconds duration) {
    time.advance(duration);
    loop.context().restart();
    loop.context().poll();
  }
  reactor::ManualTime time{loop};
  Desk desk;
};

TEST_F(ApprovalSilenceTest, TheWatchdogRestsWhileAQuestionIsOpen) {
  KeepingListener listener;
  const auto running = start(request("ask"), listener);
  for (int hour = 0; hour < 3; ++hour) pass(1h);
  EXPECT_FALSE(listener.outcome);
  desk.answers[0]({.allowed = true});
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.outcome->end, runtime::EndKind::kSuccess);
}

TEST_F(ApprovalSilenceTest, AndWatchesAgainWhenItIsOver) {
  KeepingListener listener;
  const auto running = start(request("take back and wait"), listener);
  pass(29s);
  EXPECT_FALSE(listener.outcome);
  pass(2s);
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(listener.outcome->error_class, runtime::ErrorClass::kTimeout);
}

TEST(RuleApprovals, WhoIsNotAmongTheRulesIsRefused) {
  reactor::Loop loop;
  RuleApprovals rules(loop, {{"one", ApprovalRule::kAllow}});
  std::vector<bool> answers;
  const auto keep = [&](const runtime::Answer& answer) { answers.push_back(answer.allowed); };
  const auto known = rules.ask({.runtime = "one"}, keep);
  const auto unknown = rules.ask({.runtime = "two"}, keep);
  auto dropped = rules.ask({.runtime = "one"}, keep);
  EXPECT_TRUE(answers.empty()) << "not inside ask";
  dropped.reset();
  loop.run();
  EXPECT_THAT(answers, ElementsAre(true, false));
}

}  // namespace
}  // namespace baton::plugin
