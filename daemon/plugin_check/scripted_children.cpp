#include "plugin_check/scripted_children.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "reactor/timer.hpp"

namespace baton::plugin_check {
namespace {

constexpr std::size_t kStdinQueue = 1024 * 1024;  // as process::Child
constexpr std::size_t kReadSize = 64 * 1024;      // a pipe's own size: what one read can give

}  // namespace

// The life of one played program. Shared with the turns that are posted for it.
class ScriptedChild : public std::enable_shared_from_this<ScriptedChild> {
 public:
  ScriptedChild(ScriptedChildren& all, Spawned& record, Script script, process::Child::Events events)
      : all_(all),
        record_(record),
        script_(std::move(script)),
        events_(std::move(events)),
        refusals_(all.refused_writes()) {
    for (auto& piece : script_.pieces) pieces_.push_back(std::move(piece));
    if (!record_.request.keep_stdin) record_.stdin_closed = true;
  }

  void begin() { next(); }

  Result<Unit> write(std::string_view bytes) {
    if (!record_.request.keep_stdin || record_.stdin_closed) return fail(Errc::kConflict, "stdin is closed");
    if (dying_) return Unit{};  // as a pipe that nobody reads: the exit tells
    if (refusals_ > 0 || queued_.size() + bytes.size() > kStdinQueue) {
      wants_drain_ = true;
      if (refusals_ > 0 && refusals_-- > 0) post(&ScriptedChild::read_stdin);
      return fail(Errc::kUnavailable, "1 MiB is queued for stdin");
    }
    record_.input += bytes;
    queued_ += bytes;
    if (script_.reads_stdin) post(&ScriptedChild::read_stdin);
    return Unit{};
  }

  void close_stdin() {
    if (std::exchange(record_.stdin_closed, true)) return;
    post(&ScriptedChild::read_stdin);
  }

  Result<Unit> signal(int number) {
    if (dying_) return fail(Errc::kNotFound, "it has ended");
    take_signal(number);
    return Unit{};
  }

  void stop(std::chrono::nanoseconds grace) {
    ++record_.stops;
    if (dying_) return;
    forced_ = true;
    take_signal(SIGTERM);
    if (dying_) return;
    const auto weak = weak_from_this();
    kill_ = std::make_unique<reactor::Deadline>(all_.loop(), grace, [weak] {
      if (const auto self = weak.lock()) self->take_signal(SIGKILL);
    });
  }

  void pause(bool paused) {
    record_.paused = paused;
    record_.pauses_seen = record_.pauses_seen || paused;
    if (!paused) next();
  }

  void forget() {
    gone_ = true;
    if (!record_.exit) record_.forgotten = true;
    events_ = {};
    kill_.reset();
    wait_.reset();
  }

 private:
  void post(void (ScriptedChild::*action)()) {
    all_.ready([self = shared_from_this(), action] {
      if (!self->gone_) (self.get()->*action)();
    });
  }

  void read_stdin() {
    if (!script_.reads_stdin) return;
    read_lines_ += static_cast<std::size_t>(std::ranges::count(queued_, '\n'));
    if (script_.echoes && !queued_.empty()) pieces_.push_back({.bytes = queued_});
    queued_.clear();
    const auto on_drain = events_.on_drain;
    if (std::exchange(wants_drain_, false) && on_drain) on_drain();
    if (!gone_) next();
  }

  void take_signal(int number) {
    if (gone_ || dying_) return;
    record_.signals.push_back(number);
    const auto found = script_.reactions.find(number);
    if (number == SIGKILL || found == script_.reactions.end()) return die({.code = -1, .signal = number});
    const Reaction reaction = found->second;
    if (!reaction.pieces.empty() || reaction.exit) pieces_.assign(reaction.pieces.begin(), reaction.pieces.end());
    if (reaction.exit) {
      script_.exit = *reaction.exit;
      script_.hangs = false;
      script_.echoes = false;
      script_.exit_after = {};
    }
    wait_.reset();
    waited_ = false;
    next();
  }

  void die(process::Exit exit) {
    dying_ = true;
    script_.exit = exit;
    pieces_.clear();
    wait_.reset();
    kill_.reset();
    post(&ScriptedChild::end);
  }

  // What is to be done next, if it may be done already.
  void next() {
    if (gone_ || dying_ || busy_ || wait_ || record_.paused) return;
    const bool has_piece = !pieces_.empty();
    const bool reads_on = script_.echoes && (!record_.stdin_closed || !queued_.empty());
    if (!has_piece && (script_.hangs || reads_on)) return;
    if (has_piece && !is_due(pieces_.front())) return;
    const auto delay = has_piece ? pieces_.front().after : script_.exit_after;
    if (delay.count() > 0 && !waited_) return sleep(delay);
    busy_ = true;
    post(has_piece ? &ScriptedChild::print : &ScriptedChild::exit_by_itself);
  }

  bool is_due(const Piece& piece) const {
    return read_lines_ >= piece.after_lines && (!piece.after_stdin_end || record_.stdin_closed);
  }

  void sleep(std::chrono::nanoseconds delay) {
    const auto weak = weak_from_this();
    wait_ = std::make_unique<reactor::Deadline>(all_.loop(), delay, [weak] {
      const auto self = weak.lock();
      if (!self || self->gone_) return;
      self->waited_ = true;
      self->wait_.reset();
      self->next();
    });
  }

  void print() {
    busy_ = false;
    if (dying_ || pieces_.empty()) return next();
    if (record_.paused) return;
    Piece& piece = pieces_.front();
    const auto size = std::min(piece.bytes.size(), kReadSize);
    const auto take = all_.chance().is_on() && size > 1 ? 1 + all_.chance().below(size) : size;
    const std::string bytes = piece.bytes.substr(0, take);
    const auto stream = piece.stream;
    piece.bytes.erase(0, take);
    piece.after = {};
    if (piece.bytes.empty()) {
      pieces_.pop_front();
      waited_ = false;
    }
    const auto on_output = events_.on_output;  // a copy: who is called may forget this child
    if (!bytes.empty() && on_output) on_output(stream, bytes);
    if (!gone_) next();
  }

  void exit_by_itself() {
    busy_ = false;
    if (dying_) return;
    if (!pieces_.empty() || record_.paused) return next();
    dying_ = true;
    end();
  }

  void end() {
    if (record_.exit) return;
    auto exit = script_.exit;
    exit.forced = forced_;
    record_.exit = exit;
    kill_.reset();
    const auto on_exit = std::exchange(events_.on_exit, {});
    if (on_exit) on_exit(exit);
  }

  ScriptedChildren& all_;
  Spawned& record_;
  Script script_;
  process::Child::Events events_;
  std::deque<Piece> pieces_;
  std::string queued_;  // written, not read yet
  std::size_t read_lines_ = 0;
  bool wants_drain_ = false;
  std::size_t refusals_;  // so many writes find no room
  bool busy_ = false;     // a turn is posted
  bool waited_ = false;   // for the piece in front
  bool dying_ = false, gone_ = false, forced_ = false;
  std::unique_ptr<reactor::Deadline> wait_, kill_;
};

namespace {

class Handle final : public plugin::RunningChild {
 public:
  explicit Handle(std::shared_ptr<ScriptedChild> child) : child_(std::move(child)) {}
  ~Handle() override { child_->forget(); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  Result<Unit> write(std::string_view bytes) override { return child_->write(bytes); }
  void close_stdin() override { child_->close_stdin(); }
  Result<Unit> signal(int number) override { return child_->signal(number); }
  void stop(std::chrono::nanoseconds grace) override { child_->stop(grace); }
  void pause(bool paused) override { child_->pause(paused); }

 private:
  std::shared_ptr<ScriptedChild> child_;
};

}  // namespace

ScriptedChildren::ScriptedChildren(reactor::Loop& loop, Chance& chance)
    : loop_(loop), chance_(chance), director_([](const auto& request, auto) { return plain_script(request); }) {}

ScriptedChildren::~ScriptedChildren() { *lives_ = false; }

Result<std::unique_ptr<plugin::RunningChild>> ScriptedChildren::spawn(process::SpawnRequest request,
                                                                      process::Child::Events events) {
  auto script = director_(request, spawned_.size());
  if (!script) return fail(script);
  spawned_.push_back({.request = std::move(request)});
  auto child = std::make_shared<ScriptedChild>(*this, spawned_.back(), *std::move(script), std::move(events));
  ready([child] { child->begin(); });
  return std::make_unique<Handle>(std::move(child));
}

std::size_t ScriptedChildren::alive() const {
  const auto lives = [](const Spawned& one) { return !one.exit && !one.forgotten; };
  return static_cast<std::size_t>(std::ranges::count_if(spawned_, lives));
}

void ScriptedChildren::forget() {
  if (alive() == 0 && ready_.empty()) spawned_.clear();
}

void ScriptedChildren::ready(std::function<void()> action) {
  ready_.push_back(std::move(action));
  loop_.post([this, lives = lives_] {
    if (*lives) pump();
  });
}

// One turn per action, but with chance not in their order.
void ScriptedChildren::pump() {
  const auto index = chance_.is_on() ? chance_.below(ready_.size()) : 0;
  const auto action = std::move(ready_[index]);
  ready_.erase(ready_.begin() + static_cast<std::ptrdiff_t>(index));
  action();
}

Script plain_script(const process::SpawnRequest& request) {
  Script script;
  if (request.keep_stdin) {
    script.echoes = true;
  } else {
    script.pieces.push_back({.bytes = "1.0.0\n"});
  }
  return script;
}

}  // namespace baton::plugin_check
