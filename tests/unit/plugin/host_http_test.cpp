// baton.http/1 from a plugin in plain C to a server in another process.
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/http_server.hpp"
#include "tests/unit/plugin/harness.hpp"

namespace baton::plugin {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

test::HttpServer& server() {
  static test::HttpServer the_server;
  return the_server;
}

class HostHttpTest : public PluginTest {
 protected:
  HostHttpTest() {
    install("http");
    add("one", "test.http");
    grant("127.0.0.1:*");
    settings.http.ca_file = server().has("good") ? server().ca_file() : std::filesystem::path();
  }
  void grant(const std::string& entry) { settings.instances[0].network.push_back(*grant_from(entry)); }
  std::string plain(const std::string& path) { return server().url("plain", path); }
  std::size_t alive() { return host->describe().instances.at(0).http_exchanges; }
  std::string report() { return complete("report").words(); }
};

TEST_F(HostHttpTest, AnExchangeIsHeadBodyAndEnd) {
  load();
  EXPECT_THAT(complete("get " + plain("ok/x")).events,
              ElementsAre("text head=200", "text Yes", "text fine x", "text bytes=6", "text done=0", "text "));
  EXPECT_THAT(complete("post " + plain("echo")).words(), HasSubstr("content-type=text/plain"));
  EXPECT_EQ(misbehaviour().total(), 0u);
  EXPECT_EQ(alive(), 0u);
}

TEST_F(HostHttpTest, TheInstanceMayOwnOneToo) {
  load();
  EXPECT_THAT(complete("instance " + plain("ok")).events, Contains("text done=0"));
}

TEST_F(HostHttpTest, HttpsIsVerified) {
  if (!server().has("good")) GTEST_SKIP() << "no openssl command to make certificates with";
  load();
  EXPECT_THAT(complete("get " + server().url("good", "ok")).events, Contains("text done=0"));
  const auto wrong = complete("get " + server().url("wrong", "ok"));
  EXPECT_THAT(wrong.events, Contains(fmt::format("text done={}", BATON_E_IO)));
  EXPECT_THAT(wrong.events, Contains(HasSubstr("certificate is not accepted")));
}

TEST_F(HostHttpTest, ErrorsHaveTheirStatus) {
  load();
  const auto ends = [&](const std::string& path, baton_status status) {
    EXPECT_THAT(complete("get " + plain(path)).events, Contains(fmt::format("text done={}", status))) << path;
  };
  ends("status/500", BATON_OK);
  ends("huge-head", BATON_E_LIMIT);
  ends("garbage", BATON_E_IO);
  ends("break-in-body", BATON_E_IO);
  EXPECT_EQ(alive(), 0u);
}

TEST_F(HostHttpTest, WhatIsNotGrantedIsDenied) {
  grant("localhost:1");
  load();
  const auto refused = fmt::format("text start={}", BATON_E_DENIED);
  for (const auto* url : {"https://api.example.com/", "http://10.0.0.1/", "http://0.0.0.0:1/", "https://127.0.0.2/"})
    EXPECT_THAT(complete(std::string("get ") + url).events, ElementsAre(refused)) << url;
  EXPECT_EQ(misbehaviour().total(), 0u);
}

TEST_F(HostHttpTest, AnInstanceWithoutGrantsReachesNothing) {
  settings.instances[0].network.clear();
  load();
  EXPECT_THAT(complete("get " + plain("ok")).events, ElementsAre(fmt::format("text start={}", BATON_E_DENIED)));
}

TEST_F(HostHttpTest, EveryBrokenRequestIsRefused) {
  load();
  const auto heard = complete("bad " + plain("ok"));
  const auto answer = [&](const char* what, baton_status status) {
    EXPECT_THAT(heard.events, Contains(fmt::format("text {}={}", what, status)));
  };
  for (const auto* what :
       {"null", "no events", "no out", "flag", "timeout", "negative", "method", "method lines", "no method", "url",
        "url lines", "user", "url nowhere", "headers nowhere", "host header", "header lines"})
    answer(what, BATON_E_INVALID);
  for (const auto* what : {"long header", "many headers", "long url", "long body"}) answer(what, BATON_E_LIMIT);
  answer("owner", BATON_E_STALE);
  EXPECT_EQ(misbehaviour().broken_struct, 16u);
  EXPECT_EQ(misbehaviour().stale_handle, 1u);
  EXPECT_EQ(alive(), 0u);
}

TEST_F(HostHttpTest, ABrokenArgumentIsCountedAndExplained) {
  load();
  const auto why = [&](const std::string& which) {
    KeepingListener listener;
    const auto refused = runtime().start(request("explain " + which), listener);
    return refused ? "started" : refused.error().what;
  };
  EXPECT_EQ(why("request"), "one: http: the request breaks the contract");
  EXPECT_EQ(why("size"), "one: http: the request breaks the contract");
  EXPECT_EQ(why("events"), "one: http: the events break the contract");
  EXPECT_EQ(why("out"), "one: http: no place for the handle");
  EXPECT_EQ(misbehaviour().broken_struct, 4u);
  EXPECT_EQ(why("pause"), "one: http: it is over, or was closed");
  EXPECT_EQ(misbehaviour().stale_handle, 1u);
}

TEST_F(HostHttpTest, SixteenPerRunAndSixtyFourPerInstance) {
  load();
  const auto of_run = complete("many " + plain("ok") + " 17");
  EXPECT_THAT(of_run.events, Contains("text started=16"));
  EXPECT_THAT(of_run.events, Contains(fmt::format("text last={}", BATON_E_LIMIT)));
  const auto of_instance = complete("many " + plain("ok") + " 99");
  EXPECT_THAT(of_instance.events, Contains("text started=64"));
  EXPECT_THAT(of_instance.events, Contains("text done=0"));
  EXPECT_EQ(alive(), 0u);
}

TEST_F(HostHttpTest, ClosedOnesCountUntilTheyAreGone) {
  load();
  EXPECT_THAT(complete("churn " + plain("ok")).events,
              ElementsAre("text begun=16", fmt::format("text then={}", BATON_E_LIMIT), "text begun=48",
                          fmt::format("text then={}", BATON_E_LIMIT), "text later"));
  EXPECT_EQ(report(), "late=0 living=1");
  EXPECT_EQ(alive(), 0u);
}

TEST_F(HostHttpTest, ARunsEndClosesWhatItOwns) {
  load();
  EXPECT_THAT(complete("leave " + plain("ok")).events, ElementsAre("text start=0"));
  EXPECT_EQ(alive(), 0u);
  KeepingListener listener;
  const auto running = start(request("get " + plain("stall-in-body")), listener);
  ASSERT_TRUE(test::run_until(loop, [&] { return listener.events.size() >= 2; }));
  EXPECT_EQ(alive(), 1u);
  running->cancel(runtime::CancelReason::kUser);
  ASSERT_TRUE(ends(listener));
  EXPECT_EQ(alive(), 0u);
  EXPECT_EQ(report(), "late=0 living=1");
}

TEST_F(HostHttpTest, CloseInACallbackIsSilence) {
  load();
  const auto stale = fmt::format("text again={}", BATON_E_STALE);
  const auto in_head = complete("close-in-head " + plain("ok"));
  EXPECT_THAT(in_head.events, ElementsAre("text head=200", "text Yes", "text close=0", stale,
                                          fmt::format("text pause={}", BATON_E_STALE)));
  EXPECT_THAT(complete("close-in-body " + plain("big/8")).events, Not(Contains(HasSubstr("done"))));
  EXPECT_THAT(complete("close-in-done " + plain("ok")).events, Contains(fmt::format("text close={}", BATON_E_STALE)));
  EXPECT_EQ(report(), "late=0 living=1");
  EXPECT_EQ(alive(), 0u);
}

TEST_F(HostHttpTest, PausedNothingIsDelivered) {
  load();
  const auto heard = complete("pause " + plain("big/40"));
  EXPECT_THAT(heard.events, Contains("text while paused=0"));
  EXPECT_THAT(heard.events, Contains("text bytes=2621440"));
}

TEST_F(HostHttpTest, AHeldRunReadsNothing) {
  load();
  KeepingListener listener;
  const auto running = start(request("get " + plain("big/4000")), listener);
  running->hold(true);
  // Another run goes on meanwhile, and sees how far the server came: as far as the kernel holds.
  EXPECT_THAT(complete("get " + plain("ok")).events, Contains("text done=0"));
  EXPECT_FALSE(listener.outcome);
  EXPECT_TRUE(listener.events.empty());
  running->hold(false);
  ASSERT_TRUE(ends(listener));
  EXPECT_THAT(listener.events, Contains("text bytes=262144000"));
}

TEST_F(HostHttpTest, AThousandLeaveNothingBehind) {
  load();
  const auto descriptors = [] {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
  };
  complete("get " + plain("ok"));
  const auto before = descriptors();
  EXPECT_THAT(complete("loop " + plain("ok") + " 1000").events, Contains("text bytes=5000"));
  EXPECT_LE(descriptors(), before + 1);
  EXPECT_EQ(alive(), 0u);
  EXPECT_EQ(misbehaviour().total(), 0u);
}

TEST_F(HostHttpTest, TheDaemonsEndWaitsForNoServer) {
  load();
  KeepingListener listener;
  const auto running = start(request("instance " + plain("stall-before-head")), listener);
  ASSERT_TRUE(test::run_until(loop, [&] { return alive() == 1; }));
  shut_down();
}

}  // namespace
}  // namespace baton::plugin
