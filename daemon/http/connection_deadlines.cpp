// When a connection has waited long enough. The times are fields; the server's one ticker has sweep() look at them.
#include <utility>

#include "http/connection.hpp"
#include "http/service.hpp"
#include "http/sse.hpp"

namespace baton::http {

// Deadlines are absolute: from the first byte of the head, from the end of the head. Only waiting for a request begins
// anew.
void Connection::enter(Stage stage) {
  if (stage == stage_ && stage != Stage::kIdle) return;
  stage_ = stage;
  const auto now = Clock::now();
  switch (stage) {
    case Stage::kIdle: deadline_ = now + service_.options.keep_alive; break;
    case Stage::kHead: deadline_ = now + service_.options.header_deadline; break;
    case Stage::kBody: deadline_ = now + service_.options.body_deadline; break;
  }
}

void Connection::sweep(Clock::time_point now) {
  const bool stalled = writing_ && now >= write_deadline_;
  const bool lingered = phase_ == Phase::kLingering && now >= deadline_;
  if (stalled || lingered) return close();
  if (phase_ == Phase::kReading && !writing_ && released_) return sweep_reading(now);
  if (phase_ == Phase::kStreaming && now >= beat_ && unsent() == 0) {
    sse::append_comment(out_, "");
    advance();
  }
}

void Connection::sweep_reading(Clock::time_point now) {
  if (now < deadline_) return;
  if (stage_ == Stage::kIdle) return close();
  refuse({408, "the request took too long"});
  lingers_ = false;
  advance();
}

}  // namespace baton::http
