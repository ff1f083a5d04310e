#include "tests/unit/api/harness.hpp"

namespace baton::api {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

using ClaimsTest = ApiTest;

TEST_F(ClaimsTest, AClaimHasTheBoardsLeaseOrItsOwn) {
  const auto since = disk.clock().unix_ms();
  const auto usual = answer_to(claim_of(disk.create("usual").id, "ada"));
  EXPECT_THAT(usual, HasSubstr("\"leaseExpiresAt\":" + std::to_string(since + settings.stale_ttl.count())));
  const auto own = answer_to(claim_of(disk.create("own").id, "ada", R"(,"leaseMs":5000)"));
  EXPECT_THAT(own, HasSubstr("\"leaseExpiresAt\":" + std::to_string(since + 5000)));
}

TEST_F(ClaimsTest, ALeaseHasBounds) {
  const auto task = disk.create("t");
  for (const char* lease : {"999", "604800001", "\"5000\"", "null"}) {
    const auto answer = answer_to(claim_of(task.id, "ada", R"(,"leaseMs":)" + std::string(lease)));
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 400 ")) << lease;
    EXPECT_THAT(answer, HasSubstr("leaseMs"));
  }
}

TEST_F(ClaimsTest, ARefusalTellsWhoAndSinceWhen) {
  const auto task = disk.create("t");
  const auto since = disk.clock().unix_ms();
  answer_to(claim_of(task.id, "ada"));
  const auto refused = answer_to(claim_of(task.id, "bob"));
  EXPECT_THAT(refused, StartsWith("HTTP/1.1 409 "));
  EXPECT_THAT(refused, HasSubstr(R"({"ok":false,"error":"conflict","reason":"claimed","message":)"));
  EXPECT_THAT(refused, HasSubstr(R"("holder":"ada")"));
  EXPECT_THAT(refused, HasSubstr("\"since\":" + std::to_string(since)));
}

}  // namespace
}  // namespace baton::api
