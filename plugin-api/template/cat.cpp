// SPDX-License-Identifier: 0BSD
//
// An agent runtime that drives /bin/cat: what the agent is told, it says. Replace cat by a program that thinks.
#include <baton/cpp/entry.hpp>
#include <baton/cpp/process.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace plugin = baton::plugin;

// The prompt's three tiers as one text, for a program that knows no tiers: all of them say what is to be done.
std::string whole_prompt(const baton_run_request& request) {
  std::string prompt;
  for (const baton_str tier : {request.prompt_system, request.prompt_context, request.prompt_turn}) {
    if (tier.size == 0) continue;
    if (!prompt.empty()) prompt += "\n\n";
    prompt += plugin::view(tier);
  }
  return prompt;
}

// One run: lives from start until the host releases it, some time after finish.
class CatRun {
 public:
  CatRun(plugin::Run run, plugin::Host host) : run_(std::move(run)), host_(host) {}

  // The request is borrowed for this call: what is needed later is copied.
  void start(const plugin::Processes& processes, const baton_run_request& request) {
    prompt_ = whole_prompt(request);
    plugin::Spawn spawn;
    spawn.argv = {"/bin/cat"};
    spawn.cwd = plugin::view(request.cwd);
    spawn.flags = BATON_SPAWN_STDIN | BATON_SPAWN_LINES_STDOUT;
    spawn.max_line = 256 * 1024;  // a longer line comes in pieces; one event holds 1 MiB
    for (const auto& variable : plugin::fields(request.env, request.env_count))
      spawn.env.emplace_back(plugin::view(variable.key), plugin::view(variable.value));
    plugin::Process::Events events;
    events.on_output = [this](plugin::Stream stream, std::string_view bytes, std::uint32_t cut) {
      if (stream == plugin::Stream::kStdout) say(bytes, cut);
    };
    events.on_drain = [this] { write_prompt(); };
    events.on_exit = [this](const baton_exit& exit) { end(exit); };
    const plugin::Status started = processes.spawn(run_.id(), spawn, std::move(events), process_);
    if (started.ok()) return write_prompt();
    const bool missing = started.code() == BATON_E_NOT_FOUND;
    run_.finish(plugin::failed(missing ? BATON_ERROR_NOT_INSTALLED : BATON_ERROR_INTERNAL, started.text()));
  }

  void cancel(std::int64_t deadline) {
    cancelled_ = true;
    const std::int64_t left = std::max<std::int64_t>(0, deadline - host_.now());
    (void)process_.stop(std::chrono::nanoseconds(left / 2));  // the exit ends the run
  }

 private:
  // Goes on in on_drain when the queue is full. That cat reads no more is no error: its exit tells.
  void write_prompt() {
    constexpr std::size_t kPiece = 64 * 1024;
    while (written_ < prompt_.size()) {
      const plugin::Status status = process_.write(std::string_view(prompt_).substr(written_, kPiece));
      if (status.code() == BATON_E_AGAIN) return;
      if (!status.ok()) break;
      written_ += std::min(kPiece, prompt_.size() - written_);
    }
    (void)process_.close_stdin();
  }

  void say(std::string_view line, std::uint32_t cut) {
    std::string text(line);
    if (cut != BATON_CUT_MORE) text += '\n';
    (void)run_.text(text);
  }

  void end(const baton_exit& exit) {
    plugin::Outcome outcome;  // without a summary: the host takes what was said
    if (cancelled_) {
      outcome.result = BATON_RESULT_CANCELLED;
    } else if (exit.code == 0) {
      outcome.result = BATON_RESULT_SUCCESS;
    } else {
      outcome.error_class = BATON_ERROR_CRASHED;
      outcome.detail = "cat ended with code " + std::to_string(exit.code) + ", signal " + std::to_string(exit.signal);
    }
    run_.finish(outcome);
  }

  plugin::Run run_;
  plugin::Host host_;
  plugin::Process process_;
  std::string prompt_;
  std::size_t written_ = 0;
  bool cancelled_ = false;
};

// One instance: what the user configured as one [[runtime]]. There may be several, so there are no globals.
class Cat : public plugin::Runtime<Cat, CatRun> {
 public:
  Cat(plugin::Host host, const baton_create_args&) : Runtime(host), processes_(host.need<plugin::Processes>()) {}

  baton_runtime_caps caps() const {
    baton_runtime_caps caps{};
    caps.integration = BATON_INTEGRATION_PROGRAM;
    caps.flags = BATON_CAP_STREAMING | BATON_CAP_WORKTREE;
    caps.context_tokens = -1;
    return caps;
  }

  // A real one asks its program for its version here, and whether somebody is logged in.
  void probe(const plugin::Probe& probe) {
    plugin::ProbeResult result;
    result.ready = true;
    probe.answer(result);
  }

  std::unique_ptr<CatRun> start(plugin::Run run, const baton_run_request& request) {
    auto started = std::make_unique<CatRun>(std::move(run), host());
    started->start(processes_, request);
    return started;
  }

  void cancel(CatRun& run, std::uint32_t, std::int64_t deadline) { run.cancel(deadline); }

 private:
  plugin::Processes processes_;
};

constexpr const char* kOffers[] = {BATON_EXT_RUNTIME, nullptr};
constexpr const char* kNeeds[] = {BATON_EXT_RUN, BATON_EXT_PROCESS, nullptr};
constexpr const char* kExecutables[] = {"/bin/cat", nullptr};

// From zeros, so that what a later version adds is simply not set.
constexpr baton_descriptor descriptor() {
  baton_descriptor made{};
  made.size = sizeof(made);
  made.id = "org.example.cat";
  made.name = "Cat";
  made.version = "0.1.0";
  made.vendor = "Example";
  made.url = "https://example.org";
  made.license = "0BSD";
  made.summary = "Says what it is told";
  made.offers = kOffers;
  made.needs = kNeeds;
  made.executables = kExecutables;
  return made;
}
constexpr baton_descriptor kDescriptor = descriptor();

}  // namespace

BATON_PLUGIN(Cat, kDescriptor)
