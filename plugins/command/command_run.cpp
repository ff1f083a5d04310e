#include "command/command_run.hpp"

#include <algorithm>
#include <utility>

#include "command/placeholders.hpp"

namespace command {
namespace {

using namespace std::chrono_literals;
using baton::plugin::Status;
using baton::plugin::view;

constexpr std::size_t kWriteSize = 64 * 1024;      // of the prompt at once: a pipe's own size
constexpr std::uint32_t kTextLine = 64 * 1024;     // longer lines of plain output come in pieces
constexpr std::uint32_t kEventLine = 1024 * 1024;  // the ABI's limit for one event
constexpr std::size_t kSummary = 4000, kSummaryLines = 20;
constexpr std::size_t kComplaints = 4000, kComplaintLines = 40;
constexpr auto kTimeoutGrace = 3s;

std::string whole_prompt(const baton_run_request& request) {
  std::string prompt;
  for (const auto part : {request.prompt_system, request.prompt_context, request.prompt_turn}) {
    if (part.size == 0) continue;
    if (!prompt.empty()) prompt += "\n\n";
    prompt += view(part);
  }
  return prompt;
}

Values values_of(const baton_run_request& request) {
  Values values;
  values.cwd = view(request.cwd);
  values.task = view(request.task);
  values.agent = view(request.agent);
  values.attempt = view(request.attempt);
  values.model = view(request.model);
  values.home = view(request.home_dir);
  if (request.mode != BATON_RUN_FRESH) values.resume = view(request.resume);
  return values;
}

std::vector<std::string> arguments(const Config& config, const Values& values) {
  std::vector<std::string> argv;
  bool has_prompt = config.prompt == Prompt::kStdin;
  for (const auto& item : config.argv) {
    has_prompt = has_prompt || mentions(item, "prompt");
    argv.push_back(filled(item, values));
  }
  if (!has_prompt) argv.push_back(values.prompt);
  return argv;
}

// The instance's variables first, the run's over them, what the daemon says of the task last.
std::vector<std::pair<std::string, std::string>> variables(const Config& config, const baton_run_request& request,
                                                           const Values& values) {
  std::vector<std::pair<std::string, std::string>> env;
  for (const auto& [name, value] : config.env) env.emplace_back(name, filled(value, values));
  for (const auto& field : baton::plugin::fields(request.env, request.env_count))
    env.emplace_back(view(field.key), view(field.value));
  env.emplace_back("BATON_TASK", values.task);
  env.emplace_back("BATON_AGENT", values.agent);
  env.emplace_back("BATON_ATTEMPT", values.attempt);
  env.emplace_back("BATON_CWD", values.cwd);
  if (!values.model.empty()) env.emplace_back("BATON_MODEL", values.model);
  if (!values.resume.empty()) env.emplace_back("BATON_RESUME", values.resume);
  return env;
}

std::string how_it_ended(const baton_exit& exit) {
  if (exit.signal != 0) return "the program was ended by signal " + std::to_string(exit.signal);
  return "the program exited with status " + std::to_string(exit.code);
}

}  // namespace

CommandRun::CommandRun(baton::plugin::Run run, const Config& config, const Services& services)
    : run_(std::move(run)),
      config_(config),
      services_(services),
      events_(run_),
      words_(kSummary),
      complaints_(kComplaints) {}

void CommandRun::start(const baton_run_request& request) {
  Values values = values_of(request);
  prompt_ = whole_prompt(request);
  const bool on_stdin = config_.prompt == Prompt::kStdin;
  if (!on_stdin) values.prompt = std::exchange(prompt_, {});

  baton::plugin::Spawn spawn;
  spawn.argv = arguments(config_, values);
  spawn.cwd = values.cwd;
  spawn.env = variables(config_, request, values);
  spawn.flags = BATON_SPAWN_LINES_STDOUT | (on_stdin ? BATON_SPAWN_STDIN : 0u);
  spawn.max_line = config_.events == Events::kJsonLines ? kEventLine : kTextLine;

  baton::plugin::Process::Events events;
  events.on_output = [this](auto stream, auto bytes, auto cut) { on_output(stream, bytes, cut); };
  events.on_drain = [this] { write_prompt(); };
  events.on_exit = [this](const baton_exit& exit) { on_exit(exit); };
  const Status started = services_.processes.spawn(run_.id(), spawn, std::move(events), process_);
  if (!started.ok()) return refuse(started, spawn.argv[0]);

  if (on_stdin) write_prompt();
  if (config_.timeout_s > 0) {
    timeout_ = services_.timers.start(run_.id(), std::chrono::seconds(config_.timeout_s), [this] {
      timed_out_ = true;
      (void)process_.stop(kTimeoutGrace);
    });
  }
}

void CommandRun::refuse(const Status& why, const std::string& program) {
  std::uint32_t error_class = BATON_ERROR_INTERNAL;
  std::string detail = program + ": " + why.text();
  if (why.code() == BATON_E_NOT_FOUND) {
    error_class = BATON_ERROR_NOT_INSTALLED;
    detail = "program " + program + " was not found";
  } else if (why.code() == BATON_E_DENIED) {
    error_class = BATON_ERROR_POLICY;
  } else if (why.code() == BATON_E_LIMIT && config_.prompt == Prompt::kArgument) {
    error_class = BATON_ERROR_CONFIG;
    detail = "the prompt is too long for an argument; set \"prompt\" to \"stdin\"";
  } else if (why.code() == BATON_E_INVALID) {
    error_class = BATON_ERROR_CONFIG;
  }
  run_.finish(baton::plugin::failed(error_class, std::move(detail)));
}

void CommandRun::cancel(std::int64_t deadline) {
  cancelled_ = true;
  // A quarter of the time is kept for the end of the streams after the KILL.
  const auto left = std::max<std::int64_t>(0, deadline - services_.host.now());
  (void)process_.stop(std::chrono::nanoseconds(left / 4 * 3));
}

void CommandRun::write_prompt() {
  while (written_ < prompt_.size()) {
    const Status status = process_.write(std::string_view(prompt_).substr(written_, kWriteSize));
    if (status.code() == BATON_E_AGAIN) return;  // on_drain goes on
    if (!status.ok()) break;                     // it reads no more, or has ended: the exit tells
    written_ += std::min(kWriteSize, prompt_.size() - written_);
  }
  prompt_ = {};
  written_ = 0;
  (void)process_.close_stdin();
}

void CommandRun::on_output(baton::plugin::Stream stream, std::string_view bytes, std::uint32_t cut) {
  if (stream == baton::plugin::Stream::kStderr) return complaints_.append(bytes);
  if (config_.events == Events::kJsonLines) return take_event(bytes, cut);
  take_text(bytes, cut);
}

void CommandRun::take_text(std::string_view piece, std::uint32_t cut) {
  std::string words(piece);
  if (cut != BATON_CUT_MORE) words += '\n';
  words_.append(words);
  (void)run_.text(words);  // a refused event is counted by the host, the run goes on
}

void CommandRun::take_event(std::string_view piece, std::uint32_t cut) {
  if (cut == 0) return words_.append(events_.take(piece));
  if (cut == BATON_CUT_LAST) (void)run_.status("a line of more than 1 MiB was left out");
}

void CommandRun::on_exit(const baton_exit& exit) { run_.finish(outcome(exit)); }

baton::plugin::Outcome CommandRun::outcome(const baton_exit& exit) const {
  baton::plugin::Outcome outcome;
  outcome.summary = words_.last(kSummaryLines);
  outcome.detail = complaints_.last(kComplaintLines);
  const auto& said = events_.result();
  if (said && !said->summary.empty()) outcome.summary = said->summary;

  const bool clean = exit.signal == 0 && exit.code == 0;
  const auto explain = [&](const std::string& text) {
    outcome.detail = outcome.detail.empty() ? text : text + "\n" + outcome.detail;
  };
  if (cancelled_ && !(clean && said)) {
    outcome.result = BATON_RESULT_CANCELLED;
  } else if (timed_out_) {
    outcome.error_class = BATON_ERROR_TIMEOUT;
    explain("the program took longer than " + std::to_string(config_.timeout_s) + " s");
  } else if (said && (clean || said->result != BATON_RESULT_SUCCESS)) {
    outcome.result = said->result;
    outcome.error_class = said->error_class;
    outcome.retryable = said->retryable;
  } else if (clean) {
    outcome.result = BATON_RESULT_SUCCESS;
  } else {
    outcome.error_class = BATON_ERROR_CRASHED;
    explain(how_it_ended(exit));
  }
  return outcome;
}

}  // namespace command
