// Gathers a page of a task's history from a run that gives the newest row first.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "base/limits.hpp"
#include "store/sqlite/statement.hpp"
#include "store/tx.hpp"

namespace baton::store::sqlite {

constexpr auto kNoRowBelow = std::numeric_limits<std::int64_t>::max();

// `read(run)` makes a row, `size(row)` counts the bytes of its long texts, and column `row_column` has its number.
template <class Row, class Read, class Size>
HistoryPage<Row> history_page(Run run, Read read, Size size, int row_column) {
  HistoryPage<Row> page;
  std::size_t bytes = 0;
  std::int64_t oldest = 0;
  while (run.next()) {
    if (page.rows.size() == limits::kHistoryPage || bytes >= limits::kHistoryBytes) {
      page.older = oldest;
      break;
    }
    oldest = run.integer(row_column);
    bytes += size(page.rows.emplace_back(read(run)));
  }
  std::reverse(page.rows.begin(), page.rows.end());
  return page;
}

}  // namespace baton::store::sqlite
