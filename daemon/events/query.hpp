// Reads the event log page by page, from a cursor. The cursor is a seq: what a client sends back as `since`, `afterSeq`
// or `Last-Event-ID`.
//
//   for (events::Page page; page.has_more;) {
//     auto read = events::query(reader, page.cursor, filter, limits::kListPage);
//     ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/result.hpp"
#include "store/reader.hpp"
#include "store/tx.hpp"

namespace baton::events {

struct Page {
  std::vector<store::Event> events;  // oldest first, of query_back() newest first
  std::int64_t cursor = 0;           // where the next page begins: everything up to here was looked at
  bool has_more = true;  // the log goes on beyond the cursor, though perhaps with nothing that the filter wants
};

// At most `limit` (at least 1) events after `cursor`. One call looks at a bounded piece of the log
// (limits::kEventScan), so a page may be short, or empty, and not the last. A cursor beyond the end of the log gives an
// empty last page. `filter.up_to` is not for callers: the pages set it.
Result<Page> query(store::Reader& reader, std::int64_t cursor, const store::EventFilter& filter, std::size_t limit);

// The same from the other end: events below `cursor` and above `down_to`, newest first. The page's cursor is where it
// goes on below; has_more says that there is something between that and `down_to`.
Result<Page> query_back(store::Reader& reader, std::int64_t cursor, std::int64_t down_to,
                        const store::EventFilter& filter, std::size_t limit);

}  // namespace baton::events
