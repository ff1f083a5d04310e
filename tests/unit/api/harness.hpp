// The resources of a board on disk, served on a loopback port.
#pragma once

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
    add(event_routes(disk.board(), streams));
    add(task_routes(disk.board()));
    add(comment_routes(disk.board()));
  }
  ~ApiTest() override { end(); }

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

  baton::test::BoardOnDisk disk;
  events::Bus bus{0};
  EventStreams streams{disk.board(), bus, [this](std::function<void()> action) { loop.post(std::move(action)); }};

 private:
  void add(std::vector<http::Route> routes) {
    for (auto& each : routes) router.add(std::move(each));
  }
};

}  // namespace baton::api
