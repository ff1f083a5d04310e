#include "events/query.hpp"

#include <algorithm>
#include <utility>

#include "base/bug.hpp"
#include "base/limits.hpp"

namespace baton::events {
namespace {

// How far one call looks. A task's chain leads past all others' events, so it is followed to the end.
std::int64_t horizon(std::int64_t cursor, std::int64_t last, const store::EventFilter& filter) {
  if (filter.task_id || last - cursor <= limits::kEventScan) return last;
  return cursor + limits::kEventScan;
}

}  // namespace

Result<Page> query(store::Reader& reader, std::int64_t cursor, const store::EventFilter& filter, std::size_t limit) {
  require(limit > 0, "events: a page of no events has no end");
  return reader.read([&](const store::View& view) -> Result<Page> {
    const std::int64_t last = view.events.last_seq();
    Page page{.events = {}, .cursor = std::clamp<std::int64_t>(cursor, 0, last), .has_more = false};
    if (page.cursor == last) return page;
    store::EventFilter within = filter;
    within.up_to = horizon(page.cursor, last, filter);
    page.events = view.events.after(page.cursor, within, limit);
    page.cursor = page.events.size() == limit ? page.events.back().seq : within.up_to;
    page.has_more = page.cursor < last;
    return page;
  });
}

}  // namespace baton::events
