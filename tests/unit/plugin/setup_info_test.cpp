#include "plugin/setup_info.hpp"

#include <cstdint>
#include <string>

#include <gmock/gmock.h>

namespace baton::plugin {
namespace {

baton_setup_info asking_for(std::uint32_t kind, const char* secret = nullptr) {
  baton_setup_info info{};
  info.size = sizeof(info);
  info.auth_kind = kind;
  info.secret = secret;
  return info;
}

TEST(SetupInfo, NothingIsAskedForByDefault) {
  const auto info = read_setup({}, {});
  ASSERT_TRUE(info);
  EXPECT_EQ(info->auth, SetupInfo::Auth::kNone);
  EXPECT_TRUE(info->install.empty());
}

TEST(SetupInfo, ListsAreBoundedAndTextsAreText) {
  const char* many[100];
  for (auto& one : many) one = "x\xff";
  many[99] = nullptr;
  auto asked = asking_for(BATON_AUTH_LOGIN);
  asked.login_argv = many;
  const auto info = read_setup(asked, {});
  ASSERT_TRUE(info);
  EXPECT_EQ(info->login.size(), 64u);
  EXPECT_EQ(info->login.front(), "x\xEF\xBF\xBD");
}

TEST(SetupInfo, AnUnknownKindOrSecretIsNotShown) {
  Manifest manifest;
  manifest.secrets = {"key"};
  EXPECT_FALSE(read_setup(asking_for(9), manifest));
  EXPECT_FALSE(read_setup(asking_for(BATON_AUTH_KEY), manifest));
  EXPECT_FALSE(read_setup(asking_for(BATON_AUTH_KEY, "other"), manifest));
  EXPECT_TRUE(read_setup(asking_for(BATON_AUTH_KEY, "key"), manifest));
}

}  // namespace
}  // namespace baton::plugin
