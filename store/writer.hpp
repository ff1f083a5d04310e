// The one thread that writes: group commit without a timer.
//
// Operations that gather while a commit is on its way to the disk are committed together with the next one, each in its
// own savepoint, and are answered after their commit. When nothing else waits a group is one operation, so an idle
// daemon adds no latency; under load the group grows by itself (feasibility Q2: 53 of 64 clients on average).
//
// Order: operations take effect in the order of submit(), and are answered in that order.
// Failure: when the disk refuses the commit, every operation of the group is answered with that error and none took
// effect. A script that breaks a rule of the database (a repeated id) is undone and answered alone, as one that
// refuses.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "store/backend.hpp"
#include "store/tx.hpp"

namespace baton::store {

class Writer {
 public:
  // `wake` is called when answers are ready, on the writer's thread (or inside submit() when the queue is full); it
  // must make the owner's thread call deliver() soon, not at once. It is called once for all answers until a deliver()
  // has taken them up.
  Writer(std::unique_ptr<Backend> backend, const Clock& clock, std::function<void()> wake);
  // Commits what was submitted, ends the thread. Answers that were not delivered are dropped; a wake-up may still be on
  // its way, and the owner must not follow it.
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  // Runs `script(Tx&)`, which returns Result<T>, on the writer's thread, and later `done(Result<T>)` inside deliver().
  // Both are moved in. A full queue is answered with kUnavailable, also inside deliver().
  template <class Script, class Done>
  void submit(Script script, Done done) {
    using Answer = std::invoke_result_t<Script&, Tx&>;
    enqueue(std::make_unique<Typed<Script, Done, Answer>>(std::move(script), std::move(done)));
  }

  // From now on what is submitted gathers until hand_in(), which costs one lock and one wake-up for all of it and makes
  // one group of it; `some` is called when the first one has come, and must have the owner's thread call hand_in() when
  // it has nothing else ready to do. Without this each operation is handed in by itself.
  void gather(std::function<void()> some) { gathers_ = std::move(some); }
  // Owner's thread only.
  void hand_in();

  struct Delivered {
    bool more = false;            // answers are left, for which no wake-up need come
    std::int64_t last_event = 0;  // the newest seq of the event log on disk; 0 when nothing was committed yet
  };
  // Calls the `done` of what has been committed, in the order of submit(), at most `most` of them: who has other things
  // to do delivers a piece and comes back. Owner's thread only, and not from inside a `done`.
  Delivered deliver(std::size_t most = std::numeric_limits<std::size_t>::max());

  // Operations submitted and not yet delivered.
  std::size_t in_flight() const { return in_flight_; }

 private:
  // One submitted operation; both halves and the answer between them.
  struct Operation {
    virtual ~Operation() = default;
    virtual bool run(Tx& tx) = 0;               // false: refused, undo
    virtual void fail(const Error& error) = 0;  // instead of the script's answer
    virtual void finish() = 0;                  // owner's thread
  };
  template <class Script, class Done, class Answer>
  struct Typed final : Operation {
    Typed(Script s, Done d) : script(std::move(s)), done(std::move(d)) {}
    bool run(Tx& tx) override {
      answer = script(tx);
      return answer.has_value();
    }
    void fail(const Error& error) override { answer = tl::unexpected<Error>(error); }
    void finish() override { done(std::move(answer)); }
    Script script;
    Done done;
    Answer answer = tl::unexpected<Error>(Error{});
  };
  using Batch = std::vector<std::unique_ptr<Operation>>;

  void enqueue(std::unique_ptr<Operation> operation);
  void refuse(std::unique_ptr<Operation> operation);
  void hand_over(Batch& batch, std::int64_t last_event);

  // Writer's thread.
  void run();
  void next_batch(Batch& batch);
  void commit(Batch& batch);
  Result<Unit> apply(Batch& batch);
  Result<Unit> apply(Operation& operation, Tx& tx);

  std::unique_ptr<Backend> backend_;
  const Clock& clock_;
  std::function<void()> wake_;

  // Owner's thread.
  std::size_t in_flight_ = 0;
  std::function<void()> gathers_;
  Batch gathered_;
  Batch delivering_;           // taken up by deliver(), and answered
  std::size_t delivered_ = 0;  // of them

  std::int64_t committed_event_ = 0;  // writer's thread

  std::mutex mutex_;  // guards what follows
  std::condition_variable arrived_;
  Batch waiting_;
  Batch answered_;
  std::int64_t last_event_ = 0;  // of the log, when they were answered
  bool stopping_ = false;

  std::thread thread_;
};

}  // namespace baton::store
