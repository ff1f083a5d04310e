#include "ops/state_directory.hpp"

#include <map>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace baton::ops {
namespace {

Environment environment(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

TEST(StateDirectory, IsTheOneThatWasNamed) {
  EXPECT_EQ(named_state(environment({{"BATON_HOME", "/new"}, {"CLAWBOO_HOME", "/old"}})), "/new");
  EXPECT_EQ(named_state(environment({{"BATON_HOME", ""}, {"CLAWBOO_HOME", "/old"}})), "/old");
  EXPECT_EQ(named_state(environment({{"HOME", "/home/ada"}})), std::nullopt);
}

TEST(StateDirectory, IsTheServiceManagersBeforeTheUsers) {
  EXPECT_EQ(default_state(environment({{"STATE_DIRECTORY", "/var/lib/a:/var/lib/b"}, {"HOME", "/home/ada"}})),
            "/var/lib/a");
  EXPECT_EQ(default_state(environment({{"XDG_STATE_HOME", "/state"}, {"HOME", "/home/ada"}})), "/state/baton");
  EXPECT_EQ(default_state(environment({{"HOME", "/home/ada"}})), "/home/ada/.local/state/baton");
  EXPECT_TRUE(default_state(environment({})).empty());
}

TEST(StateDirectory, OfACommandIsTheServicesWhereThatHasADatabase) {
  const test::TempDir service;
  const auto user = environment({{"HOME", "/home/ada"}});
  EXPECT_EQ(command_state(user, service.path()), "/home/ada/.local/state/baton");
  test::write_file(database_in(service.path()), "");
  EXPECT_EQ(command_state(user, service.path()), service.path());
  EXPECT_EQ(command_state(environment({{"BATON_HOME", "/named"}}), service.path()), "/named");
}

TEST(StateDirectory, OfACommandIsTheServicesAlsoWhereItMayNotBeLookedAt) {
  const test::TempDir service;
  std::filesystem::create_symlink("baton.db", database_in(service.path()));  // as a closed directory, also for root
  EXPECT_EQ(command_state(environment({{"HOME", "/home/ada"}}), service.path()), service.path());
}

}  // namespace
}  // namespace baton::ops
