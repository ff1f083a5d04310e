// Whoever follows the log, from wherever, with whatever filter, however slowly: each gets exactly the events that a
// query gives, in their order.
#include <charconv>
#include <memory>
#include <optional>
#include <random>

#include "board/event_log.hpp"
#include "events/query.hpp"
#include "tests/unit/api/harness.hpp"

namespace baton::api {
namespace {

using http::test::get;
using http::test::RawClient;

constexpr const char* kAgents[] = {"ada", "bob", "cyd"};
constexpr const char* kKinds[] = {"note", "cost", "other"};

struct Listener {
  std::unique_ptr<RawClient> client;
  store::EventFilter filter;
  std::int64_t since = 0;
  bool reads_late = false;
};

class EventStreamsMix : public ApiTest, public testing::WithParamInterface<unsigned> {
 protected:
  void SetUp() override {
    ApiTest::SetUp();
    for (const auto* team : {"red", "red", "blue", "blue", ""}) {
      board::NewTask more;
      if (*team != '\0') more.team_id = team;
      tasks.push_back(disk.create("work", more));
    }
    publish();
  }

  std::size_t below(std::size_t end) { return std::uniform_int_distribution<std::size_t>(0, end - 1)(random); }
  bool one_in(std::size_t many) { return below(many) == 0; }

  void publish() {
    const auto last = disk.read([](const store::View& view) -> Result<std::int64_t> { return view.events.last_seq(); });
    log_end = *last;
    bus.published(log_end);
  }

  // A commit of some events, often few, sometimes many, sometimes large ones.
  void commit() {
    const bool large = one_in(6);
    const std::size_t size = large ? 20'000 : 10;
    const std::size_t count = 1 + below(one_in(5) ? (large ? 30 : 250) : 4);
    const auto done = disk.write([&](store::Tx& tx) -> Result<Unit> {
      for (std::size_t i = 0; i < count; ++i) {
        board::EventSource source;
        if (!one_in(4)) source.agent_id = kAgents[below(3)];
        board::append_event_text(tx, tasks[below(tasks.size())], kKinds[below(3)], source,
                                 R"({"x":")" + std::string(size, 'x') + R"("})");
      }
      return Unit{};
    });
    ASSERT_TRUE(done);
    publish();
  }

  void come() {
    Listener listener;
    std::string query;
    if (one_in(3)) {
      listener.filter.task_id = tasks[below(tasks.size())].id;
      query += "&taskId=" + listener.filter.task_id->value;
    }
    if (one_in(3)) {
      listener.filter.team_id = one_in(2) ? "red" : "blue";
      query += "&teamId=" + *listener.filter.team_id;
    }
    if (one_in(3)) {
      listener.filter.agent_id = kAgents[below(3)];
      query += "&agentId=" + *listener.filter.agent_id;
    }
    if (one_in(3)) {
      listener.filter.kinds = {kKinds[below(3)], kKinds[below(3)]};
      query += "&kinds=" + listener.filter.kinds[0] + "," + listener.filter.kinds[1];
    }
    listener.since = one_in(2) ? log_end : static_cast<std::int64_t>(below(static_cast<std::size_t>(log_end) + 1));
    listener.reads_late = one_in(4);
    listener.client = std::make_unique<RawClient>(loop, address);
    ASSERT_TRUE(listener.client->send(get("/api/obs/stream?since=" + std::to_string(listener.since) + query)));
    listeners.push_back(std::move(listener));
  }

  void leave() { listeners.erase(listeners.begin() + static_cast<std::ptrdiff_t>(below(listeners.size()))); }

  void turn(std::size_t turns) {
    for (std::size_t i = 0; i < turns; ++i) {
      loop.context().restart();
      loop.context().poll_one();
    }
    for (auto& listener : listeners) {
      if (!listener.reads_late) listener.client->receive();
    }
  }

  std::vector<std::int64_t> expected(const Listener& listener) {
    std::vector<std::int64_t> numbers;
    events::Page page{.events = {}, .cursor = listener.since, .has_more = true};
    while (page.has_more) {
      page = *events::query(disk.board().reader(), page.cursor, listener.filter, 1000);
      for (const auto& event : page.events) numbers.push_back(event.seq);
    }
    return numbers;
  }

  static std::vector<std::int64_t> received(const Listener& listener) {
    constexpr std::string_view kMark = "\nid: ";
    const std::string& text = listener.client->received;
    std::vector<std::int64_t> numbers;
    for (auto at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at + 1)) {
      std::from_chars(text.data() + at + kMark.size(), text.data() + text.size(), numbers.emplace_back());
    }
    return numbers;
  }

  std::mt19937 random{GetParam()};
  std::vector<store::Task> tasks;
  std::vector<Listener> listeners;
  std::int64_t log_end = 0;
};

TEST_P(EventStreamsMix, GetsExactlyWhatAQueryGives) {
  for (int step = 0; step < 300; ++step) {
    if (one_in(3)) commit();
    if (one_in(4)) come();
    if (one_in(40) && !listeners.empty()) leave();
    turn(below(30));
  }
  ASSERT_GT(listeners.size(), 30U);
  for (auto& listener : listeners) {
    const auto wanted = expected(listener);
    if (!wanted.empty()) {
      EXPECT_TRUE(listener.client->receive_until("\nid: " + std::to_string(wanted.back()) + "\n"));
    }
    EXPECT_EQ(received(listener), wanted);
  }
  publish();
  turn(1000);
  for (auto& listener : listeners) EXPECT_EQ(received(listener), expected(listener)) << "nothing comes twice";
}

INSTANTIATE_TEST_SUITE_P(Seeds, EventStreamsMix, testing::Range(1U, 5U));

}  // namespace
}  // namespace baton::api
