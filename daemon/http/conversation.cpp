// Sending and receiving go on at once, so that a server that answers before it has read everything is heard.
#include "http/conversation.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>
#include <asio/post.hpp>
#include <asio/use_awaitable.hpp>

namespace baton::http {
namespace {

constexpr std::size_t kPiece = 64 * 1024;  // written at once: what a socket takes, and often enough a sign of progress

std::string place_of(const StreamingRequest& request) {
  const Url& url = request.url;
  return fmt::format("{}{} {} {}", url.tls ? "s" : "-", request.loopback_only ? "l" : "-", url.host, url.port);
}

std::int64_t milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::ceil<std::chrono::milliseconds>(time).count();
}

tl::unexpected<Error> over() { return fail(Errc::kCancelled, "over"); }

}  // namespace

Conversation::Conversation(StreamingClient::Parts& parts, StreamingRequest request, std::string head,
                           StreamingEvents events)
    : parts_(parts),
      request_(std::move(request)),
      head_(std::move(head)),
      body_size_(request_.body.size()),
      place_(place_of(request_)),
      events_(std::move(events)),
      dialer_(parts.loop, parts.names),
      woken_(parts.loop) {
  total_.emplace(parts.loop, request_.total_timeout, [this] {
    give_up(fmt::format("the exchange was not over within {} ms", milliseconds(request_.total_timeout)));
  });
}

reactor::Task<> Conversation::run(std::shared_ptr<Conversation> self) {
  // A scope begins at once, and a connection can fail at once: nothing is told before start has returned.
  co_await asio::post(self->parts_.loop.context(), asio::use_awaitable);
  auto how = co_await self->converse();
  self->finish(std::move(how));
}

reactor::Task<Result<Unit>> Conversation::converse() {
  auto how = co_await try_once(true);
  if (!how && repeat_) co_return co_await try_once(false);
  co_return how;
}

reactor::Task<Result<Unit>> Conversation::try_once(bool with_spare) {
  if (is_over()) co_return over();
  channel_ = with_spare ? parts_.pool.take(place_) : nullptr;
  const auto attempt = std::make_shared<Attempt>();
  attempt->reused = channel_ != nullptr;
  if (!attempt->reused) {
    auto connected = co_await connect();
    if (!connected) co_return fail(connected);
  }
  attempt->channel = channel_;
  talking_ = true;
  progressed();
  parts_.scope.spawn(send(shared_from_this(), attempt));
  auto how = co_await receive(attempt);
  talking_ = false;
  idle_.reset();
  repeat_ = !how && may_repeat(*attempt);
  co_return how;
}

reactor::Task<Result<Unit>> Conversation::connect() {
  const reactor::Deadline limit(parts_.loop, request_.connect_timeout, [this] {
    give_up(fmt::format("no connection to {} within {} ms", request_.url.host, milliseconds(request_.connect_timeout)));
  });
  const Url& url = request_.url;
  const Destination to{.host = url.host, .port = url.port, .loopback_only = request_.loopback_only};
  auto endpoints = co_await dialer_.addresses(to);
  if (!endpoints) co_return fail(endpoints);
  channel_ = std::make_shared<Channel>(parts_.loop);
  auto connected = co_await dialer_.connect(channel_->socket(), std::move(*endpoints), request_.connect_timeout);
  if (!connected)
    co_return fail(Errc::kIo, fmt::format("nothing answers at {}:{}: {}", url.host, url.port, connected.error().what));
  if (is_over()) co_return over();
  if (!url.tls) co_return Unit{};
  auto context = parts_.tls();
  if (!context) co_return fail(context);
  auto shaken = co_await channel_->handshake(**context, url.host);
  if (!shaken) co_return fail(shaken);
  if (is_over()) co_return over();
  co_return Unit{};
}

std::string_view Conversation::unsent(const Attempt& attempt) const {
  const auto all = attempt.sent < head_.size() ? std::string_view(head_).substr(attempt.sent)
                                               : std::string_view(request_.body).substr(attempt.sent - head_.size());
  return all.substr(0, kPiece);
}

// What cannot be sent is no failure yet: the server may have said why before it hung up.
reactor::Task<> Conversation::send(std::shared_ptr<Conversation> self, std::shared_ptr<Attempt> attempt) {
  while (!self->all_sent(*attempt)) {
    const auto moved = co_await attempt->channel->write_some(self->unsent(*attempt));
    attempt->sent += moved.count;
    if (moved.error || self->is_over() || attempt->channel != self->channel_) co_return;
    self->progressed();
  }
  self->forget_body(*attempt);
}

reactor::Task<Result<Unit>> Conversation::receive(std::shared_ptr<Attempt> attempt) {
  ResponseParser parser(
      request_.method == "HEAD", [this](std::string_view piece) { return take_body(piece); },
      [this](const ResponseHead& head) { return take_head(head); });
  auto buffer = parts_.take_buffer();
  Result<Unit> how = Unit{};
  while (how && !parser.done()) how = co_await read_more(*attempt, parser, *buffer);
  const bool usable = how && parser.keep_alive() && all_sent(*attempt) && buffer->input().empty();
  parts_.give_back(std::move(buffer));
  if (usable) {
    parts_.pool.put(place_, std::move(channel_));
  } else {
    channel_->close();
  }
  co_return how;
}

reactor::Task<Result<Unit>> Conversation::read_more(Attempt& attempt, ResponseParser& parser, AnswerBuffer& buffer) {
  while (paused_ && !is_over()) co_await woken_.wait();
  if (is_over()) co_return over();
  const auto [room, size] = buffer.room();
  if (size == 0 && parser.head_done()) co_return fail(Errc::kIo, "the answer is not HTTP: a chunk without an end");
  if (size == 0) co_return fail(Errc::kTooLarge, "the head of the answer is too long");
  const auto moved = co_await attempt.channel->read_some(room, size);
  if (is_over()) co_return over();
  buffer.added(moved.count);
  if (moved.count > 0) {
    attempt.answered = true;
    forget_body(attempt);
    progressed();
    auto used = parser.put(buffer.input());
    if (!used) co_return fail(used);
    buffer.consume(*used);
  }
  if (!moved.error || parser.done()) co_return Unit{};
  if (!moved.is_end()) co_return fail(Errc::kIo, "the connection broke: " + moved.error.message());
  auto whole = parser.put_eof();
  if (!whole) co_return fail(whole);
  co_return Unit{};
}

Result<Unit> Conversation::take_head(const ResponseHead& head) {
  if (events_.on_head) events_.on_head(head.status, head.headers);
  return is_over() ? Result<Unit>(over()) : Unit{};
}

Result<Unit> Conversation::take_body(std::string_view piece) {
  if (events_.on_body) events_.on_body(piece);
  return is_over() ? Result<Unit>(over()) : Unit{};
}

// A body may be large and an answer take hours: it is kept only as long as it may have to be sent again.
void Conversation::forget_body(const Attempt& attempt) {
  if (all_sent(attempt) && (attempt.answered || !attempt.reused)) std::string().swap(request_.body);
}

bool Conversation::may_repeat(const Attempt& attempt) const {
  return attempt.reused && !attempt.answered && !is_over() && (attempt.sent == 0 || is_idempotent(request_.method));
}

void Conversation::progressed() {
  idle_.reset();
  if (paused_ || is_over()) return;
  idle_.emplace(parts_.loop, request_.idle_timeout,
                [this] { give_up(fmt::format("nothing came for {} ms", milliseconds(request_.idle_timeout))); });
}

void Conversation::pause(bool paused) {
  if (paused_ == paused) return;
  paused_ = paused;
  if (talking_) progressed();
  woken_.notify_all();
}

void Conversation::give_up(std::string why) {
  if (is_over()) return;
  failure_ = Error{Errc::kTimeout, std::move(why)};
  break_off();
}

void Conversation::close() {
  if (std::exchange(closed_, true)) return;
  break_off();
}

void Conversation::break_off() {
  dialer_.cancel();
  if (channel_) channel_->close();
  woken_.notify_all();
}

// Only what steers somebody keeps its code.
void Conversation::finish(Result<Unit> how) {
  idle_.reset();
  total_.reset();
  if (closed_) return;
  closed_ = true;
  if (failure_) how = fail(*failure_);
  if (!how) {
    const auto code = how.error().code;
    const bool known =
        code == Errc::kNotFound || code == Errc::kTimeout || code == Errc::kTooLarge || code == Errc::kDenied;
    if (!known) how.error().code = Errc::kIo;
  }
  if (events_.on_done) events_.on_done(how);
}

}  // namespace baton::http
