// Nothing is wrong with it: the wrapper's part of the same runtime as good.c.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <baton/ext/process.h>
#include <baton/ext/run.h>
#include <baton/ext/timer.h>
#include <baton/cpp/entry.hpp>
#include <baton/cpp/process.hpp>
#include <baton/cpp/timer.hpp>

#ifndef FINISHES_TWICE
#define FINISHES_TWICE false
#endif

namespace {

namespace api = baton::plugin;

class AgentRun {
 public:
  AgentRun(api::Run run, api::Host host) : run_(std::move(run)), host_(host) {}

  void start(const api::Processes& processes, const baton_run_request& request) {
    prompt_ = api::view(request.prompt_turn);
    api::Spawn spawn;
    spawn.argv = {"agent"};
    spawn.cwd = api::view(request.cwd);
    spawn.flags = BATON_SPAWN_STDIN | BATON_SPAWN_LINES_STDOUT;
    spawn.max_line = 65536;  // an event holds 1 MiB
    api::Process::Events events;
    events.on_output = [this](auto stream, auto bytes, auto) {
      if (stream == api::Stream::kStdout) (void)run_.text(std::string(bytes) + '\n');
    };
    events.on_drain = [this] { write_prompt(); };
    events.on_exit = [this](const baton_exit& exit) { end(exit); };
    const api::Status started = processes.spawn(run_.id(), spawn, std::move(events), process_);
    if (started.ok()) return write_prompt();
    const bool absent = started.code() == BATON_E_NOT_FOUND;
    run_.finish(api::failed(absent ? BATON_ERROR_NOT_INSTALLED : BATON_ERROR_INTERNAL, started.text()));
  }

  void cancel(std::int64_t deadline) {
    cancelled_ = true;
    const auto left = deadline - host_.now();
    if (!process_.stop(std::chrono::nanoseconds(left > 0 ? left / 2 : 0)).ok()) end({});
  }

 private:
  void write_prompt() {
    while (!prompt_.empty()) {
      const auto piece = std::string_view(prompt_).substr(0, 65536);
      const api::Status written = process_.write(piece);
      if (written.code() == BATON_E_AGAIN) return;
      if (!written.ok()) break;
      prompt_.erase(0, piece.size());
    }
    (void)process_.close_stdin();
  }
  void end(const baton_exit& exit) {
    api::Outcome outcome;
    const bool clean = exit.code == 0 && exit.signal == 0;
    if (cancelled_) {
      outcome.result = BATON_RESULT_CANCELLED;
    } else if (clean) {
      outcome.result = BATON_RESULT_SUCCESS;
    } else {
      outcome = api::failed(BATON_ERROR_CRASHED, "the agent did not end well");
    }
    run_.finish(outcome);
    if (FINISHES_TWICE) run_.finish(outcome);
  }

  api::Run run_;
  api::Host host_;
  api::Process process_;
  std::string prompt_;
  bool cancelled_ = false;
};

class Agent : public api::Runtime<Agent, AgentRun> {
 public:
  Agent(api::Host host, const baton_create_args&) : Runtime(host), processes_(host.need<api::Processes>()) {}

  baton_runtime_caps caps() const {
    baton_runtime_caps caps{};
    caps.integration = BATON_INTEGRATION_PROGRAM;
    caps.flags = BATON_CAP_STREAMING;
    caps.context_tokens = -1;
    return caps;
  }
  void probe(const api::Probe& probe) {
    api::ProbeResult result;
    result.ready = true;
    probe.answer(result);
  }
  std::unique_ptr<AgentRun> start(api::Run run, const baton_run_request& request) {
    auto started = std::make_unique<AgentRun>(std::move(run), host());
    started->start(processes_, request);
    return started;
  }
  void cancel(AgentRun& run, std::uint32_t, std::int64_t deadline) { run.cancel(deadline); }

 private:
  api::Processes processes_;
};

constexpr const char* kOffers[] = {BATON_EXT_RUNTIME, nullptr};
constexpr const char* kNeeds[] = {BATON_EXT_RUN, BATON_EXT_PROCESS, nullptr};
constexpr const char* kExecutables[] = {"agent", nullptr};

const baton_descriptor kDescriptor{.size = sizeof(baton_descriptor),
                                   .reserved = 0,
                                   .id = "test.conformance.cpp",
                                   .name = "Conformance",
                                   .version = "1.0",
                                   .vendor = "Baton",
                                   .url = "",
                                   .license = "Apache-2.0",
                                   .summary = "A runtime for tests of the validator",
                                   .config_schema = nullptr,
                                   .offers = kOffers,
                                   .needs = kNeeds,
                                   .wants = nullptr,
                                   .secrets = nullptr,
                                   .executables = kExecutables,
                                   .user_files = nullptr};

}  // namespace

BATON_PLUGIN(Agent, kDescriptor)
