#include "git/environment.hpp"

#include <gtest/gtest.h>

namespace baton::git {
namespace {

TEST(GitEnvironment, ConfiguresByNumberedPairs) {
  const auto environment = git_environment({"PATH=/bin", "LC_ALL=de_DE"});
  EXPECT_EQ(process::value_of(environment, "PATH"), "/bin");
  EXPECT_EQ(process::value_of(environment, "LC_ALL"), "C");
  EXPECT_EQ(process::value_of(environment, "GIT_TERMINAL_PROMPT"), "0");
  const auto count = std::stoul(std::string(process::value_of(environment, "GIT_CONFIG_COUNT")));
  for (std::size_t i = 0; i < count; ++i)
    EXPECT_NE(process::value_of(environment, "GIT_CONFIG_KEY_" + std::to_string(i)), "");
  EXPECT_EQ(process::value_of(environment, "GIT_CONFIG_KEY_" + std::to_string(count)), "");
}

TEST(GitEnvironment, DurableAddsToIt) {
  const auto plain = git_environment({});
  const auto synced = durable(plain);
  const auto count = std::stoul(std::string(process::value_of(plain, "GIT_CONFIG_COUNT")));
  EXPECT_EQ(process::value_of(synced, "GIT_CONFIG_COUNT"), std::to_string(count + 2));
  EXPECT_EQ(process::value_of(synced, "GIT_CONFIG_KEY_" + std::to_string(count)), "core.fsync");
  EXPECT_EQ(process::value_of(synced, "GIT_CONFIG_KEY_0"), process::value_of(plain, "GIT_CONFIG_KEY_0"));
}

}  // namespace
}  // namespace baton::git
