// One keep-alive connection that sends what its feed gives it and hands back the answers, in order.
//
// Callbacks all the way: no coroutine and, in steady state, few allocations per request, so that the harness does not
// measure itself. When the server closes, requests without an answer are lost (they may have been carried out, so they
// are not sent again), and the connection is made anew for the next ones.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "http/response_parser.hpp"
#include "http/stream_socket.hpp"
#include "load/server_address.hpp"

namespace baton::load {

using Job = std::uint64_t;  // the number of a request within its phase

struct Answer {
  int status = 0;
  std::string_view body;             // until the callback returns
  std::chrono::nanoseconds took{0};  // since the request was given to the connection
};

// Where requests come from and answers go. Called by many connections, on one thread.
class Feed {
 public:
  virtual ~Feed() = default;
  // Appends the next request to `out`. Nothing when there is no more.
  virtual std::optional<Job> next(std::string& out) = 0;
  virtual void answered(Job job, const Answer& answer) = 0;
  // No answer will come.
  virtual void lost(Job job, const std::string& why) = 0;
  // The connection cannot be made; it stays closed.
  virtual void unreachable(const std::string& why) = 0;
};

class Connection {
 public:
  // `address` and `feed` must outlive it, and the context must not run after its end.
  Connection(asio::io_context& context, const ServerAddress& address, Feed& feed, std::size_t pipeline);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Takes one request of the feed if there is room; it is sent by flush(). False: no room, or no more requests.
  bool pull();
  // Sends what was pulled, connecting first when needed.
  void flush();

 private:
  enum class State : std::uint8_t { kClosed, kConnecting, kOpen };
  struct UnderWay {
    Job job;
    std::chrono::steady_clock::time_point since;
  };
  static constexpr std::size_t kInput = 16 * 1024;  // the largest head of an answer; bodies may be longer

  void connect();
  void write();
  void read();
  void take_input(std::size_t count);
  std::optional<std::string> parse();  // what is wrong with the input
  void deliver();
  void pull_more();
  void close(const std::string& why);

  http::StreamSocket socket_;
  const ServerAddress& address_;
  Feed& feed_;
  const std::size_t pipeline_;
  State state_ = State::kClosed;
  std::uint64_t generation_ = 0;  // of the socket; callbacks of an earlier one are stale
  std::deque<UnderWay> under_way_;
  std::string pending_;  // pulled, not being written yet
  std::string writing_;
  bool is_writing_ = false;
  bool server_closes_ = false;  // said so in its last answer
  http::ResponseParser parser_;
  std::string body_;
  std::size_t input_size_ = 0;
  std::array<char, kInput> input_;
};

}  // namespace baton::load
