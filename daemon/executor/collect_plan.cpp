#include "executor/collect_plan.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace baton::executor {
namespace {

std::vector<std::size_t> newest_first(const std::vector<CollectItem>& items) {
  std::vector<std::size_t> order(items.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return items[a].used_ms > items[b].used_ms; });
  return order;
}

}  // namespace

std::vector<CollectChoice> choose_to_collect(const std::vector<CollectItem>& items, const CollectRules& rules,
                                             std::int64_t now_ms) {
  std::vector<CollectChoice> chosen;
  std::map<std::string_view, std::size_t> kept;  // by repository
  std::uint64_t bytes = 0;
  for (const auto index : newest_first(items)) {
    const auto& item = items[index];
    std::string_view why;
    if (item.interrupted) {
      why = "interrupted";
    } else if (rules.age.count() > 0 && now_ms - item.used_ms > rules.age.count()) {
      why = "age";
    } else if (rules.count > 0 && kept[item.repository] >= rules.count) {
      why = "count";
    } else if (rules.bytes > 0 && bytes + item.bytes > rules.bytes) {
      why = "bytes";
    }
    if (why.empty() || item.active) {
      ++kept[item.repository];
      bytes += item.bytes;
    } else {
      chosen.push_back({index, why});
    }
  }
  std::reverse(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace baton::executor
