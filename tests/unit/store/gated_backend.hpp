// A real database whose commits a test holds up, counts and refuses, so that a writer's groups can be told in advance.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "store/backend.hpp"

namespace baton::store::testing {

// What a GatedBackend does at its commits, told by the test's thread.
class Gate {
 public:
  void close() { set_open(false); }
  void open() { set_open(true); }
  // Counted from 1.
  void fail_commit(std::size_t number) {
    const std::lock_guard lock(mutex_);
    fails_ = number;
  }
  // Until a commit stands at the closed gate.
  bool wait_for_a_commit() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [this] { return stands_; });
  }
  // Scripts per group, in the order of the commits.
  std::vector<int> groups() {
    const std::lock_guard lock(mutex_);
    return groups_;
  }

  // Writer's thread. True when this commit is to fail.
  bool pass(int scripts) {
    std::unique_lock lock(mutex_);
    stands_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    stands_ = false;
    groups_.push_back(scripts);
    return groups_.size() == fails_;
  }

 private:
  void set_open(bool open) {
    const std::lock_guard lock(mutex_);
    open_ = open;
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;
  bool stands_ = false;
  std::size_t fails_ = 0;
  std::vector<int> groups_;
};

// A real database whose commits wait at a gate and may be refused there.
class GatedBackend final : public Backend {
 public:
  GatedBackend(std::unique_ptr<Backend> real, Gate& gate) : real_(std::move(real)), gate_(gate) {}

  Result<Tx*> begin(std::int64_t now_ms) override {
    scripts_ = 0;
    return real_->begin(now_ms);
  }
  Result<Unit> save_point() override {
    ++scripts_;
    return real_->save_point();
  }
  void undo_to_save_point() override { real_->undo_to_save_point(); }
  const Error* failure() const override { return real_->failure(); }
  Result<Unit> commit() override {
    if (!gate_.pass(scripts_)) return real_->commit();
    real_->roll_back();
    return fail(Errc::kNoSpace, "the disk is full");
  }
  void roll_back() override { real_->roll_back(); }

 private:
  std::unique_ptr<Backend> real_;
  Gate& gate_;
  int scripts_ = 0;
};

}  // namespace baton::store::testing
