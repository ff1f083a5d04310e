// The clients that follow the event log (GET /api/obs/stream).
//
// A commit wakes the streams; nothing polls. Each stream reads the log from its own cursor, a page at a time, and the
// next page only when the last one was taken, so a slow reader holds a page and not the log. One that does not take
// anything is cut off by the server and comes back with Last-Event-ID. A page is about 256 KiB at most; an event of
// more than half of limits::kEventStreamBacklog arrives with the data {"truncated":true,"bytes":…}, and whole from
// GET /api/obs/events.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>

#include "board/board.hpp"
#include "events/bus.hpp"
#include "http/responder.hpp"

namespace baton::api {

class EventStreams {
 public:
  EventStreams(board::Board& board, events::Bus& bus);
  EventStreams(const EventStreams&) = delete;
  EventStreams& operator=(const EventStreams&) = delete;

  // Follows the log from `cursor` on, until the client goes away.
  void open(http::Responder responder, std::int64_t cursor, store::EventFilter filter);

  std::size_t count() const { return followers_.size(); }

 private:
  struct Follower {
    http::EventStream stream;
    std::int64_t cursor;
    store::EventFilter filter;
  };
  using Place = std::list<Follower>::iterator;

  void wake_all();
  // Sends what there is, one page; goes on when it was taken. A bounded piece of the log without a match is answered
  // with a comment, so that a long search leaves turns to others. False: the stream is gone.
  bool send_page(Follower& follower);

  board::Board& board_;
  std::list<Follower> followers_;
  events::Bus::Subscription subscription_;
};

}  // namespace baton::api
