#include "http/connection.hpp"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

#include <asio/buffer.hpp>
#include <asio/error.hpp>

#include "base/limits.hpp"
#include "http/connection_table.hpp"
#include "http/service.hpp"

namespace baton::http {
namespace {

constexpr int kReadsPerTurn = 16;               // of one connection, then others have their turn
constexpr std::size_t kKeptOutput = 64 * 1024;  // a larger buffer is freed once it is written
constexpr std::size_t kCompact = 256 * 1024;    // written bytes that are moved out before the rest

}  // namespace

Connection::Connection(Service& service, ConnectionTable& table, ConnectionKey key, StreamSocket socket, bool guarded)
    : service_(service), table_(table), socket_(std::move(socket)), key_(key), guarded_(guarded) {}

Connection::~Connection() {
  if (bench_) service_.benches.give_back(std::move(bench_));
}

void Connection::start() {
  enter(Stage::kIdle);
  wait_readable();
}

void Connection::wake() {
  waking_ = false;
  if (phase_ == Phase::kHandling || phase_ == Phase::kClosed) return;
  if (!released_) release_request();
  advance();
}

void Connection::wake_soon() {
  if (std::exchange(waking_, true)) return;
  table_.wake_soon(key_);
}

// Goes as far as it can without waiting.
void Connection::advance() {
  if (writing_) return;                                 // the client reads slowly: it gets no further answers made
  if (phase_ == Phase::kReading && !released_) return;  // wake() comes, and puts the last request away first
  bool used_up = false;
  while (!used_up) {
    used_up = answer_all();
    if (!flush()) return;
  }
  switch (phase_) {
    case Phase::kReading: return want_input();
    case Phase::kHandling: return;
    case Phase::kStreaming:
      beat_ = Clock::now() + service_.options.event_beat;
      if (!reading_) wait_readable();  // to learn that the client has gone
      return tell_drained();
    case Phase::kEnding: return lingers_ ? linger() : close();
    case Phase::kLingering:
    case Phase::kClosed: return;
  }
}

// Answers what is complete. False when it stopped only because much output is gathered.
bool Connection::answer_all() {
  while (phase_ == Phase::kReading) {
    if (unsent() >= limits::kPipelinedOutput) return false;
    if (!step()) return true;
  }
  return true;
}

// One request, if it is whole.
bool Connection::step() {
  if (bench_ && !bench_->input().empty()) {
    const auto progress = bench_->parser.put(bench_->input());
    bench_->consume(progress.used);
    switch (progress.state) {
      case RequestParser::State::kComplete: dispatch(); return true;
      case RequestParser::State::kRefused: refuse(bench_->parser.refusal()); return true;
      case RequestParser::State::kNeedMore: break;
    }
  }
  more_needed();
  return false;
}

void Connection::more_needed() {
  if (!bench_ || !bench_->parser.started()) return enter(Stage::kIdle);
  const RequestParser& parser = bench_->parser;
  if (bench_->full()) {
    return refuse(parser.head_done() ? Refusal{400, "bad request: chunk"} : Refusal{431, "request head too large"});
  }
  enter(parser.head_done() ? Stage::kBody : Stage::kHead);
  if (parser.head_done() && parser.expects_continue() && !std::exchange(continued_, true)) {
    out_.append("HTTP/1.1 100 Continue\r\n\r\n");
  }
}

// ---- reading ----

bool Connection::between_requests() const {
  return phase_ == Phase::kReading && unsent() == 0 && released_ &&
         (!bench_ || (bench_->input().empty() && !bench_->parser.started()));
}

// Between requests the buffer goes back at once: it is warm for whoever has something to read next, and ten thousand
// idle connections hold none. Waiting without a buffer costs one epoll_ctl where Asio's read would cost one recv in
// vain.
void Connection::want_input() {
  if (between_requests()) {
    if (service_.stopping) return close();
    if (bench_) service_.benches.give_back(std::move(bench_));
  }
  if (!reading_ && !more_to_read_) wait_readable();
}

void Connection::wait_readable() {
  reading_ = true;
  ++operations_;
  socket_.async_wait(StreamSocket::wait_read, [this](const std::error_code& error) {
    if (!operation_ended()) return;
    reading_ = false;
    if (error) return close();
    on_readable();
  });
}

void Connection::on_readable() {
  if (phase_ == Phase::kStreaming || phase_ == Phase::kLingering) return drop_input();
  // Otherwise its end is being written, or it waits for its turn; what has come is read after that.
  if (phase_ == Phase::kReading && !writing_) receive();
}

// Reads on while the buffer gets full.
void Connection::receive() {
  for (int reads = 1; phase_ == Phase::kReading && !reading_ && !writing_; ++reads) {
    more_to_read_ = false;
    if (!bench_) bench_ = service_.benches.take();
    const auto [place, size] = bench_->room();
    std::error_code error;
    const std::size_t count = socket_.read_some(asio::buffer(place, size), error);
    if (error == asio::error::would_block) return want_input();
    if (error) return close();
    bench_->added(count);
    more_to_read_ = count == size && reads < kReadsPerTurn;
    advance();
    if (!more_to_read_) return;
  }
  more_to_read_ = false;
}

// What a stream's client sends means nothing, and what comes after a refusal is only read so that the refusal arrives.
// Both end with the client's end.
void Connection::drop_input() {
  std::array<char, 16 * 1024> dropped;
  for (int reads = 0; reads < kReadsPerTurn; ++reads) {
    std::error_code error;
    const std::size_t count = socket_.read_some(asio::buffer(dropped), error);
    if (error == asio::error::would_block) break;
    dropped_ += count;
    if (error || (phase_ == Phase::kLingering && dropped_ > limits::kLingerBytes)) return close();
    if (count < dropped.size()) break;
  }
  wait_readable();
}

// ---- writing ----

// True when nothing is left to write. Otherwise the connection goes on when there is room again, or it is closed.
bool Connection::flush() {
  if (writing_ || phase_ == Phase::kClosed) return false;
  while (unsent() > 0) {
    std::error_code error;
    sent_ += socket_.write_some(asio::buffer(out_.data() + sent_, unsent()), error);
    if (error == asio::error::would_block) {
      wait_writable();
      return false;
    }
    if (error) {
      close();
      return false;
    }
  }
  sent_ = 0;
  if (phase_ == Phase::kStreaming || out_.capacity() > kKeptOutput) {
    std::string().swap(out_);
  } else {
    out_.clear();
  }
  return true;
}

void Connection::wait_writable() {
  if (sent_ > kCompact) out_.erase(0, std::exchange(sent_, 0));
  writing_ = true;
  ++operations_;
  write_deadline_ = Clock::now() + service_.options.body_deadline;
  socket_.async_wait(StreamSocket::wait_write, [this](const std::error_code& error) {
    if (!operation_ended()) return;
    writing_ = false;
    if (error) return close();
    advance();
  });
}

// While an answer is being made nothing waits for the socket, so whoever wants to know looks. Input that was pipelined
// hides an end behind it: then the client counts as there.
bool Connection::client_gone() {
  if (bench_ && !bench_->input().empty()) return false;
  char next = 0;
  const auto count = ::recv(socket_.native_handle(), &next, sizeof next, MSG_PEEK | MSG_DONTWAIT);
  return count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
}

// ---- ending ----

// Closing while input is still coming makes the kernel send a reset, which may overtake the answer. So: say that
// nothing more will be written, then read until the client has understood, for a bounded time and amount.
void Connection::linger() {
  phase_ = Phase::kLingering;
  deadline_ = Clock::now() + service_.options.linger;
  std::error_code ignored;
  socket_.shutdown(StreamSocket::shutdown_send, ignored);
  if (bench_) service_.benches.give_back(std::move(bench_));
  if (!reading_) drop_input();
}

void Connection::close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  std::error_code ignored;
  socket_.close(ignored);
  table_.remove(key_);
  if (StreamWatcher* watcher = std::exchange(watcher_, nullptr)) watcher->stream_closed();
}

// Every completion begins here. False: the connection was closed meanwhile.
bool Connection::operation_ended() {
  --operations_;
  if (phase_ != Phase::kClosed) return true;
  if (operations_ == 0) table_.reap_soon();
  return false;
}

void Connection::retire() {
  if (between_requests()) close();
}

void Connection::end_now() {
  if (phase_ != Phase::kStreaming) return;
  phase_ = Phase::kEnding;
  advance();
  close();  // if it is still there: it was reading slowly
}

}  // namespace baton::http
