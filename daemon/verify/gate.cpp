#include "verify/gate.hpp"

#include <utility>

#include "base/text.hpp"
#include "process/command.hpp"
#include "process/environment.hpp"

namespace baton::verify {
namespace {

process::Command command_of(GateRequest request) {
  process::Command command;
  command.spawn.argv = {"/bin/sh", "-c", std::move(request.command)};
  command.spawn.cwd = std::move(request.directory);
  command.spawn.env = process::clean_environment();
  command.spawn.label = "gate";
  command.spawn.cell = std::move(request.cell);
  command.timeout = request.timeout;
  command.capture = limits::kGateTail;
  command.keep_tail = true;
  command.cancel = std::move(request.cancel);
  return command;
}

// The cut may lie inside a character; that one goes, other broken sequences become U+FFFD.
std::string tail_of(std::string_view output) {
  const auto repaired = text::repaired_utf8(text::tail(output, limits::kGateTail));
  return std::string(text::tail(repaired, limits::kGateTail));
}

GateRun run_of(std::string command, const process::Finished& finished) {
  GateRun run;
  run.command = std::move(command);
  if (finished.exit.signal == 0) run.exit_code = finished.exit.code;
  run.passed = finished.ok();
  run.stdout_tail = tail_of(finished.out);
  run.stderr_tail = tail_of(finished.err);
  run.duration_ms = std::chrono::duration_cast<std::chrono::milliseconds>(finished.took).count();
  run.timed_out = finished.timed_out;
  return run;
}

// Behind what the command said itself, within what a tail may hold.
void note_memory(GateRun& gate, const process::Cell::Usage& usage) {
  if (!usage.out_of_memory) return;
  gate.stderr_tail = tail_of(gate.stderr_tail + "\n" + process::out_of_memory_text(usage) + "\n");
}

}  // namespace

GateRun unset_gate() {
  GateRun run;
  run.command = "(none configured)";
  return run;
}

reactor::Task<Result<GateRun>> run_gate(reactor::Loop& loop, process::Ledger* ledger, GateRequest request) {
  std::string text = request.command;
  const auto cell = request.cell;
  process::Command command = command_of(std::move(request));
  auto finished = co_await process::run(loop, ledger, std::move(command));
  if (!finished) co_return fail(finished);
  if (finished->cancelled) co_return fail(Errc::kCancelled, "the gate was stopped");
  auto gate = run_of(std::move(text), *finished);
  if (cell && !gate.passed) note_memory(gate, cell->usage());
  co_return gate;
}

}  // namespace baton::verify
