#include "api/event_page.hpp"

#include <algorithm>
#include <utility>

#include "base/json_writer.hpp"
#include "base/limits.hpp"
#include "events/event_json.hpp"
#include "http/sse.hpp"

namespace baton::api {
namespace {

constexpr std::size_t kPageBytes = 256 * 1024;  // of frames; a larger one goes alone
constexpr std::size_t kLargestFrame = limits::kEventStreamBacklog / 2;

void append_frame(std::string& text, const store::Event& event) {
  std::string data;
  json::Writer json(data);
  events::write_json(json, event);
  http::sse::append(text, {.id = std::to_string(event.seq), .data = data});
}

void append_fitting_frame(std::string& text, store::Event& event) {
  const std::size_t begin = text.size();
  append_frame(text, event);
  if (text.size() - begin <= kLargestFrame) return;
  text.resize(begin);
  const std::size_t bytes = event.data.size();
  event.data.clear();
  json::Writer json(event.data);
  json.object().field("truncated", true).field("bytes", bytes).end();
  append_frame(text, event);
}

}  // namespace

EventPage::EventPage(events::Page page) : end_(page.cursor), is_last_(!page.has_more) {
  frames_.reserve(page.events.size());
  for (auto& event : page.events) {
    const std::size_t begin = text_.size();
    append_fitting_frame(text_, event);
    if (begin > 0 && text_.size() > kPageBytes) {
      text_.resize(begin);
      end_ = frames_.back().event.seq;
      is_last_ = false;
      return;
    }
    std::string().swap(event.data);
    frames_.push_back({std::move(event), begin, text_.size()});
  }
}

std::string_view EventPage::text_for(const store::EventFilter& filter, std::int64_t cursor,
                                     std::string& scratch) const {
  const std::string_view all = text_;
  const auto is_known = [cursor](const Frame& frame) { return frame.event.seq <= cursor; };
  const auto first = std::ranges::find_if_not(frames_, is_known);
  if (first == frames_.end()) return {};
  if (events::wants_all(filter)) return all.substr(first->begin);
  scratch.clear();
  for (auto frame = first; frame != frames_.end(); ++frame) {
    if (events::wants(filter, frame->event)) scratch.append(all.substr(frame->begin, frame->end - frame->begin));
  }
  return scratch;
}

std::vector<events::Topic> EventPage::topics() const {
  std::vector<events::Topic> topics;
  for (const Frame& frame : frames_) events::append_topics(topics, frame.event);
  std::ranges::sort(topics);
  // Not std::ranges::unique, which Clang 14 cannot compile with this standard library.
  topics.erase(std::unique(topics.begin(), topics.end()), topics.end());
  return topics;
}

}  // namespace baton::api
