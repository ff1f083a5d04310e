#include "load/repeat.hpp"

#include <string>

#include <fmt/format.h>

#include "load/board_requests.hpp"
#include "load/runner.hpp"

namespace baton::load {
namespace {

class Repeat final : public Phase {
 public:
  Repeat(const Options& options, const std::string& host, Violations& violations)
      : options_(options), violations_(violations) {
    append_request(request_, host, options.path, options.body);
  }

  Job jobs() const override { return options_.requests; }
  void write(Job, std::string& out) override { out += request_; }

  void take(Job, const Answer& answer) override {
    if (answer.status == options_.expected) return;
    violations_.add(Violation::kUnexpectedAnswer, fmt::format("{}: {}", options_.path, shown(answer)));
  }
  void lost(Job, const std::string& why) override {
    violations_.add(Violation::kLostRequest, fmt::format("{}: {}", options_.path, why));
  }

 private:
  const Options& options_;
  Violations& violations_;
  std::string request_;
};

}  // namespace

RepeatOutcome run_repeat(const Options& options, const ServerAddress& address,
                         std::chrono::steady_clock::time_point deadline) {
  RepeatOutcome outcome;
  Runner runner(address, options.clients, options.pipeline, deadline);
  Repeat phase(options, address.host, outcome.violations);
  outcome.times = runner.run(phase);
  outcome.violations.add_unfinished(outcome.times.unfinished, options.path + ": " + outcome.times.ended_by);
  return outcome;
}

}  // namespace baton::load
