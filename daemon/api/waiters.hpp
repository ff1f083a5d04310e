// The claimants that wait for a task (POST /api/board/claim-next with waitMs).
//
// Who asks for the same (team and kinds) stands in one queue, first come, first served. Nothing polls: a commit wakes
// the queues that want what it made ready, and no others, however many wait; for each such task at most one claim goes
// to the store, for the one who has waited longest. Queues that want the same task take turns, the one with the longest
// wait first.
//
// Nobody sleeps through a task. Whoever joins looks at the board, which shows all that was committed; later commits
// come as news. A claim that found nothing is made again when something became ready after it had looked.
//
// A client that has gone gets no task: it is looked at before its claim, and once more after it. A task that was
// claimed for a client that went meanwhile is released, unless the client gave an Idempotency-Key and can ask again.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/next_claim.hpp"
#include "board/board.hpp"
#include "board/claim_next.hpp"
#include "events/bus.hpp"
#include "http/responder.hpp"
#include "reactor/loop.hpp"
#include "reactor/timer.hpp"

namespace baton::api {

class Waiters {
 public:
  // All three must outlive it, and it must outlive the server that its responders are of.
  Waiters(reactor::Loop& loop, board::Board& board, events::Bus& bus);
  Waiters(const Waiters&) = delete;
  Waiters& operator=(const Waiters&) = delete;

  // Answers with a task as soon as there is one, with 204 after `at_most`. `call.wanted.kinds` is sorted.
  void wait(http::Responder responder, NextCall call, std::chrono::milliseconds at_most);

  // Answers all with 204 at once, and from now on everybody whose claim finds nothing. For the daemon's end.
  void stop();

  std::size_t count() const { return deadlines_.size(); }
  std::size_t wishes() const { return queues_.size(); }  // different ones, each with somebody who waits

 private:
  using Clock = std::chrono::steady_clock;
  using Ticket = std::uint64_t;  // order of arrival
  struct Wish {
    std::optional<std::string> team_id;
    std::vector<std::string> kinds;
    auto operator<=>(const Wish&) const = default;
  };
  struct Waiter;
  struct Queue {
    std::map<Ticket, Waiter> waiters;
    std::int64_t chance = 0;  // when something that it wants last became ready
  };
  using Queues = std::map<Wish, Queue>;
  using Deadlines = std::multimap<Clock::time_point, std::pair<Queues::iterator, Ticket>>;
  struct Waiter {
    http::Responder responder;
    NextCall call;
    Deadlines::iterator deadline;
    bool claiming = false;  // its claim is at the store
  };
  struct Turn {
    Queues::iterator queue;
    std::size_t claims;  // that are worth making
  };
  // Ready tasks, counted by what the wishes distinguish.
  struct Sort {
    std::optional<std::string> team_id;
    std::string kind;
    auto operator<=>(const Sort&) const = default;
  };
  using Ready = std::map<Sort, std::size_t>;

  // What a commit made ready.
  void look_at_news(std::int64_t seq);
  Result<Ready> ready_among(const std::vector<const store::Event*>& news);
  std::vector<Turn> turns_for(const Ready& ready);
  static void add_turn(std::vector<Turn>& turns, Queues::iterator queue,
                       const std::map<std::string_view, std::size_t>& ready);
  std::vector<Turn> turns_for_all();
  void take_turns(std::vector<Turn> turns, std::int64_t seq);

  board::Ready look_for_ready(const Wish& wish);
  bool claim_for_first(Queues::iterator queue);
  void answered(Queues::iterator queue, Ticket ticket, Result<NextAnswer> answer);
  void deliver(Queues::iterator queue, Ticket ticket, NextAnswer answer);
  void answer_repeats(Queues::iterator queue, const board::OnceKey& key, const std::string& body);
  void release(const store::Task& task);
  void serve_one(Queues::iterator queue);
  void serve_one_more(Queues::iterator queue);

  http::Responder leave(Queues::iterator queue, Ticket ticket);
  void drop_if_empty(Queues::iterator queue);
  void arm();
  void end_overdue();

  reactor::Loop& loop_;
  board::Board& board_;
  Queues queues_;
  Deadlines deadlines_;
  Ticket next_ticket_ = 1;
  std::int64_t seen_ = 0;  // events up to here were looked at
  bool stopping_ = false;
  std::optional<reactor::Deadline> alarm_;
  Clock::time_point alarm_at_ = Clock::time_point::max();
  events::Bus::Subscription subscription_;
};

}  // namespace baton::api
