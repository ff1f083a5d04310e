// The list of ready tasks is an index in the order of what is best, so the best one is its first row that the filter
// wants. How many rows the filter may pass over is bounded by the list; the search then goes on in a later transaction.
#include "board/claim_next.hpp"

#include "board/claim.hpp"

namespace baton::board {
namespace {

store::TaskPage best_of(const store::View& view, const std::optional<std::string>& team_id,
                        const std::vector<std::string>& kinds, std::optional<store::TaskCursor> after) {
  store::TaskFilter filter;
  filter.team_id = team_id;
  filter.ready = true;
  filter.kinds = kinds;
  return view.tasks.list(filter, after, 1);
}

}  // namespace

Result<NextClaim> claim_next(store::Tx& tx, const ClaimNext& request) {
  auto best = best_of(tx, request.team_id, request.kinds, request.after);
  if (best.tasks.empty()) return NextClaim{std::nullopt, best.next};
  auto task = claim(tx, {.task_id = std::move(best.tasks.front().id),
                         .assignee_agent_id = request.assignee_agent_id,
                         .assignee_runtime = request.assignee_runtime,
                         .lease_ms = request.lease_ms,
                         .own_lease = request.own_lease});
  // There is one writer, so a task that was ready just now is ready: only a failing disk can refuse it here, and
  // whoever runs the script answers with that failure.
  if (!task) return fail(task);
  return NextClaim{*std::move(task), std::nullopt};
}

Ready look_for_ready(const store::View& view, const std::optional<std::string>& team_id,
                     const std::vector<std::string>& kinds) {
  const auto best = best_of(view, team_id, kinds, {});
  if (!best.tasks.empty()) return Ready::kSome;
  return best.next ? Ready::kPerhaps : Ready::kNone;
}

}  // namespace baton::board
