#include "api/event_streams.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "http/sse.hpp"

namespace baton::api {
namespace {

constexpr std::size_t kPage = 100;  // events that are read at once

// What is done in one turn: each half is about 1 ms.
constexpr std::size_t kVisitsPerTurn = 64;    // a write is one send() in the turn behind
constexpr std::size_t kReadsPerTurn = 128;    // events
constexpr std::int64_t kScannedPerRead = 16;  // events that a filter does not want cost less than one that is sent

}  // namespace

struct EventStreams::Follower final : http::StreamWatcher {
  Follower(EventStreams& streams, const events::Topic& the_topic, std::uint64_t the_number,
           http::EventStream the_stream)
      : owner(streams), topic(the_topic), number(the_number), stream(std::move(the_stream)) {}
  void stream_drained() override { owner.may_go_on(*this); }
  void stream_closed() override { owner.remove(*this); }

  EventStreams& owner;
  const events::Topic& topic;  // lies in topics_
  const std::uint64_t number;
  http::EventStream stream;
  store::EventFilter filter;
  std::int64_t cursor = 0;
  bool at_tail = false;
  bool waits = false;  // is in waiting_
};

EventStreams::EventStreams(board::Board& board, events::Bus& bus, Later later)
    : board_(board),
      bus_(bus),
      later_(std::move(later)),
      handed_out_(bus.high_water()),
      lifetime_(std::make_shared<int>(0)),
      subscription_(bus.subscribe([this](std::int64_t) { schedule(); })) {}

EventStreams::~EventStreams() = default;

std::size_t EventStreams::count() const {
  std::size_t count = 0;
  for (const auto& [topic, followers] : topics_) count += followers.size();
  return count;
}

// It is behind until its first page was read, which happens when the greeting was taken.
void EventStreams::open(http::Responder responder, std::int64_t cursor, store::EventFilter filter) {
  const auto place = topics_.try_emplace(events::topic_of(filter)).first;
  const auto number = next_number_++;
  auto& follower =
      *(place->second[number] = std::make_unique<Follower>(*this, place->first, number, responder.stream()));
  follower.filter = std::move(filter);
  follower.cursor = cursor;
  follower.stream.watch(follower);
  std::string hello;
  http::sse::append_comment(hello, "connected");
  if (!follower.stream.write(hello)) remove(follower);
}

void EventStreams::remove(Follower& follower) {
  if (follower.waits) std::erase(waiting_, &follower);
  const auto place = topics_.find(follower.topic);
  const auto number = follower.number;
  place->second.erase(number);
  if (place->second.empty()) topics_.erase(place);
}

void EventStreams::end_all(const Error& why) {
  log::warn("all streams of events were ended: {}", why.what);
  waiting_.clear();
  topics_.clear();
  handed_out_ = bus_.high_water();
}

// ---- turns ----

bool EventStreams::has_work() const { return !waiting_.empty() || page_ || handed_out_ < bus_.high_water(); }

void EventStreams::schedule() {
  if (topics_.empty() && !page_) handed_out_ = bus_.high_water();  // nobody is there to be told
  if (scheduled_ || !has_work()) return;
  scheduled_ = true;
  later_([this, alive = std::weak_ptr<int>(lifetime_)] {
    if (!alive.expired()) work();
  });
}

void EventStreams::work() {
  scheduled_ = false;
  catch_up();
  hand_out();
  schedule();
}

// ---- at the tail ----

// At most one page in a turn: what was written is sent between two turns.
void EventStreams::hand_out() {
  if (!page_ && !next_page()) return;
  for (std::size_t visits = 0; visits < kVisitsPerTurn; ++visits) {
    Follower* const follower = next_follower();
    if (follower == nullptr) {
      handed_out_ = page_->end();
      page_.reset();
      return;
    }
    give(*follower);
  }
}

bool EventStreams::next_page() {
  if (handed_out_ >= bus_.high_water()) return false;
  auto read = events::query(board_.reader(), handed_out_, {}, kPage);
  if (!read) {
    end_all(read.error());
    return false;
  }
  page_.emplace(*std::move(read));
  round_ = page_->topics();
  next_visited_ = 0;
  return true;
}

// Of the round. Null: all were visited.
EventStreams::Follower* EventStreams::next_follower() {
  for (; !round_.empty(); round_.pop_back(), next_visited_ = 0) {
    const auto place = topics_.find(round_.back());
    if (place == topics_.end()) continue;
    const auto& followers = place->second;
    const auto is_behind = [](const auto& entry) { return !entry.second->at_tail; };
    const auto next = std::find_if_not(followers.lower_bound(next_visited_), followers.end(), is_behind);
    if (next == followers.end()) continue;
    next_visited_ = next->first + 1;
    return next->second.get();
  }
  return nullptr;
}

// Who has not taken what it was sent last is behind from now on, and goes on when it has.
void EventStreams::give(Follower& follower) {
  const auto known = std::max(follower.cursor, handed_out_);
  if (known >= page_->end()) return;
  if (follower.stream.backlog() > 0) {
    follower.cursor = known;
    follower.at_tail = false;
    return;
  }
  follower.cursor = page_->end();
  const auto text = page_->text_for(follower.filter, known, scratch_);
  if (!text.empty() && !follower.stream.write(text)) remove(follower);
}

// ---- behind ----

void EventStreams::may_go_on(Follower& follower) {
  if (follower.at_tail || follower.waits) return;
  follower.waits = true;
  waiting_.push_back(&follower);
  schedule();
}

void EventStreams::catch_up() {
  for (std::size_t cost = 0; cost < kReadsPerTurn && !waiting_.empty();) {
    Follower& follower = *waiting_.front();
    waiting_.pop_front();
    follower.waits = false;
    cost += send_page(follower);
  }
}

// Returns what it cost, in events read. A bounded piece of the log without a match is answered with a comment: when it
// was taken, the next piece has its turn.
std::size_t EventStreams::send_page(Follower& follower) {
  const auto before = follower.cursor;
  auto read = events::query(board_.reader(), before, follower.filter, kPage);
  if (!read) {
    log::warn("a stream of events was ended: {}", read.error().what);
    remove(follower);
    return 1;
  }
  const EventPage page(*std::move(read));
  const auto scanned = std::max<std::int64_t>(0, page.end() - before) / kScannedPerRead;
  const std::size_t cost = 1 + page.size() + static_cast<std::size_t>(scanned);
  follower.cursor = page.end();
  follower.at_tail = page.is_last();
  std::string searching;
  if (page.size() == 0 && !follower.at_tail) http::sse::append_comment(searching, "searching");
  const auto text = page.size() > 0 ? page.text() : std::string_view(searching);
  if (!text.empty() && !follower.stream.write(text)) remove(follower);
  return cost;
}

}  // namespace baton::api
