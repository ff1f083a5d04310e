#include "executor/verification.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/log.hpp"
#include "base/text.hpp"
#include "handoff/files.hpp"
#include "handoff/init_script.hpp"
#include "handoff/progress.hpp"
#include "handoff/scaffold.hpp"
#include "handoff/sor_files.hpp"
#include "verify/decide.hpp"
#include "verify/report.hpp"
#include "verify/resolve.hpp"
#include "verify/verdict.hpp"

namespace baton::executor {
namespace {

board::AfterWork after_of(verify::NextStatus next) {
  switch (next) {
    case verify::NextStatus::kDone: return board::AfterWork::kDone;
    case verify::NextStatus::kInProgress: return board::AfterWork::kFix;
    case verify::NextStatus::kBlocked: return board::AfterWork::kBlock;
    case verify::NextStatus::kInReview: return board::AfterWork::kReview;
  }
  bug("NextStatus out of range");
}

board::NewComment system_comment(std::string body) {
  return {.task_id = {}, .body = std::string(text::head(body, limits::kSummary)), .author_type = "system"};
}

// The evidence belongs beside the work, for whoever reads the worktree cold.
reactor::Task<> append_evidence(worktree::Worktrees& worktrees, worktree::Worktree worktree, std::string block) {
  const auto& theirs = worktree.user_files;
  if (std::find(theirs.begin(), theirs.end(), handoff::kVerificationFile) != theirs.end()) co_return;  // the user's own
  auto text = handoff::read_file(worktree.path, handoff::kVerificationFile);
  if (!text && text.error().code != Errc::kNotFound) co_return;
  const auto written =
      co_await worktrees.write_file(worktree, std::string(handoff::kVerificationFile), text.value_or("") + block);
  if (!written) log::warn("the gate's evidence was not written: {}", written.error().what);
}

std::string unjudged_comment(const verify::GateCommand& command) {
  const auto error = verify::explain_unset(command);
  return fmt::format("No verification ran. {} {} {}", error.what, error.why, error.how_to_fix);
}

}  // namespace

reactor::Task<Result<verify::GateCommand>> Verification::find_command(worktree::Worktree worktree) {
  const auto& settings = services_.settings.gate;
  verify::Sources sources;
  if (settings.command.empty()) {
    auto file = co_await services_.worktrees.file_at(worktree.repository, worktree.base_commit,
                                                     std::string(verify::kRepositoryFile));
    if (!file) co_return fail(std::move(file));
    sources.repository_file = *std::move(file);
    auto script = co_await services_.worktrees.file_at(worktree.repository, worktree.base_commit,
                                                       std::string(handoff::kInitFile));
    if (!script) co_return fail(std::move(script));
    // A scaffold that an earlier task left in the repository's history is not the repository's own word.
    if (*script && !handoff::is_scaffold(handoff::kInitFile, **script)) {
      sources.base_command = handoff::parse_verify_cmd(**script);
    }
  }
  if (settings.trust_worktree) {
    if (const auto script = handoff::read_file(worktree.path, handoff::kInitFile)) {
      sources.worktree_command = handoff::parse_verify_cmd(*script);
    }
    const auto page = handoff::read_file(worktree.path, handoff::kVerificationFile);
    if (!sources.worktree_command && page) sources.worktree_command = handoff::parse_verify_line(*page);
  }
  co_return verify::resolve_command(settings, sources);
}

reactor::Task<Result<Judged>> Verification::judge(store::Task task, worktree::Worktree worktree,
                                                  std::stop_token cancel) {
  auto command = co_await find_command(worktree);
  if (!command) co_return fail(std::move(command));
  const bool unset = command->origin == verify::Origin::kNone;
  verify::GateRun gate = verify::unset_gate();
  if (!unset) {
    verify::GateRequest request{.command = command->command,
                                .directory = worktree.path.string(),
                                .timeout = services_.settings.gate.timeout,
                                .cancel = cancel,
                                .subject = task.id.value};
    auto ran = co_await services_.gate(std::move(request));
    if (!ran) co_return fail(std::move(ran));
    gate = *std::move(ran);
    co_await append_evidence(services_.worktrees, worktree,
                             verify::verification_block(gate, services_.clock.unix_ms()));
  }
  co_return conclude(task, *command, std::move(gate));
}

Judged Verification::conclude(const store::Task& task, const verify::GateCommand& command, verify::GateRun gate) const {
  const bool unset = command.origin == verify::Origin::kNone;
  auto before = task.verification ? verify::parse_verdict(*task.verification) : std::nullopt;
  const bool tried = before && !before->attempts.empty();
  const auto attempt = static_cast<std::uint32_t>(tried ? before->attempts.back().number + 1 : 1);
  const auto allowed = services_.settings.max_fix_cycles + 1;
  const auto outcome = unset         ? verify::GateOutcome::kUnset
                       : gate.passed ? verify::GateOutcome::kGreen
                                     : verify::GateOutcome::kRed;
  const auto decision = verify::decide(outcome, attempt, allowed, services_.settings.gate.policy);

  Judged judged;
  judged.settlement.after = after_of(decision.next);
  if (!decision.verdict) {
    judged.settlement.reason = "no command verifies this work";
    judged.settlement.comments.push_back(system_comment(unjudged_comment(command)));
    return judged;
  }
  std::optional<verify::StructuredError> error;
  if (!gate.passed) {
    error = unset ? verify::explain_unset(command) : verify::explain_failure(gate);
    judged.settlement.comments.push_back(system_comment(verify::failure_comment(*error, attempt, allowed)));
    if (decision.next == verify::NextStatus::kInProgress) {
      judged.fix = handoff::FixNote{error->what, error->why, error->how_to_fix};
    }
  }
  const auto verdict =
      verify::with_attempt(std::move(before), std::move(gate), *decision.verdict, error, services_.clock.unix_ms());
  judged.verdict = to_text(verdict.status);
  judged.settlement.verification = verify::render_verdict(verdict);
  judged.settlement.reason = "verification: " + *judged.verdict;
  return judged;
}

}  // namespace baton::executor
