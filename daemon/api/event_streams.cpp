#include "api/event_streams.hpp"

#include <string>

#include "base/json_writer.hpp"
#include "base/log.hpp"
#include "events/event_json.hpp"
#include "events/query.hpp"
#include "http/sse.hpp"

namespace baton::api {
namespace {

constexpr std::size_t kPage = 100;  // events sent before the client must have taken them

std::string frames_of(const std::vector<store::Event>& events) {
  std::string frames;
  for (const auto& event : events) {
    std::string data;
    json::Writer json(data);
    events::write_json(json, event);
    const auto id = std::to_string(event.seq);
    http::sse::append(frames, {.id = id, .data = data});
  }
  return frames;
}

}  // namespace

EventStreams::EventStreams(board::Board& board, events::Bus& bus)
    : board_(board), subscription_(bus.subscribe([this](std::int64_t) { wake_all(); })) {}

void EventStreams::open(http::Responder responder, std::int64_t cursor, store::EventFilter filter) {
  auto& follower = followers_.emplace_back(Follower{responder.stream(), cursor, std::move(filter)});
  const auto place = std::prev(followers_.end());
  follower.stream.on_drained([this, place] {
    if (!send_page(*place)) followers_.erase(place);
  });
  std::string hello;
  http::sse::append_comment(hello, "connected");
  if (!follower.stream.write(hello) || !send_page(follower)) followers_.erase(place);
}

void EventStreams::wake_all() {
  for (auto at = followers_.begin(); at != followers_.end();) {
    const auto place = at++;
    if (!send_page(*place)) followers_.erase(place);
  }
}

bool EventStreams::send_page(Follower& follower) {
  if (!follower.stream.open()) return false;
  if (follower.stream.backlog() > 0) return true;  // it will be drained, and this is called again
  for (;;) {
    auto page = events::query(board_.reader(), follower.cursor, follower.filter, kPage);
    if (!page) {
      log::warn("a stream of events was ended: {}", page.error().what);
      return false;
    }
    follower.cursor = page->cursor;
    if (!page->events.empty()) return follower.stream.write(frames_of(page->events));
    if (!page->has_more) return true;
  }
}

}  // namespace baton::api
