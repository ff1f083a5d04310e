#include "load/claims.hpp"

#include <fstream>

#include <fmt/format.h>

#include "base/ids.hpp"
#include "base/text.hpp"
#include "load/board_requests.hpp"
#include "load/ledger.hpp"
#include "load/runner.hpp"

namespace baton::load {
namespace {

// What the phases share.
struct Race {
  const Options& options;
  const std::string& host;
  Ledger ledger;
  ClaimsOutcome outcome;

  // No two attempts of a run have the same name, so a mix-up of tasks is seen too.
  static std::string agent(std::uint64_t task, std::uint64_t claimant) {
    return fmt::format("bench-{}-{}", task, claimant);
  }
  void violated(Violation kind, std::string what) { outcome.violations.add(kind, std::move(what)); }
};

class Create final : public Phase {
 public:
  explicit Create(Race& race) : race_(race) {}
  Job jobs() const override { return race_.options.tasks; }

  void write(Job job, std::string& out) override { append_create(out, race_.host, fmt::format("baton-bench {}", job)); }

  void take(Job, const Answer& answer) override {
    const auto task = task_in(answer.body);
    if (answer.status != 200 || !task || !is_safe_id(task->id)) {
      return race_.violated(Violation::kUnexpectedAnswer, "creating a task: " + shown(answer));
    }
    race_.ledger.add_task(task->id);
  }
  void lost(Job, const std::string& why) override {
    race_.violated(Violation::kLostRequest, "creating a task: " + why);
  }

 private:
  Race& race_;
};

class Claim final : public Phase {
 public:
  explicit Claim(Race& race) : race_(race) {}
  Job jobs() const override { return Job{race_.ledger.tasks()} * race_.options.claimants; }

  void write(Job job, std::string& out) override {
    append_claim(out, race_.host, race_.ledger.id(task_of(job)), Race::agent(task_of(job), claimant_of(job)));
  }

  void take(Job job, const Answer& answer) override {
    if (answer.status == 200) return won(job, answer);
    if (answer.status == 409) {
      ++race_.outcome.refused;
      return;
    }
    race_.ledger.set_unclear(task_of(job));
    race_.violated(Violation::kUnexpectedAnswer, fmt::format("claiming {}: {}", id_of(job), shown(answer)));
  }
  void lost(Job job, const std::string& why) override {
    race_.ledger.set_unclear(task_of(job));
    race_.violated(Violation::kLostRequest, fmt::format("claiming {}: {}", id_of(job), why));
  }

 private:
  std::uint64_t task_of(Job job) const { return job / race_.options.claimants; }
  std::uint32_t claimant_of(Job job) const { return static_cast<std::uint32_t>(job % race_.options.claimants); }
  std::string_view id_of(Job job) const { return race_.ledger.id(task_of(job)); }

  void won(Job job, const Answer& answer) {
    const auto before = race_.ledger.winner(task_of(job));
    if (before != Ledger::kNobody) {
      return race_.violated(Violation::kSeveralWinners,
                            fmt::format("{} was given to claimants {} and {}", id_of(job), before, claimant_of(job)));
    }
    race_.ledger.set_winner(task_of(job), claimant_of(job));
    race_.outcome.won.add(answer.took);
    const auto task = task_in(answer.body);
    if (task && task->id == id_of(job) && task->assignee == Race::agent(task_of(job), claimant_of(job))) return;
    race_.violated(Violation::kUnexpectedAnswer,
                   fmt::format("claiming {}: the answer is not the task of the winner: {}", id_of(job), shown(answer)));
  }

  Race& race_;
};

class ReadBack final : public Phase {
 public:
  explicit ReadBack(Race& race) : race_(race) {}
  Job jobs() const override { return race_.ledger.tasks(); }

  void write(Job job, std::string& out) override { append_read(out, race_.host, race_.ledger.id(job)); }

  void take(Job job, const Answer& answer) override {
    const auto id = race_.ledger.id(job);
    const auto winner = race_.ledger.winner(job);
    if (winner == Ledger::kNobody) {
      if (race_.ledger.is_unclear(job)) return;  // counted when its claim went wrong
      return race_.violated(Violation::kNoWinner, fmt::format("{} was given to nobody", id));
    }
    const auto agent = Race::agent(job, winner);
    const auto task = answer.status == 200 ? task_in(answer.body) : std::nullopt;
    if (task && task->id == id && task->status == "in_progress" && task->assignee == agent) return;
    race_.violated(Violation::kMissingClaim, fmt::format("{} should be with {}: {}", id, agent, shown(answer)));
  }
  void lost(Job job, const std::string& why) override {
    race_.violated(Violation::kLostRequest, fmt::format("reading {}: {}", race_.ledger.id(job), why));
  }

 private:
  Race& race_;
};

// False: the rest makes no sense, or cannot be had.
bool finished(Race& race, const PhaseTimes& times, std::string_view what) {
  race.outcome.violations.add_unfinished(times.unfinished, fmt::format("{}: {}", what, times.ended_by));
  return times.unfinished == 0;
}

// Tasks that are there already: the ids of a file. Those that could not stand in a path are no ids.
void read_ids(Race& race) {
  std::ifstream file(race.options.ids);
  for (std::string id; std::getline(file, id);) {
    if (is_safe_id(id)) {
      race.ledger.add_task(id);
    } else if (!id.empty()) {
      race.violated(Violation::kUnexpectedAnswer, "not the id of a task: " + text::repaired_utf8(text::head(id, 80)));
    }
  }
}

// False: there are no tasks to claim.
bool have_tasks(Race& race, Runner& runner) {
  if (!race.options.ids.empty()) {
    read_ids(race);
    race.outcome.given_tasks = race.ledger.tasks();
    if (race.ledger.tasks() == 0) race.violated(Violation::kUnfinished, "no ids in " + race.options.ids.string());
    return race.outcome.given_tasks > 0;
  }
  Create create(race);
  race.outcome.create = runner.run(create);
  return finished(race, race.outcome.create, "creating tasks") && race.ledger.tasks() == race.options.tasks;
}

}  // namespace

ClaimsOutcome run_claims(const Options& options, const ServerAddress& address,
                         std::chrono::steady_clock::time_point deadline) {
  Race race{.options = options, .host = address.host, .ledger = {}, .outcome = {}};
  Runner runner(address, options.clients, options.pipeline, deadline);
  if (!have_tasks(race, runner)) return std::move(race.outcome);
  Claim claim(race);
  race.outcome.claim = runner.run(claim);
  if (!finished(race, race.outcome.claim, "claiming")) return std::move(race.outcome);
  ReadBack read_back(race);
  race.outcome.read_back = runner.run(read_back);
  finished(race, race.outcome.read_back, "reading back");
  return std::move(race.outcome);
}

}  // namespace baton::load
