#include "load/connection.hpp"

#include <algorithm>
#include <utility>

#include <asio/buffer.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>

namespace baton::load {
namespace {

constexpr std::size_t kBodyAtMost = 16 * 1024 * 1024;  // of one answer: several times what the API can hold of a task

void set_no_delay(http::StreamSocket& socket, int family) {
  if (family == AF_UNIX) return;
  std::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
}

}  // namespace

Connection::Connection(asio::io_context& context, const ServerAddress& address, Feed& feed, std::size_t pipeline)
    : socket_(context),
      address_(address),
      feed_(feed),
      pipeline_(pipeline),
      parser_(false, [this](std::string_view piece) -> Result<Unit> {
        if (body_.size() + piece.size() > kBodyAtMost) return fail(Errc::kTooLarge, "an answer is beyond 16 MiB");
        body_.append(piece);
        return Unit{};
      }) {}

bool Connection::pull() {
  if (under_way_.size() == pipeline_) return false;
  const auto job = feed_.next(pending_);
  if (!job) return false;
  under_way_.push_back({*job, std::chrono::steady_clock::now()});
  return true;
}

void Connection::flush() {
  if (pending_.empty()) return;
  if (state_ == State::kClosed) return connect();
  if (state_ == State::kOpen) write();
}

void Connection::connect() {
  state_ = State::kConnecting;
  socket_.async_connect(address_.endpoint, [this, mine = generation_](std::error_code error) {
    if (mine != generation_) return;
    if (error) {
      feed_.unreachable(error.message());
      return;
    }
    state_ = State::kOpen;
    set_no_delay(socket_, address_.endpoint.protocol().family());
    read();
    write();
  });
}

void Connection::write() {
  if (is_writing_ || pending_.empty()) return;
  is_writing_ = true;
  writing_.clear();
  writing_.swap(pending_);
  asio::async_write(socket_, asio::buffer(writing_), [this, mine = generation_](std::error_code error, std::size_t) {
    if (mine != generation_) return;
    is_writing_ = false;
    // A server that closed may have answered before; whoever reads finds that out, and the end too.
    if (!error) write();
  });
}

void Connection::read() {
  socket_.async_read_some(asio::buffer(input_.data() + input_size_, kInput - input_size_),
                          [this, mine = generation_](std::error_code error, std::size_t count) {
                            if (mine != generation_) return;
                            if (!error) return take_input(count);
                            // An answer without a length ends with the connection.
                            if (error == asio::error::eof && !under_way_.empty() && parser_.put_eof()) deliver();
                            close(error.message());
                          });
}

void Connection::take_input(std::size_t count) {
  input_size_ += count;
  if (const auto wrong = parse()) return close(*wrong);
  if (server_closes_) return close("the server closed the connection");
  pull_more();
  read();
}

std::optional<std::string> Connection::parse() {
  std::size_t used = 0;
  while (used < input_size_ && !server_closes_) {
    if (under_way_.empty()) return "an answer that nobody asked for";
    const auto put = parser_.put({input_.data() + used, input_size_ - used});
    if (!put) return put.error().what;
    used += *put;
    if (!parser_.done()) break;
    deliver();
  }
  std::copy(input_.begin() + static_cast<std::ptrdiff_t>(used),
            input_.begin() + static_cast<std::ptrdiff_t>(input_size_), input_.begin());
  input_size_ -= used;
  if (input_size_ == kInput) return "an answer's head is beyond 16 KiB";
  return std::nullopt;
}

void Connection::deliver() {
  const auto first = under_way_.front();
  under_way_.pop_front();
  const auto took = std::chrono::steady_clock::now() - first.since;
  server_closes_ = !parser_.keep_alive();
  feed_.answered(first.job, {parser_.head().status, body_, took});
  parser_.reset();
  body_.clear();
}

void Connection::pull_more() {
  while (pull()) continue;
  flush();
}

// What was pulled and not answered is lost, sent or not: whoever closes with requests on the way leaves the client not
// knowing which of them counted.
void Connection::close(const std::string& why) {
  ++generation_;
  std::error_code ignored;
  socket_.close(ignored);
  state_ = State::kClosed;
  is_writing_ = server_closes_ = false;
  pending_.clear();
  input_size_ = 0;
  body_.clear();
  parser_.reset();
  for (const auto& request : std::exchange(under_way_, {})) feed_.lost(request.job, why);
  pull_more();
}

}  // namespace baton::load
