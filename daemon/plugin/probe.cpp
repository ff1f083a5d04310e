#include "plugin/probe.hpp"

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.hpp"
#include "process/command.hpp"
#include "process/environment.hpp"

namespace baton::plugin {
namespace {

using namespace std::chrono_literals;

// A good plugin answers in a millisecond. The second, longer try is for a machine that is busy with something else.
constexpr std::array<std::chrono::nanoseconds, 2> kLimits{500ms, 2s};
constexpr std::array<std::chrono::nanoseconds, 2> kTrialLimits{2s, 5s};  // create has 50 ms (entry.h)
constexpr std::size_t kAnswer = 1024 * 1024;

process::Command command_for(std::vector<std::string> argv, std::chrono::nanoseconds limit) {
  process::Command command;
  command.spawn.argv = std::move(argv);
  command.spawn.cwd = "/";
  command.spawn.env = process::clean_environment();
  command.spawn.label = "plugin probe";
  command.timeout = limit;
  command.capture = kAnswer;
  return command;
}

Refusal ended_by(const char* what, int signal) {
  return {RefusalCode::kProbeCrash, fmt::format("{} ended the probe by signal {}", what, signal)};
}

Accepted<Manifest> judged(const process::Finished& finished) {
  if (finished.exit.signal != 0) return tl::unexpected(ended_by("loading it", finished.exit.signal));
  auto manifest = from_json(finished.out);
  if (!manifest && manifest.error().code == RefusalCode::kProbeCrash)
    manifest.error().text += fmt::format(" (exit status {}) {}", finished.exit.code, text::tail(finished.err, 500));
  return manifest;
}

}  // namespace

reactor::Task<Accepted<Manifest>> probe_library(reactor::Loop& loop, process::Ledger* ledger,
                                                std::filesystem::path program, std::filesystem::path file) {
  for (const auto limit : kLimits) {
    std::vector<std::string> argv{program.native(), file.native()};
    auto command = command_for(std::move(argv), limit);
    auto finished = co_await process::run(loop, ledger, std::move(command));
    if (!finished)
      co_return refuse(RefusalCode::kProbeCrash,
                       fmt::format("{} cannot be run: {}", program.native(), finished.error().what));
    if (!finished->timed_out) co_return judged(*finished);
  }
  co_return refuse(RefusalCode::kProbeTimeout, "loading it did not end within its time");
}

reactor::Task<Accepted<Unit>> try_instance(reactor::Loop& loop, process::Ledger* ledger, std::filesystem::path program,
                                           Trial trial) {
  for (const auto limit : kTrialLimits) {
    std::vector<std::string> argv{program.native(), "--trial", trial.file.native(), trial.instance, trial.data_dir};
    auto command = command_for(std::move(argv), limit);
    command.input = trial.config_json;
    auto finished = co_await process::run(loop, ledger, std::move(command));
    if (!finished)
      co_return refuse(RefusalCode::kProbeCrash,
                       fmt::format("{} cannot be run: {}", program.native(), finished.error().what));
    if (finished->timed_out) continue;
    if (finished->exit.signal != 0) co_return tl::unexpected(ended_by("making an instance", finished->exit.signal));
    if (finished->out.empty()) co_return refuse(RefusalCode::kProbeCrash, "making an instance ended the probe");
    co_return Unit{};
  }
  co_return refuse(RefusalCode::kProbeTimeout, "making an instance did not end within its time");
}

}  // namespace baton::plugin
