// The order of an end: the leader exits (its pidfd becomes readable) and stays a zombie, which keeps its pid, and so
// the group's id, from being given to a stranger; both streams reach their end, or the drain limit cuts them; the group
// is killed, and in a cell whatever else the leader left; only then the leader is reaped and on_exit called.
//
// In a cell no wait is for ever: what does not die of KILL is given up, and the end is told without it.
#include "process/child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/steady_timer.hpp>

#include "base/fault_point.hpp"
#include "process/input_pipe.hpp"
#include "process/keeper.hpp"
#include "process/launch.hpp"
#include "process/ledger.hpp"

namespace baton::process {
namespace {

using asio::posix::stream_descriptor;

constexpr std::size_t kReadSize = 64 * 1024;                                // a pipe's own size
constexpr std::chrono::nanoseconds kLongestGrace = std::chrono::hours(24);  // more would overflow the clock
constexpr auto kDyingTime = std::chrono::seconds(5);       // from KILL to the end; it takes milliseconds
constexpr auto kFirstLook = std::chrono::milliseconds(1);  // how soon what was killed is looked for again
constexpr auto kLongestLook = std::chrono::milliseconds(50);

struct Output {
  Output(reactor::Loop& loop, Stream which) : pipe(loop.context()), stream(which) {}

  void close() {
    ended = true;
    std::error_code ignored;
    pipe.close(ignored);
  }

  stream_descriptor pipe;
  Stream stream;
  bool waiting = false;
  bool ended = false;
};

Result<Unit> adopt(stream_descriptor& watched, Descriptor descriptor) {
  std::error_code error;
  watched.assign(descriptor.get(), error);
  if (error) return fail(Errc::kIo, "cannot watch a child: " + error.message());
  descriptor.release();
  return Unit{};
}

Exit exit_of(const siginfo_t& info) {
  Exit exit;
  if (info.si_code == CLD_EXITED) {
    exit.code = info.si_status;
  } else {
    exit.signal = info.si_status;
  }
  return exit;
}

}  // namespace

struct Child::State : std::enable_shared_from_this<State> {
  State(reactor::Loop& on_loop, Ledger* in_ledger, Events calls)
      : loop(on_loop),
        ledger(in_ledger),
        token(std::move(calls.token)),
        events(std::make_shared<const Events>(std::move(calls))),
        leader(on_loop.context()),
        outputs{Output(on_loop, Stream::kStdout), Output(on_loop, Stream::kStderr)},
        kill_timer(on_loop.context()),
        drain_timer(on_loop.context()),
        dying_timer(on_loop.context()),
        look_timer(on_loop.context()) {}
  ~State();

  Result<Unit> take_over(Launched launched);
  void watch();
  void read_more(Output& output);
  void take_output(Output& output);
  void leader_ended();
  void allow_drain();
  void cut_streams();
  void finish_if_done();
  bool clear();
  void kill_all();
  void give_up();
  void tell_exit(Exit exit);
  void reap();
  void stop(std::chrono::nanoseconds grace);
  void pause(bool now_paused);
  void forget();

  void signal_group(int number) const { ::kill(-pid, number); }
  bool leader_is_zombie() const;

  reactor::Loop& loop;
  Ledger* ledger;
  std::shared_ptr<Cell> cell = nullptr;  // from the start in it until it is left
  std::shared_ptr<const void> token;
  std::shared_ptr<const Events> events;  // null: forgotten. Shared, so that a call may destroy the Child that calls it
  int pid = 0;
  stream_descriptor leader;  // the pidfd
  std::array<Output, 2> outputs;
  std::shared_ptr<InputPipe> input;
  asio::steady_timer kill_timer, drain_timer, dying_timer, look_timer;
  std::optional<asio::steady_timer::time_point> kill_at;
  bool paused = false;
  bool forced = false;
  bool undead = false;
  bool exited = false;  // the leader is a zombie
  bool reaped = false;
  bool dying = false;    // KILL was sent, dying_timer runs
  bool looking = false;  // look_timer runs
  std::chrono::milliseconds next_look = kFirstLook;
};

// Reached unreaped only when the loop itself is destroyed; the ledger may be gone by then.
Child::State::~State() {
  if (pid != 0 && !reaped) end_now(pid);
}

Result<Unit> Child::State::take_over(Launched launched) {
  pid = launched.pid;
  auto opened = InputPipe::open(loop, std::move(launched.stdin_writer), [weak = weak_from_this()] {
    const auto self = weak.lock();
    const auto calls = self ? self->events : nullptr;
    if (calls && calls->on_drain) calls->on_drain();
  });
  if (!opened) return fail(opened);
  input = std::move(*opened);
  if (auto good = adopt(outputs[0].pipe, std::move(launched.stdout_reader)); !good) return good;
  if (auto good = adopt(outputs[1].pipe, std::move(launched.stderr_reader)); !good) return good;
  return adopt(leader, std::move(launched.pidfd));
}

void Child::State::watch() {
  leader.async_wait(stream_descriptor::wait_read, [self = shared_from_this()](const std::error_code& error) {
    if (!error) self->leader_ended();
  });
  for (auto& output : outputs) read_more(output);
}

void Child::State::read_more(Output& output) {
  if (output.waiting || output.ended || paused) return;
  output.waiting = true;
  output.pipe.async_wait(stream_descriptor::wait_read,
                         [self = shared_from_this(), &output](const std::error_code& error) {
                           output.waiting = false;
                           if (!error && !output.ended && !self->paused) self->take_output(output);
                         });
}

void Child::State::take_output(Output& output) {
  static thread_local std::array<char, kReadSize> buffer;
  const ssize_t count = ::read(output.pipe.native_handle(), buffer.data(), buffer.size());
  if (count > 0) {
    const auto calls = events;
    if (calls && calls->on_output)
      calls->on_output(output.stream, std::string_view(buffer.data(), static_cast<std::size_t>(count)));
  } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
    output.close();
    finish_if_done();
  }
  read_more(output);
}

void Child::State::leader_ended() {
  exited = true;
  finish_if_done();
  if (!reaped) allow_drain();
}

// A paused reader is given its time after the pause, unless the child was to end anyway.
void Child::State::allow_drain() {
  if (paused && kill_at) {
    cut_streams();
    return;
  }
  if (paused) return;
  drain_timer.expires_after(limits::kPipeDrain);
  drain_timer.async_wait([self = shared_from_this()](const std::error_code& error) {
    const bool kept_for_later = self->paused && !self->kill_at;
    if (!error && !kept_for_later) self->cut_streams();
  });
}

void Child::State::cut_streams() {
  if (reaped) return;
  forced = true;
  for (auto& output : outputs) output.close();
  finish_if_done();
}

void Child::State::finish_if_done() {
  if (reaped || !exited || !outputs[0].ended || !outputs[1].ended) return;
  kill_all();
  if (cell && !clear()) return;
  siginfo_t info{};
  while (::waitid(P_PIDFD, static_cast<id_t>(leader.native_handle()), &info, WEXITED) != 0 && errno == EINTR) {
  }
  reap();
  tell_exit(exit_of(info));
}

// True when nothing is left of what it started. Else looks again soon, until it is given up.
bool Child::State::clear() {
  if (looking) return false;
  if (cell->clear(pid) == 0) return true;
  looking = true;
  look_timer.expires_after(next_look);
  next_look = std::min(2 * next_look, kLongestLook);
  look_timer.async_wait([self = shared_from_this()](const std::error_code& error) {
    self->looking = false;
    if (!error) self->finish_if_done();
  });
  return false;
}

void Child::State::kill_all() {
  signal_group(SIGKILL);
  if (cell) cell->kill(pid);
  if (!cell || std::exchange(dying, true)) return;
  dying_timer.expires_after(kDyingTime);
  dying_timer.async_wait([self = shared_from_this()](const std::error_code& error) {
    if (!error && self->cell) self->give_up();
  });
}

// What lives now does not die of KILL. Whoever waits is told; the leader, if it is the one, is reaped when it ends.
void Child::State::give_up() {
  const auto given_up = std::exchange(cell, nullptr);
  given_up->give_up(pid);
  for (auto& output : outputs) output.close();
  forced = true;
  undead = true;
  if (exited) {
    finish_if_done();
  } else {
    input->abandon();
    tell_exit({});
  }
  given_up->left(pid);
}

void Child::State::tell_exit(Exit exit) {
  exit.forced = forced;
  exit.undead = undead;
  const auto calls = std::exchange(events, nullptr);
  if (calls && calls->on_exit) calls->on_exit(exit);
}

void Child::State::reap() {
  reaped = true;
  token = nullptr;
  if (ledger != nullptr) ledger->ended(pid);
  if (const auto empty = std::exchange(cell, nullptr)) empty->left(pid);
  for (auto* timer : {&kill_timer, &drain_timer, &dying_timer, &look_timer}) timer->cancel();
  input->abandon();
  std::error_code ignored;
  leader.close(ignored);
}

void Child::State::stop(std::chrono::nanoseconds grace) {
  if (reaped) return;
  if (!exited) forced = true;
  if (!kill_at) signal_group(SIGTERM);
  if (exited && paused) {  // nobody reads: waiting for the end of the streams is waiting for ever
    loop.post([self = shared_from_this()] { self->cut_streams(); });
  }
  const auto wait = std::chrono::duration_cast<asio::steady_timer::duration>(
      std::clamp(grace, std::chrono::nanoseconds(0), kLongestGrace));
  const auto at = asio::steady_timer::clock_type::now() + wait;
  if (kill_at && *kill_at <= at) return;
  kill_at = at;
  kill_timer.expires_at(at);
  kill_timer.async_wait([self = shared_from_this()](const std::error_code& error) {
    if (!error && !self->reaped) self->kill_all();
  });
}

void Child::State::pause(bool now_paused) {
  if (paused == now_paused || reaped) return;
  paused = now_paused;
  if (paused) return;
  for (auto& output : outputs) read_more(output);
  if (exited) allow_drain();
}

void Child::State::forget() {
  events = nullptr;
  if (reaped) return;
  kill_all();
  input->abandon();
  for (auto& output : outputs) output.close();
  finish_if_done();
}

bool Child::State::leader_is_zombie() const {
  siginfo_t info{};
  const auto pidfd = static_cast<id_t>(const_cast<stream_descriptor&>(leader).native_handle());
  return ::waitid(P_PIDFD, pidfd, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

Result<std::unique_ptr<Child>> Child::spawn(reactor::Loop& loop, Ledger* ledger, SpawnRequest request, Events events) {
  const auto cell = std::exchange(request.cell, nullptr);
  auto made = cell ? cell->make_place() : Result<std::optional<Cgroup>>(std::nullopt);
  if (!made) return fail(made);
  auto place = *std::move(made);
  const std::string group = place ? place->directory() : std::string();
  std::string intended;
  if (ledger != nullptr) {
    intended = ledger->intend(cell ? cell->subject() : std::string_view());
    request.env.push_back(intended);
  }
  const auto give_up = [&](Error error) {
    if (ledger != nullptr) ledger->not_started(intended);
    if (place) place->remove();
    return fail(std::move(error));
  };
  if (cell) fault_point("spawn.intended");
  auto launched = launch(request, group);
  if (cell) fault_point("spawn.launched");
  if (!launched) return give_up(std::move(launched.error()));
  auto state = std::make_shared<State>(loop, ledger, std::move(events));
  if (auto good = state->take_over(std::move(*launched)); !good) {
    state.reset();  // which ends what was started
    return give_up(std::move(good.error()));
  }
  if (ledger != nullptr) {
    Ledger::Work work{.label = request.label, .subject = cell ? cell->subject() : "", .cgroup = group};
    ledger->started(state->pid, std::move(work), intended);
  }
  if (cell) {
    fault_point("spawn.written");
    cell->joined(state->pid, std::move(place), request.cwd);
    state->cell = cell;
  }
  state->watch();
  return std::unique_ptr<Child>(new Child(std::move(state)));
}

Child::Child(std::shared_ptr<State> state) : state_(std::move(state)) {}
Child::~Child() { state_->forget(); }

int Child::pid() const { return state_->pid; }
Result<Unit> Child::write(std::string_view bytes) { return state_->input->write(bytes); }
void Child::close_stdin() { state_->input->close_when_written(); }
void Child::stop(std::chrono::nanoseconds grace) { state_->stop(grace); }
void Child::pause(bool paused) { state_->pause(paused); }

Result<Unit> Child::signal(int number) {
  if (state_->exited || state_->reaped || state_->leader_is_zombie())
    return fail(Errc::kNotFound, "the process has ended");
  const auto pidfd = state_->leader.native_handle();
  if (::syscall(SYS_pidfd_send_signal, pidfd, number, nullptr, 0) == 0) return Unit{};
  return fail(errno == ESRCH ? Errc::kNotFound : Errc::kInvalid,
              "cannot send signal " + std::to_string(number) + ": " + std::strerror(errno));
}

}  // namespace baton::process
