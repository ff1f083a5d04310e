#include "plugin/probe.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.hpp"
#include "process/command.hpp"
#include "process/environment.hpp"

namespace baton::plugin {
namespace {

using namespace std::chrono_literals;

// A good plugin answers in a millisecond. The second, longer try is for a machine that is busy with something else.
constexpr std::array<std::chrono::nanoseconds, 2> kLimits{500ms, 2s};
constexpr std::size_t kAnswer = 1024 * 1024;

process::Command command_for(const std::filesystem::path& program, const std::filesystem::path& file,
                             std::chrono::nanoseconds limit) {
  process::Command command;
  command.spawn.argv = {program.native(), file.native()};
  command.spawn.cwd = "/";
  command.spawn.env = process::clean_environment();
  command.spawn.label = "plugin probe";
  command.timeout = limit;
  command.capture = kAnswer;
  return command;
}

Accepted<Manifest> judged(const process::Finished& finished) {
  if (finished.exit.signal != 0)
    return refuse(RefusalCode::kProbeCrash, fmt::format("the probe was ended by signal {}", finished.exit.signal));
  auto manifest = from_json(finished.out);
  if (!manifest && manifest.error().code == RefusalCode::kProbeCrash)
    manifest.error().text += fmt::format(" (exit status {}) {}", finished.exit.code, text::tail(finished.err, 500));
  return manifest;
}

}  // namespace

reactor::Task<Accepted<Manifest>> probe_library(reactor::Loop& loop, process::Ledger* ledger,
                                                std::filesystem::path program, std::filesystem::path file) {
  for (const auto limit : kLimits) {
    auto command = command_for(program, file, limit);
    auto finished = co_await process::run(loop, ledger, std::move(command));
    if (!finished)
      co_return refuse(RefusalCode::kProbeCrash,
                       fmt::format("{} cannot be run: {}", program.native(), finished.error().what));
    if (!finished->timed_out) co_return judged(*finished);
  }
  co_return refuse(RefusalCode::kProbeTimeout, "loading it did not end within its time");
}

}  // namespace baton::plugin
