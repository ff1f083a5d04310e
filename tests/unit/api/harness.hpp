// The resources of a board on disk, served on a loopback port.
#pragma once

#include <future>
#include <string>
#include <utility>

#include "api/event_streams.hpp"
#include "api/routes.hpp"
#include "board/event_log.hpp"
#include "events/bus.hpp"
#include "tests/support/board_on_disk.hpp"
#include "tests/unit/http/harness.hpp"

namespace baton::api {

class ApiTest : public http::test::ServerTest {
 protected:
  ApiTest() {
    disk.on_answers([this] { loop.post([this] { deliver(); }); });
    auto& board = disk.board();
    for (auto routes : {event_routes(board, streams), task_list_routes(board), task_routes(board, settings, answers),
                        task_edit_routes(board, settings), claim_routes(board, settings, lines, waiters),
                        owner_routes(board, settings), comment_routes(board), dependency_routes(board),
                        execution_routes(board), room_routes(board)}) {
      router.add(std::move(routes));
    }
  }
  ~ApiTest() override {
    waiters.stop();
    end();
  }

  void SetUp() override { serve(); }

  // Appends `count` events to the log of `task`, without waking anybody.
  void log(const store::Task& task, const std::string& kind, int count, const std::string& data = "{}") {
    const auto done = disk.write([&](store::Tx& tx) -> Result<Unit> {
      for (int i = 0; i < count; ++i) board::append_event_text(tx, task, kind, {}, data);
      return Unit{};
    });
    require(done.has_value(), "the events were not logged");
  }

  // What is answered to one request on a connection of its own.
  std::string answer_to(const std::string& request) {
    auto asking = client();
    EXPECT_TRUE(asking.send(request));
    EXPECT_TRUE(asking.receive_until("}"));
    return asking.received;
  }

  // The whole answer to a GET.
  std::string read(const std::string& target) {
    auto asking = client();
    EXPECT_TRUE(asking.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
    EXPECT_TRUE(asking.receive_all());
    return asking.received;
  }

  // Keeps the store busy until it is told to go on, so that what is written meanwhile is committed together.
  std::promise<void> hold_the_store() {
    std::promise<void> go_on;
    disk.board().write(
        [held = go_on.get_future().share()](store::Tx&) -> Result<Unit> {
          held.wait();
          return Unit{};
        },
        [](const Result<Unit>&) {});
    return go_on;
  }

  // The newest event on disk.
  std::int64_t last_seq() {
    return disk.read([](const store::View& view) -> Result<std::int64_t> { return view.events.last_seq(); })
        .value_or(0);
  }

  // As the daemon does it: answers first, then the news.
  void deliver() {
    disk.deliver();
    bus.published(last_seq());
  }

  baton::test::BoardOnDisk disk;
  events::Bus bus{0};
  EventStreams streams{disk.board(), bus, [this](std::function<void()> action) { loop.post(std::move(action)); }};
  TaskAnswers answers;
  ClaimLines lines{loop, disk.board()};
  Waiters waiters{loop, disk.board(), bus};
  BoardSettings settings;
};

inline std::string claim_of(const TaskId& task, const std::string& agent, const std::string& more = "") {
  return http::test::post("/api/board/" + task.value + "/claim", R"({"assigneeAgentId":")" + agent + "\"" + more + "}");
}

inline std::string body_of(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

// A POST with one header more.
inline std::string post_with(std::string_view target, std::string_view header, std::string_view body) {
  auto request = http::test::post(target, body);
  const auto head_end = request.find("Content-Length");
  return request.insert(head_end, std::string(header) + "\r\n");
}

}  // namespace baton::api
