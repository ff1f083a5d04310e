#include "load/claim_next.hpp"

#include <string>
#include <unordered_set>

#include <fmt/format.h>

#include "load/board_requests.hpp"
#include "load/runner.hpp"

namespace baton::load {
namespace {

class ClaimNext final : public Phase {
 public:
  ClaimNext(const Options& options, const std::string& host, ClaimNextOutcome& outcome)
      : options_(options), host_(host), outcome_(outcome) {}

  Job jobs() const override { return options_.requests; }
  void write(Job job, std::string& out) override { append_claim_next(out, host_, agent(job)); }

  void take(Job job, const Answer& answer) override {
    if (answer.status == 204) {
      ++outcome_.empty;
      return;
    }
    const auto task = answer.status == 200 ? task_in(answer.body) : std::nullopt;
    if (!task || task->assignee != agent(job)) return violated(Violation::kUnexpectedAnswer, shown(answer));
    if (!given_.insert(task->id).second) return violated(Violation::kSeveralWinners, task->id + " was given out twice");
    outcome_.given.add(answer.took);
  }
  void lost(Job, const std::string& why) override { violated(Violation::kLostRequest, why); }

 private:
  static std::string agent(Job job) { return fmt::format("bench-next-{}", job); }
  void violated(Violation kind, const std::string& what) { outcome_.violations.add(kind, "claim-next: " + what); }

  const Options& options_;
  const std::string& host_;
  ClaimNextOutcome& outcome_;
  std::unordered_set<std::string> given_;
};

}  // namespace

ClaimNextOutcome run_claim_next(const Options& options, const ServerAddress& address,
                                std::chrono::steady_clock::time_point deadline) {
  ClaimNextOutcome outcome;
  Runner runner(address, options.clients, options.pipeline, deadline);
  ClaimNext phase(options, address.host, outcome);
  outcome.asked = runner.run(phase);
  outcome.violations.add_unfinished(outcome.asked.unfinished, "claim-next: " + outcome.asked.ended_by);
  return outcome;
}

}  // namespace baton::load
