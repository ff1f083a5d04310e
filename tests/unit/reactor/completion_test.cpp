#include "reactor/completion.hpp"

#include <memory>
#include <string>

#include <gmock/gmock.h>

#include "tests/support/run_task.hpp"

namespace baton::reactor {
namespace {

using Answer = std::unique_ptr<std::string>;  // something that cannot be copied

TEST(Completion, GivesAnAnswerThatComesLater) {
  Loop loop;
  Completion<Answer> answer(loop);
  loop.post([resolve = answer.resolver()]() mutable { resolve(std::make_unique<std::string>("late")); });
  EXPECT_EQ(*test::run_task(loop, answer.take()), "late");
}

TEST(Completion, GivesAnAnswerThatWasThereBefore) {
  Loop loop;
  Completion<Answer> answer(loop);
  answer.resolver()(std::make_unique<std::string>("early"));
  EXPECT_EQ(*test::run_task(loop, answer.take()), "early");
}

TEST(Completion, DropsAnAnswerThatNobodyWaitsFor) {
  Loop loop;
  std::optional<Completion<Answer>::Resolver> resolve;
  {
    Completion<Answer> answer(loop);
    resolve.emplace(answer.resolver());
  }
  (*resolve)(std::make_unique<std::string>("nobody"));
  loop.context().poll();
}

TEST(CompletionDeathTest, IsAnsweredOnce) {
  Loop loop;
  Completion<int> answer(loop);
  auto resolve = answer.resolver();
  resolve(1);
  EXPECT_DEATH(resolve(2), "answered twice");
}

}  // namespace
}  // namespace baton::reactor
