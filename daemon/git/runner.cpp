#include "git/runner.hpp"

#include "base/text.hpp"
#include "git/environment.hpp"
#include "git/failure.hpp"

namespace baton::git {

Invocation in_checkout(const Checkout& checkout, std::vector<std::string> arguments) {
  Invocation invocation;
  invocation.directory = checkout.path;
  invocation.arguments = std::move(arguments);
  invocation.variables.emplace_back("GIT_DIR", checkout.git_dir.string());
  invocation.variables.emplace_back("GIT_WORK_TREE", checkout.path.string());
  return invocation;
}

Runner::Runner(reactor::Loop& loop, Options options)
    : loop_(loop),
      options_(std::move(options)),
      environment_(git_environment(process::clean_environment())),
      places_(loop, options_.at_once) {}

reactor::Task<Result<process::Finished>> Runner::start(process::Command command) {
  const auto place = co_await places_.acquire();
  if (stop_.stop_requested()) co_return fail(Errc::kCancelled, "the daemon is stopping", "stopping");
  command.timeout = options_.timeout;
  command.cancel = stop_.get_token();
  ++started_;
  auto finished = co_await process::run(loop_, options_.ledger, std::move(command));
  if (finished && finished->cancelled)
    co_return fail(Errc::kCancelled, "git was ended: the daemon is stopping", "stopping");
  co_return finished;
}

reactor::Task<Result<process::Finished>> Runner::run(Invocation invocation) {
  process::Command command;
  command.spawn.argv = invocation.arguments;
  command.spawn.argv.insert(command.spawn.argv.begin(), options_.program);
  command.spawn.cwd = invocation.directory.string();
  command.spawn.env = invocation.durable ? durable(environment_) : environment_;
  for (const auto& [name, value] : invocation.variables)
    command.spawn.env = process::with(std::move(command.spawn.env), name, value);
  command.spawn.label = "git";
  command.input = std::move(invocation.input);
  command.capture = invocation.capture;

  auto finished = co_await start(std::move(command));
  if (!finished) co_return fail(not_started(std::move(finished.error())));
  if (finished->timed_out) co_return fail(timed_out(invocation.arguments, options_.timeout));
  if (finished->cut && !invocation.may_be_cut)
    co_return fail(Errc::kTooLarge, shown(invocation.arguments) + " answered more than the limit", "git_output");
  co_return finished;
}

reactor::Task<Result<std::string>> Runner::output(Invocation invocation) {
  const auto arguments = invocation.arguments;
  const auto directory = invocation.directory;
  auto finished = co_await run(std::move(invocation));
  if (!finished) co_return fail(finished);
  if (!finished->ok()) co_return fail(disk_full(directory, failed(arguments, *finished)));
  co_return std::move(finished->out);
}

reactor::Task<Result<Unit>> Runner::tool(std::vector<std::string> argv, std::string input) {
  process::Command command;
  command.spawn.label = argv.front();
  command.spawn.argv = std::move(argv);
  command.spawn.cwd = "/";
  command.spawn.env = environment_;
  command.input = std::move(input);
  const auto finished = co_await start(std::move(command));
  if (!finished) co_return fail(finished.error());
  if (finished->ok()) co_return Unit{};
  const auto words = text::repaired_utf8(text::trimmed(finished->err));
  const bool full =
      words.find("No space left") != std::string::npos || words.find("quota exceeded") != std::string::npos;
  co_return fail(full ? Errc::kNoSpace : Errc::kIo, finished->timed_out ? "it took too long" : words,
                 full ? "disk_full" : "");
}

reactor::Task<Result<std::string>> Runner::disk_usage(std::filesystem::path directory, std::vector<std::string> names) {
  process::Command command;
  command.spawn.argv = {"du", "--summarize", "--block-size=1", "--null", "--files0-from=-"};
  command.spawn.cwd = directory.string();
  command.spawn.env = environment_;
  command.spawn.label = "du";
  command.capture = limits::kGitCapture;
  for (const auto& name : names) {
    command.input += name;
    command.input += '\0';
  }
  auto finished = co_await start(std::move(command));
  if (!finished) co_return fail(finished);
  if (finished->timed_out) co_return fail(Errc::kTimeout, "measuring " + directory.string() + " took too long", "du");
  if (finished->cut || (!finished->ok() && finished->out.empty()))
    co_return fail(Errc::kUnprocessable, "cannot measure " + directory.string() + ": " + finished->err, "du");
  co_return std::move(finished->out);
}

}  // namespace baton::git
