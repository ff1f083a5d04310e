// The promise to answer one request, now or later.
//
// Move-only. A handler answers by calling send() or stream() once; the connection writes it when its turn has come.
// When the client has gone meanwhile the answer is dropped, silently: work belongs to the daemon, not to a connection.
// A responder that dies unanswered answers 500 itself, so no client waits for ever on a forgotten path. Both kinds may
// outlive the server; nothing happens then.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/message.hpp"

namespace baton::http {

class Connection;
class ConnectionTable;

// Names a place in the server's table of connections; a reused place has a new generation.
struct ConnectionKey {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
};

// Who sends over a stream and wants to know how it goes. Never called from inside a call of that stream.
class StreamWatcher {
 public:
  // Everything that was written has been taken: who has much to send sends a piece and goes on here. May write, and may
  // destroy the stream.
  virtual void stream_drained() = 0;
  // The client has gone, or the server ends. May destroy the stream. Not after a write() that said so.
  virtual void stream_closed() = 0;

 protected:
  ~StreamWatcher() = default;
};

// An open server-sent-events stream. Move-only; destroying it ends the stream.
class EventStream {
 public:
  EventStream(EventStream&& other) noexcept;
  EventStream& operator=(EventStream&& other) noexcept;
  ~EventStream();

  // Queues bytes that are already in the text/event-stream format (sse.hpp makes them). False when the client is gone,
  // or was cut off because more than limits::kEventStreamBacklog lay unsent: then drop the stream.
  bool write(std::string_view frame);
  bool open() const;

  // Bytes that are queued and not yet taken by the client's socket; 0 when the stream is gone.
  std::size_t backlog() const;

  // Tells `watcher`, which must outlive the stream, until the stream ends. One watcher; a later one takes its place.
  void watch(StreamWatcher& watcher);

 private:
  friend class Responder;
  EventStream(ConnectionTable* table, ConnectionKey key) : table_(table), key_(key) {}  // takes over one hold
  void end();

  ConnectionTable* table_;  // null: moved from
  ConnectionKey key_;
};

class Responder {
 public:
  Responder(ConnectionTable* table, ConnectionKey key);
  Responder(Responder&& other) noexcept;
  Responder& operator=(Responder&&) = delete;
  ~Responder();

  void send(Response response);

  // Sends the head of an event stream (200, text/event-stream, no-store) and hands over the open stream. The connection
  // serves nothing else afterwards.
  EventStream stream();

  // True while somebody waits for the answer, as far as can be seen: a client that has closed its side is taken for
  // gone, though it may have closed half of it and would still read an answer.
  bool wanted() const;

 private:
  ConnectionTable* table_;  // null: answered
  ConnectionKey key_;
};

}  // namespace baton::http
