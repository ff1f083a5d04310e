#include "base/limits.hpp"
#include "tests/unit/api/harness.hpp"

namespace baton::api {
namespace {

using http::test::get;
using testing::HasSubstr;

using EventsTest = ApiTest;

TEST_F(EventsTest, OneRequestLooksAtABoundedPieceOfTheLog) {
  const auto task = disk.create("work");
  log(task, "note", static_cast<int>(8 * limits::kEventScan));
  log(task, "sought", 1);
  const auto first = answer_to(get("/api/obs/events?kinds=sought"));
  EXPECT_THAT(first, HasSubstr(R"({"events":[],"nextSeq":16384})"));
  EXPECT_THAT(answer_to(get("/api/obs/events?kinds=sought&afterSeq=16384")), HasSubstr(R"("seq":16386)"));
}

}  // namespace
}  // namespace baton::api
