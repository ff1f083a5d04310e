// One look at a task answers three questions: may it be claimed, if not why, and who could change that. A refused claim
// is this look too, so that the two never come to differ.
#include "board/why.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/limits.hpp"
#include "base/text.hpp"
#include "board/execution.hpp"
#include "board/lease.hpp"
#include "board/read.hpp"
#include "board/status.hpp"

namespace baton::board {
namespace {

constexpr std::size_t kNamedInSentence = 3;  // blockers; the data has more
constexpr std::size_t kTitleInSentence = 80;

// The order in which a claim is refused.
std::string_view reason_of(const store::Task& task) {
  if (task.dropped) return "dropped";
  if (is_terminal(task.status)) return "status";
  if (task.assignee_agent_id) return "claimed";
  if (task.status != TaskStatus::kTodo) return "status";
  return task.unmet_blockers > 0 ? "dependencies" : "ready";
}

Holder holder_of(const store::View& view, const store::Task& task) {
  Holder holder;
  holder.agent_id = *task.assignee_agent_id;
  holder.runtime = task.assignee_runtime;
  holder.since = task.claimed_at;
  holder.until = lease_expires_at(view, task);
  holder.execution_id = run_of(view, task);
  return holder;
}

std::string held_sentence(const store::Task& task, const Holder& holder) {
  auto sentence = fmt::format("the task is {} and held by '{}'", to_text(task.status), holder.agent_id);
  if (holder.since) sentence += " since " + iso8601(*holder.since);
  if (holder.until) sentence += ", until " + iso8601(*holder.until) + " unless it shows a sign of life";
  if (holder.execution_id) sentence += ", working as run " + holder.execution_id->value;
  return sentence;
}

std::string waiting_sentence(const store::Task& task, const std::vector<Blocker>& blockers) {
  auto sentence = task.unmet_blockers == 1
                      ? std::string("it waits for a task that is not done: ")
                      : fmt::format("it waits for {} tasks that are not done: ", task.unmet_blockers);
  std::size_t named = 0;
  for (const auto& blocker : blockers) {
    if (named == kNamedInSentence) break;
    if (named++ > 0) sentence += ", ";
    sentence += fmt::format("'{}' ({}", text::shortened(blocker.title, kTitleInSentence), to_text(blocker.status));
    if (blocker.dropped) sentence += ", dropped";
    sentence += blocker.hopeless() ? ", so the wait has no end by itself)" : ")";
  }
  if (blockers.size() > named) sentence += ", …";
  return sentence;
}

std::string sentence_of(const Explanation& about) {
  if (about.reason == "ready") return "the task is ready: whoever asks first may claim it";
  if (about.reason == "dropped") return "the task was dropped";
  if (about.reason == "claimed") return held_sentence(about.task, *about.holder);
  if (about.reason == "dependencies") return waiting_sentence(about.task, about.blocked_by);
  return fmt::format("the task is {}; only a todo task can be claimed", to_text(about.task.status));
}

}  // namespace

std::vector<Blocker> unmet_blockers(const store::View& view, const TaskId& task) {
  std::vector<Blocker> unmet;
  std::size_t looked_at = 0;
  for (auto& id : view.dependencies.blockers_of(task)) {
    if (unmet.size() == limits::kBlockersShown || looked_at++ == limits::kListScan) break;
    auto row = view.tasks.find(id);
    if (!row || row->status == TaskStatus::kDone) continue;
    unmet.push_back({std::move(id), std::move(row->title), row->status, row->dropped});
  }
  return unmet;
}

void write_json(json::Writer& json, const std::vector<Blocker>& blockers) {
  json.array();
  for (const auto& blocker : blockers) {
    json.object().field("id", blocker.id.value).field("title", blocker.title).field("status", to_text(blocker.status));
    json.field("dropped", blocker.dropped).field("hopeless", blocker.hopeless()).end();
  }
  json.end();
}

Explanation explain_task(const store::View& view, store::Task task) {
  Explanation about;
  about.task = std::move(task);
  about.reason = reason_of(about.task);
  about.ready = about.reason == "ready";
  about.events_head = about.task.last_event_seq;
  if (!is_terminal(about.task.status)) {
    if (about.task.assignee_agent_id) about.holder = holder_of(view, about.task);
    if (about.task.unmet_blockers > 0) about.blocked_by = unmet_blockers(view, about.task.id);
  }
  about.sentence = sentence_of(about);
  return about;
}

Result<Explanation> explain(const store::View& view, const TaskId& id) {
  auto task = find_task(view, id);
  if (!task) return fail(task);
  return explain_task(view, *std::move(task));
}

}  // namespace baton::board
