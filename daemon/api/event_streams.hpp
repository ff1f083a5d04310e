// The clients that follow the event log (GET /api/obs/stream): ten thousand idle ones on the one thread.
//
// The problem: a commit concerns all of them, and a query for each would hold up the loop for a tenth of a second.
// The idea: most have seen everything and wait at the tail of the log. They share one read of what is new, a page whose
// events are rendered once, and only those whose filter can want something of it are looked at (events/filter.hpp).
// Who is behind, having just come or taking slowly, reads on from its own cursor, a page at a time and the next one
// when the last was taken, until it is at the tail too. So a slow reader holds a page and not the log; one that does
// not take anything is cut off by the server and comes back with Last-Event-ID.
//
// All of it is done in small pieces, a turn of the loop each; what is published meanwhile waits for the next page.
// Nothing polls.
//
// Why nobody misses or repeats an event: a follower at the tail has everything up to handed_out_, or up to its own
// cursor when that is further, and is given of a page what lies beyond. It joins the tail in the turn in which it read
// the log to its end, so a page that was read before holds nothing for it, and one that is read later begins its round
// then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/event_page.hpp"
#include "board/board.hpp"
#include "events/bus.hpp"
#include "http/responder.hpp"

namespace baton::api {

class EventStreams {
 public:
  // Runs an action in a later turn of the loop.
  using Later = std::function<void(std::function<void()>)>;

  EventStreams(board::Board& board, events::Bus& bus, Later later);
  ~EventStreams();  // ends all streams
  EventStreams(const EventStreams&) = delete;
  EventStreams& operator=(const EventStreams&) = delete;

  // Follows the log from `cursor` on, until the client goes away.
  void open(http::Responder responder, std::int64_t cursor, store::EventFilter filter);

  std::size_t count() const;

 private:
  struct Follower;
  // By a number that only grows: a round goes on behind the number where it was, whoever came or left meanwhile.
  using Followers = std::map<std::uint64_t, std::unique_ptr<Follower>>;
  using Topics = std::map<events::Topic, Followers>;

  void schedule();
  void work();
  bool has_work() const;

  // At the tail.
  void hand_out();
  bool next_page();
  Follower* next_follower();
  void give(Follower& follower);

  // Behind it.
  void catch_up();
  std::size_t send_page(Follower& follower);
  void may_go_on(Follower& follower);

  void remove(Follower& follower);
  void end_all(const Error& why);

  board::Board& board_;
  events::Bus& bus_;
  const Later later_;
  Topics topics_;
  std::deque<Follower*> waiting_;  // behind, and everything that they were sent was taken
  std::uint64_t next_number_ = 1;

  std::optional<EventPage> page_;        // that is handed out
  std::vector<events::Topic> round_;     // of it, whose followers are still to be visited, the current one last
  std::uint64_t next_visited_ = 0;       // followers below it were visited
  std::int64_t handed_out_;              // seq
  std::string scratch_;                  // kept for its memory
  bool scheduled_ = false;               // work() was posted
  const std::shared_ptr<int> lifetime_;  // for work() that was posted

  events::Bus::Subscription subscription_;
};

}  // namespace baton::api
