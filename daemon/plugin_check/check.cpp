#include "plugin_check/check.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <numeric>

namespace baton::plugin_check {
namespace {

// How many letters must be changed, put in or left out to make one of the other (Levenshtein).
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      const std::size_t changed = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, changed});
    }
  }
  return row[to.size()];
}

}  // namespace

const std::vector<Check>& all_checks() {
  static const std::vector<Check> all = [] {
    const std::array lists{binary_checks(), descriptor_checks(), life_checks(), host_checks()};
    const std::array run_lists{run_end_checks(),        run_cancel_checks(),    run_output_checks(),
                               run_protocol_checks(),   conduct_trace_checks(), conduct_call_checks(),
                               conduct_growth_checks(), claim_event_checks(),   claim_request_checks()};
    std::vector<Check> made;
    for (const auto list : lists) made.insert(made.end(), list.begin(), list.end());
    for (const auto list : run_lists) made.insert(made.end(), list.begin(), list.end());
    return made;
  }();
  return all;
}

const Check* find_check(std::string_view id) {
  const auto& all = all_checks();
  const auto found = std::ranges::find(all, id, &Check::id);
  return found == all.end() ? nullptr : &*found;
}

std::string_view nearest_id(std::string_view id) {
  const auto farther = [&](const Check& a, const Check& b) { return distance(id, a.id) < distance(id, b.id); };
  const auto nearest = std::ranges::min_element(all_checks(), farther)->id;
  return distance(id, nearest) <= nearest.size() / 3 ? nearest : std::string_view();
}

}  // namespace baton::plugin_check
