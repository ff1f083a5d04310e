// A child process that is its handle: destroying it ends its whole group, and no callback comes any more.
#pragma once

#include "../ext/process.h"
#include "guard.hpp"
#include "handle.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace baton::plugin {

enum class Stream : std::uint32_t { kStdout = BATON_STREAM_STDOUT, kStderr = BATON_STREAM_STDERR };

class Process {
 public:
  // Calls come in later turns, never from inside a function of Process; each may destroy the process.
  struct Events {
    // `cut`: 0, or BATON_CUT_MORE / BATON_CUT_LAST for a piece of a line that was too long.
    std::function<void(Stream, std::string_view bytes, std::uint32_t cut)> on_output;
    std::function<void()> on_drain;
    std::function<void(const baton_exit&)> on_exit;  // last
  };

  Process() = default;
  Process(Process&&) = default;
  Process& operator=(Process&& other) noexcept {
    if (this == &other) return *this;
    close();
    state_ = std::move(other.state_);
    return *this;
  }
  ~Process() { close(); }

  explicit operator bool() const noexcept { return state_ != nullptr && state_->handle; }

  Status write(std::string_view bytes) {
    return with([&](auto* table, auto* host, auto raw) { return table->write(host, raw, str(bytes)); });
  }
  Status close_stdin() {
    return with([](auto* table, auto* host, auto raw) { return table->close_stdin(host, raw); });
  }
  Status signal(int number) {
    return with([&](auto* table, auto* host, auto raw) { return table->signal(host, raw, number); });
  }
  Status stop(std::chrono::nanoseconds grace) {
    return with([&](auto* table, auto* host, auto raw) { return table->stop(host, raw, grace.count()); });
  }
  Status pause(bool paused) {
    return with([&](auto* table, auto* host, auto raw) { return table->pause(host, raw, paused ? 1u : 0u); });
  }
  void close() noexcept {
    if (state_) state_->handle.close();
    state_.reset();
  }

 private:
  friend class Processes;
  struct State : std::enable_shared_from_this<State> {
    Host host{nullptr};
    const baton_host_process* table = nullptr;
    baton_run owner{};
    Events events;
    Handle<baton_process, baton_host_process> handle;
  };

  template <class Call>
  Status with(Call&& call) {
    if (!*this) return BATON_E_STALE;
    return call(state_->table, state_->host.raw(), state_->handle.raw());
  }

  // Keeps the state through a callback that destroys the process.
  template <class Body>
  static void enter(void* user, Body&& body) noexcept {
    const auto state = static_cast<State*>(user)->shared_from_this();
    guarded_callback(state->host.raw(), state->owner, [&] { body(*state); });
  }
  static void on_output(void* user, baton_process, uint32_t stream, baton_str bytes, uint32_t cut) noexcept {
    enter(user, [&](State& state) {
      if (state.events.on_output) state.events.on_output(static_cast<Stream>(stream), view(bytes), cut);
    });
  }
  static void on_drain(void* user, baton_process) noexcept {
    enter(user, [](State& state) {
      if (state.events.on_drain) state.events.on_drain();
    });
  }
  static void on_exit(void* user, baton_process, const baton_exit* exit) noexcept {
    enter(user, [&](State& state) {
      state.handle.forget();
      if (state.events.on_exit) state.events.on_exit(*exit);
    });
  }

  std::shared_ptr<State> state_;
};

struct Spawn {
  std::vector<std::string> argv;
  std::string cwd;
  std::vector<std::pair<std::string, std::string>> env;
  std::uint32_t flags = 0;  // BATON_SPAWN_...
  std::uint32_t max_line = 0;
};

// baton.process/1
class Processes {
 public:
  using Table = baton_host_process;
  static constexpr const char* kId = BATON_EXT_PROCESS;
  static constexpr size_t kSize = sizeof(Table);
  Processes(Host host, const Table* table) noexcept : host_(host), table_(table) {}

  // Sets `out`, which is left alone on an error. `owner` may be none: {}.
  Status spawn(baton_run owner, const Spawn& request, Process::Events events, Process& out) const {
    auto state = std::make_shared<Process::State>();
    state->host = host_;
    state->table = table_;
    state->owner = owner;
    state->events = std::move(events);
    std::vector<baton_str> argv;
    for (const auto& argument : request.argv) argv.push_back(str(argument));
    std::vector<baton_field> env;
    for (const auto& [name, value] : request.env) env.push_back({str(name), str(value)});
    baton_spawn spawn{};
    spawn.size = sizeof(spawn);
    spawn.flags = request.flags;
    spawn.owner = owner;
    spawn.argv = argv.data();
    spawn.argc = argv.size();
    spawn.cwd = str(request.cwd);
    spawn.env = env.data();
    spawn.env_count = env.size();
    spawn.max_line = request.max_line;
    baton_process_events callbacks{};
    callbacks.size = sizeof(callbacks);
    callbacks.on_output = &Process::on_output;
    callbacks.on_drain = &Process::on_drain;
    callbacks.on_exit = &Process::on_exit;
    baton_process raw{};
    const Status answer = table_->spawn(host_.raw(), &spawn, &callbacks, state.get(), &raw);
    if (!answer.ok()) return answer;
    state->handle = {host_, table_, raw};
    out.close();
    out.state_ = std::move(state);
    return answer;
  }

 private:
  Host host_;
  const Table* table_;
};

}  // namespace baton::plugin
