#include "api/event_streams.hpp"

#include <string>
#include <utility>

#include "base/json_writer.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "events/event_json.hpp"
#include "events/query.hpp"
#include "http/sse.hpp"

namespace baton::api {
namespace {

// What is sent before the client must have taken it.
constexpr std::size_t kPage = 100;              // events
constexpr std::size_t kPageBytes = 256 * 1024;  // of frames; a larger event goes alone
// The server cuts off a stream whose backlog is too large, and the client would come back for the same event for ever.
constexpr std::size_t kLargestFrame = limits::kEventStreamBacklog / 2;

std::string frame_of(const store::Event& event) {
  std::string data;
  json::Writer json(data);
  events::write_json(json, event);
  std::string frame;
  http::sse::append(frame, {.id = std::to_string(event.seq), .data = data});
  return frame;
}

// An event that no stream can carry arrives without its data, which the log's pages have.
std::string fitting_frame_of(const store::Event& event) {
  auto frame = frame_of(event);
  if (frame.size() <= kLargestFrame) return frame;
  auto shortened = event;
  shortened.data.clear();
  json::Writer json(shortened.data);
  json.object().field("truncated", true).field("bytes", event.data.size()).end();
  return frame_of(shortened);
}

struct Frames {
  std::string text;
  std::size_t events = 0;  // how many of those that were given
};

Frames frames_of(const std::vector<store::Event>& events) {
  Frames frames;
  for (const auto& event : events) {
    const auto frame = fitting_frame_of(event);
    if (frames.events > 0 && frames.text.size() + frame.size() > kPageBytes) break;
    frames.text += frame;
    ++frames.events;
  }
  return frames;
}

}  // namespace

EventStreams::EventStreams(board::Board& board, events::Bus& bus)
    : board_(board), subscription_(bus.subscribe([this](std::int64_t) { wake_all(); })) {}

void EventStreams::open(http::Responder responder, std::int64_t cursor, store::EventFilter filter) {
  followers_.remove_if([](const Follower& other) { return !other.stream.open(); });
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
  const auto page = events::query(board_.reader(), follower.cursor, follower.filter, kPage);
  if (!page) {
    log::warn("a stream of events was ended: {}", page.error().what);
    return false;
  }
  Frames frames = frames_of(page->events);
  const bool all = frames.events == page->events.size();
  follower.cursor = all ? page->cursor : page->events[frames.events - 1].seq;
  if (frames.events == 0) {
    if (!page->has_more) return true;
    http::sse::append_comment(frames.text, "searching");  // when it was taken, the next piece has its turn
  }
  return follower.stream.write(frames.text);
}

}  // namespace baton::api
