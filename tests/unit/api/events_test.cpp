#include "base/limits.hpp"
#include "tests/unit/api/harness.hpp"

namespace baton::api {
namespace {

using http::test::get;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

using EventsTest = ApiTest;

TEST_F(EventsTest, OneRequestLooksAtABoundedPieceOfTheLog) {
  const auto task = disk.create("work");
  log(task, "note", static_cast<int>(8 * limits::kEventScan));
  log(task, "sought", 1);
  const auto first = answer_to(get("/api/obs/events?kinds=sought"));
  EXPECT_THAT(first, HasSubstr(R"({"events":[],"nextSeq":16384})"));
  EXPECT_THAT(answer_to(get("/api/obs/events?kinds=sought&afterSeq=16384")), HasSubstr(R"("seq":16386)"));
}

std::string list(const std::string& query) { return "/api/obs/events?" + query; }

// The seqs of an answer, in its order.
std::vector<std::int64_t> seqs_in(const std::string& answer) {
  std::vector<std::int64_t> seqs;
  constexpr std::string_view kName = R"({"seq":)";
  for (auto at = answer.find(kName); at != std::string::npos; at = answer.find(kName, at + 1)) {
    seqs.push_back(std::stoll(answer.substr(at + kName.size())));
  }
  return seqs;
}

TEST_F(EventsTest, GivesTheNewestFirstWhenAsked) {
  const auto task = disk.create("work");  // 1
  log(task, "note", 3);
  const auto other = disk.create("other");  // 5
  const auto newest = read(list("order=desc&limit=2"));
  EXPECT_THAT(seqs_in(newest), ElementsAre(5, 4));
  EXPECT_THAT(newest, HasSubstr(R"("nextSeq":4})"));
  EXPECT_THAT(seqs_in(read(list("order=desc&limit=9&beforeSeq=4&afterSeq=1"))), ElementsAre(3, 2));
  EXPECT_THAT(seqs_in(read(list("order=desc&limit=2&taskId=" + task.id.value))), ElementsAre(4, 3));
  EXPECT_THAT(seqs_in(read(list("order=desc&beforeSeq=3&taskId=" + task.id.value))), ElementsAre(2, 1));
  EXPECT_THAT(seqs_in(read(list("order=asc&beforeSeq=3"))), ElementsAre(1, 2));
}

TEST_F(EventsTest, GivesWhatIsNotOlderThanATime) {
  const auto task = disk.create("work");
  disk.clock().step(1000);
  log(task, "note", 2);
  const auto since = "since=" + std::to_string(disk.clock().unix_ms());
  EXPECT_THAT(seqs_in(read(list(since))), ElementsAre(2, 3));
  EXPECT_THAT(seqs_in(read(list(since + "&order=desc"))), ElementsAre(3, 2));
  EXPECT_THAT(seqs_in(read(list("since=" + std::to_string(disk.clock().unix_ms() + 1)))), IsEmpty());
}

TEST_F(EventsTest, GathersATreeAsOneTrace) {
  const auto root = disk.create("root");                                            // 1
  const auto child = disk.create("child", {.parent_task_id = root.id});             // 2
  const auto grandchild = disk.create("grandchild", {.parent_task_id = child.id});  // 3
  disk.create("alone");                                                             // 4
  const auto answer = read(list("traceId=" + root.id.value));
  EXPECT_THAT(seqs_in(answer), ElementsAre(1, 2, 3));
  EXPECT_THAT(read(list("taskId=" + grandchild.id.value)), HasSubstr(R"("traceId":")" + root.id.value + "\""));
  EXPECT_THAT(seqs_in(read(list("traceId=" + child.id.value))), IsEmpty());
  EXPECT_THAT(seqs_in(read(list("traceId=nobody"))), IsEmpty());
}

TEST_F(EventsTest, RefusesWhatItDoesNotUnderstand) {
  for (const auto* wrong : {"order=newest", "order=", "since=yesterday", "since=-1", "beforeSeq=x"}) {
    EXPECT_THAT(read(list(wrong)), AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr(std::string(wrong).substr(0, 5))));
  }
}

// All of a long chain, page by page, each of them bounded.
TEST_F(EventsTest, PagesThroughALongTask) {
  const auto task = disk.create("work");
  const auto told = static_cast<int>(2 * limits::kEventChain);
  log(task, "note", told);
  std::size_t seen = 0;
  std::int64_t after = 0;
  for (bool more = true; more;) {
    const auto page = seqs_in(read(list("limit=1000&taskId=" + task.id.value + "&afterSeq=" + std::to_string(after))));
    for (const auto seq : page) EXPECT_EQ(seq, ++after);
    seen += page.size();
    more = !page.empty();
  }
  EXPECT_EQ(seen, static_cast<std::size_t>(told) + 1);
}

}  // namespace
}  // namespace baton::api
