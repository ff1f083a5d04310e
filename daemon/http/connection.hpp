// One client: reads requests, has them answered one after another in their order, writes the answers.
//
// Plain callbacks instead of a coroutine, and no buffer while it waits: a request that is answered at once costs a
// wait, one recv and one send. All complete requests in the buffer that can be answered at once are answered into one
// output, which is written with one send when the input has no further one, when an answer has to be waited for, or
// when enough is gathered. Deadlines are fields that the server's sweep looks at.
//
// Life: kReading ⇄ kHandling, then kStreaming or kEnding (what is left is written), kLingering, kClosed.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "http/head_rules.hpp"
#include "http/message.hpp"
#include "http/responder.hpp"
#include "http/stream_socket.hpp"

namespace baton::http {

class ConnectionTable;
class Workbench;
struct Route;
struct Service;

class Connection {
 public:
  using Clock = std::chrono::steady_clock;

  Connection(Service& service, ConnectionTable& table, ConnectionKey key, StreamSocket socket, bool guarded);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start();

  // ---- the answer to the request under way (connection_exchange.cpp) ----

  void answer(const Response& response);
  bool open_stream();  // false: the head was all (HEAD, or the server is ending)
  bool write_stream(std::string_view frame);
  void end_stream();
  bool client_gone();  // it has closed its side, or broken off
  void watch(StreamWatcher& watcher) { watcher_ = &watcher; }
  std::size_t unsent() const { return out_.size() - sent_; }
  bool streaming() const { return phase_ == Phase::kStreaming; }

  // ---- from the server ----

  void wake();                                       // after wake_soon(): an answer or an event is there to be written
  bool sweep(Clock::time_point now);                 // deadlines; true when one had passed and something was done
  void retire();                                     // the server stops: closes when idle, else after the answer
  void end_now();                                    // the server ends: a stream is over
  bool at_rest() const { return operations_ == 0; }  // may be destroyed

 private:
  enum class Phase : std::uint8_t { kReading, kHandling, kStreaming, kEnding, kLingering, kClosed };
  enum class Stage : std::uint8_t { kIdle, kHead, kBody };  // while kReading

  // connection.cpp
  void advance();
  bool answer_all();
  bool step();
  void more_needed();
  void want_input();
  bool between_requests() const;
  void wake_soon();
  void wait_readable();
  void on_readable();
  void receive();
  void drop_input();
  bool flush();
  void wait_writable();
  void linger();
  void close();
  bool operation_ended();

  // connection_deadlines.cpp
  void enter(Stage stage);
  void tell_drained();
  bool sweep_reading(Clock::time_point now);

  // connection_exchange.cpp
  void dispatch();
  void call(const Route& route, Request& request);
  void respond(const Response& response);
  void refuse(const Refusal& refusal);
  void release_request();

  Service& service_;
  ConnectionTable& table_;
  StreamSocket socket_;
  std::unique_ptr<Workbench> bench_;  // null: nothing of a request is there
  std::string out_;
  StreamWatcher* watcher_ = nullptr;  // of a stream
  std::size_t sent_ = 0;              // of out_
  std::size_t dropped_ = 0;           // bytes read while lingering
  Clock::time_point deadline_;        // of reading or lingering
  Clock::time_point write_deadline_;  // while writing_
  Clock::time_point beat_;            // next comment on a silent stream
  ConnectionKey key_;
  std::uint8_t operations_ = 0;  // asynchronous ones under way
  Phase phase_ = Phase::kReading;
  Stage stage_ = Stage::kIdle;
  const bool guarded_;
  bool dispatching_ = false;   // the handler is on the stack
  bool released_ = true;       // the request that was answered has been put away
  bool filled_ = false;        // a stream was written to since its watcher was told
  bool waking_ = false;        // wake_soon() was called
  bool reading_ = false;       // a wait for input is under way
  bool writing_ = false;       // a wait for room is under way
  bool more_to_read_ = false;  // receive() goes on
  bool continued_ = false;     // "100 Continue" was sent
  bool last_ = false;          // the connection ends with this answer
  bool lingers_ = false;       // and input may still come
  bool head_only_ = false;     // HEAD
  bool old_client_ = false;    // HTTP/1.0
  bool no_store_ = false;      // /api
};

}  // namespace baton::http
