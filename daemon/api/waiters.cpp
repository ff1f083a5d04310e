#include "api/waiters.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "base/log.hpp"
#include "board/event_log.hpp"
#include "board/own.hpp"
#include "board/status.hpp"
#include "events/query.hpp"
#include "http/errors.hpp"

namespace baton::api {
namespace {

constexpr std::size_t kNews = 512;  // events looked at per commit; when there are more, everybody has a look

store::EventFilter chances() {
  using namespace board::event;
  store::EventFilter filter;
  for (const auto kind : {kTaskCreated, kStatusChanged, kTaskReady, kDependencyUnlinked, kTaskRestored}) {
    filter.kinds.emplace_back(kind);
  }
  return filter;
}

bool tells_of(const store::Event& event, std::string_view what) { return event.data.find(what) != std::string::npos; }

// True when the event may have made a task ready; whether it did, the board says.
bool is_chance(const store::Event& event) {
  if (event.kind == board::event::kTaskCreated) return tells_of(event, R"("status":"todo")");
  if (event.kind == board::event::kStatusChanged) return tells_of(event, R"("to":"todo")");
  return true;
}

}  // namespace

Waiters::Waiters(reactor::Loop& loop, board::Board& board, events::Bus& bus)
    : loop_(loop), board_(board), seen_(bus.high_water()), subscription_(bus.subscribe([this](std::int64_t seq) {
        if (queues_.empty()) {
          seen_ = seq;
        } else {
          look_at_news(seq);
        }
      })) {}

void Waiters::wait(http::Responder responder, NextCall call, std::chrono::milliseconds at_most) {
  if (call.key) {
    auto before = board_.read([&](const store::View& view) { return kept_under(view, *call.key); });
    if (!before) return responder.send(http::error_response(before.error()));
    if (*before) return responder.send(kept_response(**std::move(before)));
  }
  const auto queue = queues_.try_emplace(Wish{call.wanted.team_id, call.wanted.kinds}).first;
  const Ticket ticket = next_ticket_++;
  const auto until = Clock::now() + (stopping_ ? std::chrono::milliseconds(0) : at_most);
  const auto deadline = deadlines_.emplace(until, std::pair(queue, ticket));
  queue->second.waiters.emplace(ticket, Waiter{std::move(responder), std::move(call), deadline});
  serve_one(queue);
  drop_if_empty(queue);  // the client had gone already
  stopping_ ? end_overdue() : arm();
}

void Waiters::stop() {
  stopping_ = true;
  alarm_.reset();
  for (auto& [until, place] : Deadlines(deadlines_)) {
    const auto& [queue, ticket] = place;
    if (!queue->second.waiters.at(ticket).claiming) leave(queue, ticket).send({.status = 204});
  }
  std::erase_if(queues_, [](const auto& queue) { return queue.second.waiters.empty(); });
}

// ---- news ----

void Waiters::look_at_news(std::int64_t seq) {
  static const store::EventFilter wanted_events = chances();
  const auto page = events::query(board_.reader(), seen_, wanted_events, kNews);
  if (!page || page->has_more) {
    if (!page) log::warn("claimants that wait could not be told what happened: {}", page.error().what);
    seen_ = seq;
    return take_turns(turns_for_all(), seq);
  }
  seen_ = page->cursor;
  std::vector<const store::Event*> news;
  for (const auto& event : page->events) {
    if (is_chance(event)) news.push_back(&event);
  }
  if (news.empty()) return;
  const auto ready = ready_among(news);
  take_turns(ready ? turns_for(*ready) : turns_for_all(), news.back()->seq);
}

// What is ready of what the news tell of. The rest was taken meanwhile; when it is free again, there will be news of
// it.
Result<Waiters::Ready> Waiters::ready_among(const std::vector<const store::Event*>& news) {
  std::set<TaskId> named;
  for (const auto* event : news) {
    if (event->task_id) named.insert(*event->task_id);
  }
  return board_.read([&](const store::View& view) -> Result<Ready> {
    Ready ready;
    for (const auto& id : named) {
      if (const auto task = view.tasks.find(id); task && board::is_ready(*task)) {
        ++ready[{task->team_id, std::string(store::kind_of(*task))}];
      }
    }
    return ready;
  });
}

// A turn for each queue that wants one of them.
std::vector<Waiters::Turn> Waiters::turns_for(const Ready& ready) {
  std::map<std::string_view, std::size_t> kinds;
  for (const auto& [sort, count] : ready) kinds[sort.kind] += count;
  std::vector<Turn> turns;
  for (auto queue = queues_.begin(); queue != queues_.end() && !queue->first.team_id; ++queue) {
    add_turn(turns, queue, kinds);
  }
  for (auto sort = ready.begin(); sort != ready.end();) {
    const auto& team = sort->first.team_id;
    kinds.clear();
    for (; sort != ready.end() && sort->first.team_id == team; ++sort) kinds[sort->first.kind] = sort->second;
    if (!team) continue;
    auto queue = queues_.lower_bound(Wish{team, {}});
    for (; queue != queues_.end() && queue->first.team_id == team; ++queue) add_turn(turns, queue, kinds);
  }
  return turns;
}

void Waiters::add_turn(std::vector<Turn>& turns, Queues::iterator queue,
                       const std::map<std::string_view, std::size_t>& ready) {
  const auto& wanted = queue->first.kinds;
  std::size_t claims = 0;
  for (const auto& [kind, count] : ready) {
    if (wanted.empty() || std::binary_search(wanted.begin(), wanted.end(), kind)) claims += count;
  }
  if (claims > 0 && !queue->second.waiters.empty()) turns.push_back({queue, claims});
}

std::vector<Waiters::Turn> Waiters::turns_for_all() {
  std::vector<Turn> turns;
  for (auto queue = queues_.begin(); queue != queues_.end(); ++queue) {
    const auto waiting = queue->second.waiters.size();
    if (waiting > 0 && look_for_ready(queue->first) != board::Ready::kNone) turns.push_back({queue, waiting});
  }
  return turns;
}

// One claim for each queue, then the next round: a long queue does not take everything before a short one.
void Waiters::take_turns(std::vector<Turn> turns, std::int64_t seq) {
  for (const auto& turn : turns) turn.queue->second.chance = seq;
  std::sort(turns.begin(), turns.end(), [](const Turn& one, const Turn& other) {
    return one.queue->second.waiters.begin()->first < other.queue->second.waiters.begin()->first;
  });
  for (bool claimed = true; claimed;) {
    claimed = false;
    for (auto& turn : turns) {
      if (turn.claims == 0) continue;
      turn.claims = claim_for_first(turn.queue) ? turn.claims - 1 : 0;
      claimed = claimed || turn.claims > 0;
    }
  }
  for (const auto& turn : turns) drop_if_empty(turn.queue);
}

// ---- claims ----

board::Ready Waiters::look_for_ready(const Wish& wish) {
  const auto ready = board_.read([&](const store::View& view) -> Result<board::Ready> {
    return board::look_for_ready(view, wish.team_id, wish.kinds);
  });
  return ready.value_or(board::Ready::kPerhaps);  // what is wrong the claim will say
}

void Waiters::serve_one(Queues::iterator queue) {
  if (!queue->second.waiters.empty() && look_for_ready(queue->first) != board::Ready::kNone) claim_for_first(queue);
}

// For after a claim that found something. Others of the queue have looked themselves, or had their turn: what cannot be
// seen at once is not worth a search of the whole board for each task that is taken.
void Waiters::serve_one_more(Queues::iterator queue) {
  if (!queue->second.waiters.empty() && look_for_ready(queue->first) == board::Ready::kSome) claim_for_first(queue);
}

// Starts a claim for the first one who is there and has none under way. False: there is nobody.
bool Waiters::claim_for_first(Queues::iterator queue) {
  for (auto at = queue->second.waiters.begin(); at != queue->second.waiters.end();) {
    const Ticket ticket = at->first;
    Waiter& waiter = at->second;
    ++at;
    if (waiter.claiming) continue;
    if (!waiter.responder.wanted()) {
      leave(queue, ticket).send({.status = 204});
      continue;
    }
    waiter.claiming = true;
    claim_next(board_, waiter.call,
               [this, queue, ticket](Result<NextAnswer> answer) { answered(queue, ticket, std::move(answer)); });
    return true;
  }
  return false;
}

void Waiters::answered(Queues::iterator queue, Ticket ticket, Result<NextAnswer> answer) {
  Waiter& waiter = queue->second.waiters.at(ticket);
  waiter.claiming = false;
  const bool failed = !answer;
  const bool found = answer && answer->found();
  const bool claimed = found && answer->task;
  const bool missed = answer && !found && queue->second.chance > answer->as_of;  // of what became ready after its look
  if (failed) {
    leave(queue, ticket).send(http::error_response(answer.error()));
  } else if (found) {
    deliver(queue, ticket, *std::move(answer));
  } else if (stopping_ || waiter.deadline->first <= Clock::now()) {
    leave(queue, ticket).send({.status = 204});
  }
  if (claimed) {
    serve_one_more(queue);
  } else if (found || missed || failed) {
    serve_one(queue);
  }
  drop_if_empty(queue);
}

void Waiters::deliver(Queues::iterator queue, Ticket ticket, NextAnswer answer) {
  const auto key = queue->second.waiters.at(ticket).call.key;
  auto responder = leave(queue, ticket);
  if (key) {
    answer_repeats(queue, *key, answer.kept->body);
  } else if (!responder.wanted()) {
    release(*answer.task);
    answer = {};
  }
  responder.send(next_response(std::move(answer)));
}

// The same request, sent again while its first one waited: it has its answer now.
void Waiters::answer_repeats(Queues::iterator queue, const board::OnceKey& key, const std::string& body) {
  for (auto at = queue->second.waiters.begin(); at != queue->second.waiters.end();) {
    const auto& [ticket, waiter] = *at++;
    const auto& other = waiter.call.key;
    if (waiter.claiming || !other || other->key != key.key || other->request != key.request) continue;
    leave(queue, ticket).send(kept_response({.body = body, .replayed = true}));
  }
}

void Waiters::release(const store::Task& task) {
  board::Release release{.task_id = task.id, .fence = task.fence, .reason = "the claimant had gone"};
  log::info("task {} is released: its claimant went while it was claimed", task.id.value);
  board_.write([release = std::move(release)](store::Tx& tx) { return board::release(tx, release); },
               [](const Result<store::Task>& released) {
                 if (!released) log::warn("a task whose claimant had gone stays claimed: {}", released.error().what);
               });
}

// ---- coming and going ----

http::Responder Waiters::leave(Queues::iterator queue, Ticket ticket) {
  auto waiter = queue->second.waiters.extract(ticket);
  deadlines_.erase(waiter.mapped().deadline);
  return std::move(waiter.mapped().responder);
}

void Waiters::drop_if_empty(Queues::iterator queue) {
  if (queue->second.waiters.empty()) queues_.erase(queue);
}

void Waiters::arm() {
  const auto now = Clock::now();
  const auto next = deadlines_.upper_bound(now);
  if (next == deadlines_.end() || next->first >= alarm_at_) return;
  alarm_at_ = next->first;
  alarm_.emplace(loop_, alarm_at_ - now, [this] {
    alarm_at_ = Clock::time_point::max();
    end_overdue();
    arm();
  });
}

// One whose claim is at the store is answered by that.
void Waiters::end_overdue() {
  const auto end = deadlines_.upper_bound(Clock::now());
  for (auto at = deadlines_.begin(); at != end;) {
    const auto [queue, ticket] = at->second;
    ++at;
    if (queue->second.waiters.at(ticket).claiming) continue;
    leave(queue, ticket).send({.status = 204});
    drop_if_empty(queue);
  }
}

}  // namespace baton::api
