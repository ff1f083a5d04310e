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

bool Connection::sweep(Clock::time_point now) {
  const bool stalled = writing_ && now >= write_deadline_;
  const bool lingered = phase_ == Phase::kLingering && now >= deadline_;
  if (stalled || lingered) {
    close();
    return true;
  }
  if (phase_ == Phase::kReading && !writing_ && released_) return sweep_reading(now);
  if (phase_ != Phase::kStreaming || now < beat_ || unsent() > 0) return false;
  sse::append_comment(out_, "");
  filled_ = true;
  advance();
  return true;
}

bool Connection::sweep_reading(Clock::time_point now) {
  if (now < deadline_) return false;
  if (stage_ == Stage::kIdle) {
    close();
    return true;
  }
  refuse({408, "the request took too long"});
  lingers_ = false;
  advance();
  return true;
}

}  // namespace baton::http
