#include "cli/api_client.hpp"

#include <cstdlib>
#include <string_view>
#include <variant>

#include <gtest/gtest.h>

#include "tests/support/temp_dir.hpp"

namespace baton::cli {
namespace {

class FindDaemon : public testing::Test {
 protected:
  FindDaemon() {
    for (const char* name : {"BATON_URL", "RUNTIME_DIRECTORY", "BATON_HOME", "CLAWBOO_HOME"}) ::unsetenv(name);
    ::setenv("XDG_STATE_HOME", "/state", 1);
  }

  std::filesystem::path socket() {
    const auto peer = find_daemon(std::nullopt, service_);
    require(peer.has_value(), "no daemon to ask");
    return std::get<http::UnixPeer>(*peer).path;
  }

  test::TempDir directory_;
  std::filesystem::path service_ = directory_ / "batond.sock";
};

TEST_F(FindDaemon, TakesTheUsersOwnWithoutAService) { EXPECT_EQ(socket(), "/state/baton/batond.sock"); }

TEST_F(FindDaemon, TakesTheServiceThatIsThere) {
  test::write_file(service_, "");
  EXPECT_EQ(socket(), service_);
}

TEST_F(FindDaemon, TakesAServiceThatMayNotBeLookedAt) {
  std::filesystem::create_symlink(service_.filename(), service_);  // as a closed directory, also for root
  EXPECT_EQ(socket(), service_);
}

TEST(RefusalText, SaysNothingTwice) {
  const auto text_of = [](std::string_view body) { return refusal_text({409, *json::Document::parse(body)}); };
  EXPECT_EQ(text_of(R"({"error":"it is claimed","reason":"conflict","message":"it is claimed"})"),
            "409 it is claimed conflict");
  EXPECT_EQ(text_of(R"({"error":"conflict","message":"it is claimed"})"), "409 conflict it is claimed");
}

}  // namespace
}  // namespace baton::cli
