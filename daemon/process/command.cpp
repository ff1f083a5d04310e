#include "process/command.hpp"

#include <memory>
#include <utility>

#include "reactor/completion.hpp"
#include "reactor/timer.hpp"

namespace baton::process {
namespace {

// Keeps the first or the last `limit` bytes of a stream.
class Capture {
 public:
  Capture(std::size_t limit, bool keep_tail) : limit_(limit), keep_tail_(keep_tail) {}

  void add(std::string_view bytes) {
    cut_ = cut_ || bytes.size() > limit_ - std::min(limit_, kept_.size());
    if (!keep_tail_) bytes = bytes.substr(0, limit_ - kept_.size());
    kept_ += bytes;
    if (kept_.size() / 2 > limit_) drop_head();  // now and then, so that each byte is moved about once
  }

  bool cut() const { return cut_; }

  std::string take() {
    if (kept_.size() > limit_) drop_head();
    return std::move(kept_);
  }

 private:
  void drop_head() { kept_.erase(0, kept_.size() - limit_); }

  std::size_t limit_;
  bool keep_tail_;
  bool cut_ = false;
  std::string kept_;
};

// The child and what was heard of it, for as long as run() waits.
struct Running {
  explicit Running(const Command& command)
      : out(command.capture, command.keep_tail), err(command.capture, command.keep_tail) {}

  void heard(Stream stream, std::string_view bytes, bool keep_tail) {
    Capture& capture = stream == Stream::kStdout ? out : err;
    capture.add(bytes);
    if (keep_tail || !capture.cut()) return;
    child->pause(true);  // a flood is not worth reading to its end
    child->stop();
  }

  Capture out, err;
  std::unique_ptr<Child> child;
};

}  // namespace

reactor::Task<Result<Finished>> run(reactor::Loop& loop, Ledger* ledger, Command command) {
  const auto began = std::chrono::steady_clock::now();
  Running running(command);
  reactor::Completion<Exit> ended(loop);
  const bool keep_tail = command.keep_tail;

  Child::Events events;
  events.on_output = [&running, keep_tail](Stream stream, std::string_view bytes) {
    running.heard(stream, bytes, keep_tail);
  };
  events.on_exit = [resolve = ended.resolver()](const Exit& exit) mutable { resolve(exit); };
  command.spawn.keep_stdin = !command.input.empty();
  auto child = Child::spawn(loop, ledger, std::move(command.spawn), std::move(events));
  if (!child) co_return fail(child);
  running.child = std::move(*child);
  if (!command.input.empty()) {
    static_cast<void>(running.child->write(command.input));  // the queue is empty: it takes everything
    running.child->close_stdin();
  }

  Finished finished;
  reactor::Deadline deadline(loop, command.timeout, [&running, &finished] {
    finished.timed_out = true;
    running.child->stop();
  });
  std::stop_callback cancel(command.cancel, [&running, &finished] {
    finished.cancelled = true;
    running.child->stop();
  });

  finished.exit = co_await ended.take();
  finished.out = running.out.take();
  finished.err = running.err.take();
  finished.cut = running.out.cut() || running.err.cut();
  finished.took = std::chrono::steady_clock::now() - began;
  co_return finished;
}

}  // namespace baton::process
