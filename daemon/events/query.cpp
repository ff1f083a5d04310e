#include "events/query.hpp"

#include <algorithm>
#include <utility>

#include "base/bug.hpp"
#include "base/limits.hpp"

namespace baton::events {
namespace {

// How far one call looks.
std::int64_t horizon(std::int64_t cursor, std::int64_t last) {
  return last - cursor <= limits::kEventScan ? last : cursor + limits::kEventScan;
}

// A task's chain leads past all others' events, so what it gives is the answer up to the end of the log; a scan's goes
// only as far as it looked.
std::vector<store::Event> look(const store::View& view, std::int64_t cursor, store::EventFilter& filter,
                               std::size_t limit) {
  const std::int64_t last = view.events.last_seq();
  filter.up_to = last;
  if (filter.task_id) {
    if (auto found = view.events.of_task(cursor, filter, limit)) return *std::move(found);
  }
  filter.up_to = horizon(cursor, last);
  return view.events.after(cursor, filter, limit);
}

bool says_since(const store::EventFilter& filter) { return filter.since_ms != store::EventFilter{}.since_ms; }

}  // namespace

Result<Page> query(store::Reader& reader, std::int64_t cursor, const store::EventFilter& filter, std::size_t limit) {
  require(limit > 0, "events: a page of no events has no end");
  return reader.read([&](const store::View& view) -> Result<Page> {
    const std::int64_t last = view.events.last_seq();
    Page page{.events = {}, .cursor = std::clamp<std::int64_t>(cursor, 0, last), .has_more = false};
    if (says_since(filter)) page.cursor = std::max(page.cursor, view.events.last_before(filter.since_ms));
    if (page.cursor == last) return page;
    store::EventFilter within = filter;
    page.events = look(view, page.cursor, within, limit);
    page.cursor = page.events.size() == limit ? page.events.back().seq : within.up_to;
    page.has_more = page.cursor < last;
    return page;
  });
}

Result<Page> query_back(store::Reader& reader, std::int64_t cursor, std::int64_t down_to,
                        const store::EventFilter& filter, std::size_t limit) {
  require(limit > 0, "events: a page of no events has no end");
  return reader.read([&](const store::View& view) -> Result<Page> {
    const std::int64_t end = view.events.last_seq() + 1;
    if (says_since(filter)) down_to = std::max(down_to, view.events.last_before(filter.since_ms));
    Page page{.events = {}, .cursor = std::clamp<std::int64_t>(cursor, 0, end), .has_more = false};
    if (page.cursor - 1 <= down_to) return page;
    auto back = view.events.before(page.cursor, down_to, filter, limit);
    page.events = std::move(back.events);
    page.cursor = back.cursor;
    page.has_more = page.cursor - 1 > down_to;
    return page;
  });
}

}  // namespace baton::events
