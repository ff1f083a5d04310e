#include "process/environment.hpp"

#include <gmock/gmock.h>

namespace baton::process {
namespace {

using testing::ElementsAre;

TEST(CleanEnvironment, LetsThroughWhatAProgramNeedsAndNothingElse) {
  const char* const from[] = {"HOME=/home/me",
                              "BATON_TOKEN=s3cret",
                              "CLAWBOO_HOME=/x",
                              "LC_ALL=C",
                              "CREDENTIALS_DIRECTORY=/run/c",
                              "PATH=/bin",
                              "GIT_DIR=/repo",
                              "NOTIFY_SOCKET=@x",
                              "broken",
                              "XDG_CONFIG_HOME=/c",
                              "XDG_RUNTIME_DIR=/run/user/1",
                              nullptr};
  EXPECT_THAT(clean_environment(from), ElementsAre("HOME=/home/me", "LC_ALL=C", "PATH=/bin", "XDG_CONFIG_HOME=/c"));
}

TEST(CleanEnvironment, AlwaysHasAPath) {
  const char* const from[] = {nullptr};
  EXPECT_NE(value_of(clean_environment(from), "PATH").find("/usr/bin"), std::string_view::npos);
}

TEST(With, ReplacesOrAdds) {
  Environment environment{"A=1", "AB=2"};
  environment = with(std::move(environment), "A", "x=y");
  environment = with(std::move(environment), "C", "");
  EXPECT_THAT(environment, ElementsAre("A=x=y", "AB=2", "C="));
  EXPECT_EQ(value_of(environment, "A"), "x=y");
  EXPECT_EQ(value_of(environment, "B"), "");
}

}  // namespace
}  // namespace baton::process
