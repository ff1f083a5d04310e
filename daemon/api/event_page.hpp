// A piece of the event log as frames of an event stream: each event is rendered once, for however many clients.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "events/filter.hpp"
#include "events/query.hpp"

namespace baton::api {

// The first events of a page, as many as a client can be sent in one piece: about 256 KiB, at least one. An event of
// more than half of limits::kEventStreamBacklog has the data {"truncated":true,"bytes":…} here: who is cut off for a
// frame would come back for it, again and again.
class EventPage {
 public:
  explicit EventPage(events::Page page);

  std::size_t size() const { return frames_.size(); }  // events
  std::int64_t end() const { return end_; }            // everything up to here was looked at
  bool is_last() const { return is_last_; }            // and there was no more when the page was read

  // All frames.
  std::string_view text() const { return text_; }
  // Those of events behind `cursor` that `filter` wants. The text lives in the page or in `scratch`.
  std::string_view text_for(const store::EventFilter& filter, std::int64_t cursor, std::string& scratch) const;

  // Of its events; sorted, each once.
  std::vector<events::Topic> topics() const;

 private:
  struct Frame {
    store::Event event;  // without its data
    std::size_t begin;   // in text_
    std::size_t end;
  };

  std::string text_;
  std::vector<Frame> frames_;
  std::int64_t end_;
  bool is_last_;
};

}  // namespace baton::api
