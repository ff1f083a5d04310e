// The group grows by itself: whatever arrived while commit() held the writer's thread is the next group. There is no
// timed window, because waiting for company would cost an idle daemon latency and gains a busy one nothing (feasibility
// Q2).
#include "store/writer.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/limits.hpp"

namespace baton::store {
namespace {

// Signals belong to the reactor; one that landed here would find the default action.
void block_signals() {
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
}

// Leaves `from` empty.
template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  if (to.empty()) to.swap(from);
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  from.clear();
}

}  // namespace

Writer::Writer(std::unique_ptr<Backend> backend, const Clock& clock, std::function<void()> wake)
    : backend_(std::move(backend)), clock_(clock), wake_(std::move(wake)), thread_([this] { run(); }) {}

Writer::~Writer() {
  hand_in();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void Writer::enqueue(std::unique_ptr<Operation> operation) {
  ++in_flight_;
  gathered_.push_back(std::move(operation));
  if (!gathers_ || gathered_.size() >= limits::kGathered) return hand_in();
  if (gathered_.size() == 1) gathers_();
}

void Writer::hand_in() {
  if (gathered_.empty()) return;
  bool was_idle = false;
  std::size_t taken = 0;
  {
    const std::lock_guard lock(mutex_);
    was_idle = waiting_.empty();
    taken = std::min(gathered_.size(), limits::kWriteQueue - waiting_.size());
    const auto end = gathered_.begin() + static_cast<std::ptrdiff_t>(taken);
    waiting_.insert(waiting_.end(), std::make_move_iterator(gathered_.begin()), std::make_move_iterator(end));
  }
  if (was_idle) arrived_.notify_one();
  for (; taken < gathered_.size(); ++taken) refuse(std::move(gathered_[taken]));
  gathered_.clear();
}

void Writer::refuse(std::unique_ptr<Operation> operation) {
  operation->fail(
      {Errc::kUnavailable, "too many writes are waiting for the disk; try again later", "write_queue_full"});
  Batch one;
  one.push_back(std::move(operation));
  hand_over(one, 0);
}

Writer::Delivered Writer::deliver(std::size_t most) {
  Delivered said;
  if (delivered_ == delivering_.size()) {
    delivering_.clear();
    delivered_ = 0;
    const std::lock_guard lock(mutex_);
    delivering_.swap(answered_);
  }
  const std::size_t end = delivered_ + std::min(most, delivering_.size() - delivered_);
  while (delivered_ < end) {
    const auto operation = std::move(delivering_[delivered_++]);
    --in_flight_;
    operation->finish();
  }
  const std::lock_guard lock(mutex_);
  said.more = delivered_ < delivering_.size() || !answered_.empty();
  said.last_event = last_event_;
  return said;
}

void Writer::run() {
  block_signals();
  ::pthread_setname_np(::pthread_self(), "baton-store");
  Batch batch;  // one for all groups: it and the queues pass their memory round
  for (next_batch(batch); !batch.empty(); next_batch(batch)) {
    commit(batch);
    hand_over(batch, committed_event_);
  }
}

// Fills the empty `batch` with what waits, at most kWriteBatch of it. It stays empty only when the writer is to end and
// nothing waits any more.
void Writer::next_batch(Batch& batch) {
  std::unique_lock lock(mutex_);
  arrived_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
  if (waiting_.size() <= limits::kWriteBatch) return batch.swap(waiting_);
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(limits::kWriteBatch);
  batch.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
  waiting_.erase(waiting_.begin(), end);
}

// A wake-up that has not led to deliver() yet serves the new answers too.
void Writer::hand_over(Batch& batch, std::int64_t last_event) {
  bool was_empty = false;
  {
    const std::lock_guard lock(mutex_);
    was_empty = answered_.empty();
    append(answered_, batch);
    last_event_ = std::max(last_event_, last_event);
  }
  if (was_empty) wake_();
}

void Writer::commit(Batch& batch) {
  const auto committed = apply(batch);
  if (committed) return;
  for (auto& operation : batch) operation->fail(committed.error());
}

Result<Unit> Writer::apply(Batch& batch) {
  auto tx = backend_->begin(clock_.unix_ms());
  if (!tx) return fail(tx);
  for (auto& operation : batch) {
    if (auto applied = apply(*operation, **tx); !applied) {
      backend_->roll_back();
      return applied;
    }
  }
  const std::int64_t last_event = (*tx)->events.last_seq();
  if (auto committed = backend_->commit(); !committed) return committed;
  committed_event_ = last_event;
  return Unit{};
}

// Undoes the operation alone when its script refused or broke a rule of the database. An error means that the group is
// lost.
Result<Unit> Writer::apply(Operation& operation, Tx& tx) {
  if (auto placed = backend_->save_point(); !placed) return placed;
  const bool accepted = operation.run(tx);
  const Error* failure = backend_->failure();
  if (accepted && failure == nullptr) return Unit{};
  if (failure != nullptr) operation.fail(*failure);
  backend_->undo_to_save_point();
  if (const Error* lasting = backend_->failure()) return fail(*lasting);
  return Unit{};
}

}  // namespace baton::store
