#include "executor/collector.hpp"

#include <algorithm>

#include "base/fault_point.hpp"
#include "base/log.hpp"
#include "board/status.hpp"
#include "board/workspace.hpp"
#include "executor/await.hpp"
#include "executor/free_space.hpp"
#include "reactor/timer.hpp"

namespace baton::executor {
namespace {

constexpr std::size_t kSlice = 64;  // worktrees asked after at the board, between two turns of the loop
constexpr std::string_view kCollecting = "the collection of its worktree";

}  // namespace

Collector::Collector(Services& services, BusyTasks& busy, CollectRules rules)
    : services_(services), busy_(busy), rules_(rules), turn_(services.loop, 1) {}

reactor::Task<Collection> Collector::collect() {
  const auto turn = co_await turn_.acquire();
  Collection done;
  auto found = co_await candidates();
  std::vector<CollectItem> items;
  for (const auto& candidate : found) items.push_back(candidate.item);
  std::vector<bool> chosen(found.size());
  for (const auto& [index, why] : choose_to_collect(items, rules_, services_.clock.unix_ms())) {
    if (stopping_) break;
    chosen[index] = true;
    co_await take(found[index], why, done);
  }
  std::vector<Candidate> left;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (!chosen[i]) left.push_back(std::move(found[i]));
  }
  co_await make_room(std::move(left), done);
  done.kept = found.size() - done.collected.size();
  done.free_bytes = free_bytes(services_.worktrees.root()).value_or(0);
  if (!done.collected.empty()) log::info("collected {} worktrees, kept {}", done.collected.size(), done.kept);
  co_return done;
}

reactor::Task<std::vector<Collector::Candidate>> Collector::candidates() {
  std::vector<Candidate> candidates;
  auto found = co_await services_.worktrees.find_ours();
  for (auto& one : found) {
    CollectItem item;
    item.repository = one.site.path.parent_path().string();
    item.used_ms = one.used_ms;
    item.interrupted = one.half_made;
    item.active = is_active(one.site.task_id);
    // The board knows of provisions and pauses that wrote nothing here.
    const auto row = services_.board.read([&](const store::View& view) -> Result<std::optional<store::Workspace>> {
      return view.workspaces.newest_of(one.site.task_id);
    });
    if (row && *row && (*row)->worktree_path == one.site.path.string()) {
      item.used_ms = std::max(item.used_ms, (*row)->last_used_at.value_or(0));
    }
    candidates.push_back({std::move(one), std::move(item)});
    if (candidates.size() % kSlice == 0) co_await reactor::sleep_for(services_.loop, std::chrono::nanoseconds(0));
  }
  if (rules_.bytes > 0) co_await measure(candidates);
  co_return candidates;
}

// What was not used since is not measured again.
reactor::Task<> Collector::measure(std::vector<Candidate>& candidates) {
  std::map<std::string, std::pair<std::int64_t, std::uint64_t>> known;
  for (auto& candidate : candidates) {
    if (stopping_) co_return;
    const auto path = candidate.found.site.path.string();
    const auto before = sizes_.find(path);
    if (before != sizes_.end() && before->second.first == candidate.item.used_ms) {
      candidate.item.bytes = before->second.second;
    } else {
      const auto bytes = co_await services_.worktrees.bytes_of(path);
      if (!bytes) log::warn("{}", bytes.error().what);
      candidate.item.bytes = bytes.value_or(0);
    }
    known[path] = {candidate.item.used_ms, candidate.item.bytes};
  }
  sizes_ = std::move(known);
}

bool Collector::is_active(const TaskId& id) const {
  if (!busy_.holder(id).empty()) return true;
  const auto task = services_.board.read(
      [&](const store::View& view) -> Result<std::optional<store::Task>> { return view.tasks.find(id); });
  return !task || (*task && board::is_locked((*task)->status));  // who cannot be asked may be at work
}

reactor::Task<> Collector::take(Candidate candidate, std::string_view why, Collection& into) {
  const auto task = candidate.found.site.task_id;
  const auto path = candidate.found.site.path.string();
  auto one = co_await reap(std::move(candidate), why);
  if (one) {
    log::info("task {}: its worktree was collected ({}), its branch is at {}", task.value, why, one->head);
    into.collected.push_back(*std::move(one));
  } else if (one.error().reason != "active" && one.error().reason != "busy") {
    log::warn("task {}: its worktree is not collected: {}", task.value, one.error().what);
    into.failures.push_back({task, path, std::move(one.error())});
  }
}

reactor::Task<Result<CollectedOne>> Collector::reap(Candidate candidate, std::string_view why) {
  const TaskId task = candidate.found.site.task_id;
  const auto path = candidate.found.site.path.string();
  if (is_active(task)) co_return fail(Errc::kConflict, "somebody works on task " + task.value, "active");
  const auto held = busy_.hold(task, kCollecting);
  if (!held) co_return fail(held.error());
  const auto still_idle = [this, task] {
    const auto now = services_.board.read(
        [&](const store::View& view) -> Result<std::optional<store::Task>> { return view.tasks.find(task); });
    return now && !(*now && board::is_locked((*now)->status));
  };
  auto reaped = co_await services_.worktrees.reap(std::move(candidate.found), still_idle);
  if (!reaped) co_return fail(std::move(reaped));
  const board::CollectedWorkspace note{.task_id = task,
                                       .worktree_path = path,
                                       .why = std::string(why),
                                       .head = reaped->head,
                                       .committed = reaped->committed};
  const auto script = [note](store::Tx& tx) { return board::note_collected(tx, note); };
  auto noted = co_await write(services_.loop, services_.board, script);
  if (!noted) co_return fail(std::move(noted));
  fault_point("gc.noted");
  co_return CollectedOne{task, path, why, std::move(reaped->head)};
}

// The oldest first, until there is room again.
reactor::Task<> Collector::make_room(std::vector<Candidate> candidates, Collection& into) {
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) { return a.item.used_ms < b.item.used_ms; });
  for (auto& candidate : candidates) {
    if (stopping_ || check_free(services_.worktrees.root(), services_.settings.free_floor_bytes)) co_return;
    if (!candidate.item.active) co_await take(std::move(candidate), "free_space", into);
  }
}

}  // namespace baton::executor
