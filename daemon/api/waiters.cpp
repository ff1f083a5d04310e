#include "api/waiters.hpp"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/log.hpp"
#include "board/event_log.hpp"
#include "board/own.hpp"
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
  queue->second.emplace(ticket, Waiter{std::move(responder), std::move(call), deadline});
  serve_one(queue);
  stopping_ ? end_overdue() : arm();
}

void Waiters::stop() {
  stopping_ = true;
  alarm_.reset();
  for (auto& [until, place] : Deadlines(deadlines_)) {
    const auto& [queue, ticket] = place;
    if (!queue->second.at(ticket).claiming) leave(queue, ticket).send({.status = 204});
  }
  std::erase_if(queues_, [](const auto& queue) { return queue.second.empty(); });
}

// ---- news ----

void Waiters::look_at_news(std::int64_t seq) {
  static const store::EventFilter kChances = chances();
  const auto page = events::query(board_.reader(), seen_, kChances, kNews);
  if (!page || page->has_more) {
    if (!page) log::warn("claimants that wait could not be told what happened: {}", page.error().what);
    seen_ = chance_ = seq;
    return take_turns(turns_for_all());
  }
  seen_ = page->cursor;
  std::vector<const store::Event*> news;
  for (const auto& event : page->events) {
    if (is_chance(event)) news.push_back(&event);
  }
  if (news.empty()) return;
  chance_ = news.back()->seq;
  take_turns(turns_for(news));
}

// Queues without a team come first in their order.
std::vector<Waiters::Turn> Waiters::turns_for(const std::vector<const store::Event*>& news) {
  std::map<std::string_view, std::size_t> by_team;
  for (const auto* event : news) {
    if (event->team_id) ++by_team[*event->team_id];
  }
  std::vector<Turn> turns;
  for (auto queue = queues_.begin(); queue != queues_.end() && !queue->first.team_id; ++queue) {
    turns.push_back({queue, news.size()});
  }
  for (const auto& [team, claims] : by_team) {
    auto queue = queues_.lower_bound(Wish{std::string(team), {}});
    for (; queue != queues_.end() && queue->first.team_id == team; ++queue) turns.push_back({queue, claims});
  }
  return turns;
}

std::vector<Waiters::Turn> Waiters::turns_for_all() {
  std::vector<Turn> turns;
  for (auto queue = queues_.begin(); queue != queues_.end(); ++queue) turns.push_back({queue, queue->second.size()});
  return turns;
}

// One claim for each queue, then the next round: a long queue does not take everything before a short one.
void Waiters::take_turns(std::vector<Turn> turns) {
  std::erase_if(turns, [this](const Turn& turn) { return !has_ready(turn.queue->first); });
  std::sort(turns.begin(), turns.end(), [](const Turn& one, const Turn& other) {
    return one.queue->second.begin()->first < other.queue->second.begin()->first;
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

bool Waiters::has_ready(const Wish& wish) {
  const auto ready = board_.read(
      [&](const store::View& view) -> Result<bool> { return board::has_ready(view, wish.team_id, wish.kinds); });
  return ready.value_or(true);  // what is wrong the claim will say
}

void Waiters::serve_one(Queues::iterator queue) {
  if (!queue->second.empty() && has_ready(queue->first)) claim_for_first(queue);
}

// Starts a claim for the first one who is there and has none under way. False: there is nobody.
bool Waiters::claim_for_first(Queues::iterator queue) {
  for (auto at = queue->second.begin(); at != queue->second.end();) {
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
  Waiter& waiter = queue->second.at(ticket);
  waiter.claiming = false;
  const bool found = answer && answer->found();
  const bool missed = answer && !found && chance_ > answer->as_of;  // something became ready after it had looked
  if (!answer) {
    leave(queue, ticket).send(http::error_response(answer.error()));
  } else if (found) {
    deliver(queue, ticket, *std::move(answer));
  } else if (stopping_ || waiter.deadline->first <= Clock::now()) {
    leave(queue, ticket).send({.status = 204});
  }
  if (found || missed || !answer) serve_one(queue);
  drop_if_empty(queue);
}

void Waiters::deliver(Queues::iterator queue, Ticket ticket, NextAnswer answer) {
  const auto key = queue->second.at(ticket).call.key;
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
  for (auto at = queue->second.begin(); at != queue->second.end();) {
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
  auto waiter = queue->second.extract(ticket);
  deadlines_.erase(waiter.mapped().deadline);
  return std::move(waiter.mapped().responder);
}

void Waiters::drop_if_empty(Queues::iterator queue) {
  if (queue->second.empty()) queues_.erase(queue);
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
    if (queue->second.at(ticket).claiming) continue;
    leave(queue, ticket).send({.status = 204});
    drop_if_empty(queue);
  }
}

}  // namespace baton::api
