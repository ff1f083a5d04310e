#include "http/responder.hpp"

#include <algorithm>
#include <stdexcept>

#include "harness.hpp"
#include "reactor/timer.hpp"

namespace baton::http::test {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using ResponderTest = ServerTest;
using ResponderDeathTest = ServerTest;

TEST_F(ResponderTest, KeepsTheOrderWhenAnAnswerIsLate) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/api/things/one") + get("/later") + get("/api/things/three")));
  ASSERT_TRUE(peer.receive_until("\"one\""));
  ASSERT_TRUE(run_until(loop, [&] { return waiting.size() == 1; }));
  EXPECT_TRUE(waiting[0].wanted());
  EXPECT_THAT(peer.received, Not(HasSubstr("three")));
  waiting[0].send(text_response("\"two\""));
  waiting.clear();
  ASSERT_TRUE(peer.receive_until("\"three\""));
  EXPECT_LT(peer.received.find("\"two\""), peer.received.find("\"three\""));
}

TEST_F(ResponderTest, DropsAnAnswerThatNobodyWaitsFor) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/later")));
  ASSERT_TRUE(run_until(loop, [&] { return waiting.size() == 1; }));
  peer.break_off();
  waiting[0].send(text_response("nobody"));
  waiting.clear();
  EXPECT_TRUE(wait_for_connections(0));
  auto next = client();
  ASSERT_TRUE(next.send(get("/echo")));
  EXPECT_TRUE(next.receive_until("GET /echo"));
}

TEST_F(ResponderTest, IsNotWantedByAClientThatHasGone) {
  serve();
  auto broken = client();
  auto closed = client();
  auto patient = client();
  for (auto* peer : {&broken, &closed, &patient}) ASSERT_TRUE(peer->send(get("/later")));
  ASSERT_TRUE(run_until(loop, [&] { return waiting.size() == 3; }));
  broken.break_off();
  closed.leave();
  const auto wanted = [&] { return std::ranges::count_if(waiting, &Responder::wanted); };
  EXPECT_TRUE(run_until(loop, [&] { return wanted() == 1; }));
  ASSERT_TRUE(patient.send(get("/echo")));  // pipelined: it waits for both answers
  EXPECT_EQ(wanted(), 1);
  for (auto& each : waiting) each.send(text_response("late"));
  waiting.clear();
  EXPECT_TRUE(patient.receive_until("GET /echo"));
}

TEST_F(ResponderTest, AnswersAClientThatHasSentAll) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/later")));
  peer.shut_writing();
  ASSERT_TRUE(run_until(loop, [&] { return waiting.size() == 1; }));
  waiting[0].send(text_response("still"));
  waiting.clear();
  ASSERT_TRUE(peer.receive_all());
  EXPECT_THAT(peer.received, EndsWith("still"));
}

TEST_F(ResponderTest, AnswersForAHandlerThatForgets) {
  router.add(route(Method::kGet, "/forgets", [](Request&, Responder) {}));
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/forgets") + get("/later") + get("/echo")));
  ASSERT_TRUE(peer.receive_until("internal error"));
  EXPECT_THAT(peer.received, StartsWith("HTTP/1.1 500 Internal Server Error\r\n"));
  ASSERT_TRUE(run_until(loop, [&] { return waiting.size() == 1; }));
  waiting.clear();
  ASSERT_TRUE(peer.receive_until("GET /echo"));
  EXPECT_EQ(peer.answers(), 3u);
}

TEST_F(ResponderTest, AnswersForAHandlerThatThrows) {
  router.add(route(Method::kGet, "/throws", [](Request&, Responder) { throw std::runtime_error("secret"); }));
  router.add(Route{.method = Method::kGet,
                   .pattern = "/task-throws",
                   .operation = "taskThrows",
                   .summary = "",
                   .tag = "test",
                   .task_handler = [](Request) -> reactor::Task<Response> {
                     throw std::runtime_error("secret");
                     co_return Response{};
                   }});
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/throws") + get("/task-throws") + get("/echo")));
  ASSERT_TRUE(peer.receive_until("GET /echo"));
  EXPECT_EQ(peer.answers(), 3u);
  EXPECT_THAT(peer.received, HasSubstr("internal error"));
  EXPECT_THAT(peer.received, Not(HasSubstr("secret")));
}

TEST_F(ResponderTest, RunsATaskToItsEndWithoutTheClient) {
  static int finished = 0;
  finished = 0;
  static reactor::Loop* the_loop = nullptr;
  the_loop = &loop;
  router.add(Route{.method = Method::kPost,
                   .pattern = "/task",
                   .operation = "task",
                   .summary = "",
                   .tag = "test",
                   .task_handler = [](Request request) -> reactor::Task<Response> {
                     co_await reactor::sleep_for(*the_loop, 1ms);
                     ++finished;
                     co_return text_response("task of " + request.body);
                   },
                   .any_body = true});
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(post("/task", "mine")));
  ASSERT_TRUE(peer.receive_until("task of mine"));
  auto other = client();
  ASSERT_TRUE(other.send(post("/task", "yours")));
  other.break_off();
  EXPECT_TRUE(run_until(loop, [&] { return finished == 2; }));
}

TEST_F(ResponderDeathTest, RefusesASecondAnswer) {
  serve();
  auto peer = client();
  ASSERT_TRUE(peer.send(get("/later")));
  ASSERT_TRUE(run_until(loop, [&] { return waiting.size() == 1; }));
  EXPECT_DEATH(
      {
        waiting[0].send({});
        waiting[0].send({});
      },
      "answered twice");
}

}  // namespace
}  // namespace baton::http::test
