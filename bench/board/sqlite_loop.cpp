// The yardstick of claims: what SQLite alone does, in a loop, on one thread, without HTTP.
//
// Works on a board that baton-bench-fill made. Each task of the list is claimed with the daemon's guarded UPDATE and
// its event, `--group` of them per transaction, with every commit flushed (WAL, synchronous=FULL). No savepoints, no
// rules, no answers: this is what the file format allows, not what a server could do.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "bench/board/database.hpp"
#include "board/event_log.hpp"

namespace baton::bench {
namespace {

struct Options {
  std::filesystem::path file;
  std::filesystem::path ids;
  std::uint64_t claims = 10'000'000;
  std::uint64_t group = 1;
};

std::vector<TaskId> read_ids(const Options& options) {
  std::ifstream in(options.ids);
  std::vector<TaskId> ids;
  for (std::string id; ids.size() < options.claims && std::getline(in, id);) ids.emplace_back(id);
  if (ids.empty()) must(Result<Unit>(fail(Errc::kInvalid, "there are no ids in " + options.ids.string())));
  return ids;
}

void claim(store::Tx& tx, const TaskId& id, std::uint64_t number) {
  const auto task = tx.tasks.claim({id, fmt::format("bench-{}-0", number), std::nullopt, tx.now_ms});
  if (!task) must(Result<Unit>(fail(Errc::kConflict, "task " + id.value + " is not free")));
  store::Event event;
  event.id = tx.ids.next();
  event.ts = tx.now_ms;
  event.kind = board::event::kTaskClaimed;
  event.task_id = task->id;
  event.agent_id = task->assignee_agent_id;
  event.data = fmt::format(R"({{"assigneeAgentId":"{}","assigneeRuntime":null,"fence":{}}})", *task->assignee_agent_id,
                           task->fence);
  tx.events.append(event);
}

void run(const Options& options) {
  const auto ids = read_ids(options);
  Database database(options.file);
  const auto begun = std::chrono::steady_clock::now();
  database.transact_in_groups(ids.size(), options.group, [&](store::Tx& tx, std::uint64_t i) { claim(tx, ids[i], i); });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  fmt::print(R"({{"claims":{},"group":{},"seconds":{:.6f},"claimsPerSecond":{:.1f}}})"
             "\n",
             ids.size(), options.group, took.count(), static_cast<double>(ids.size()) / took.count());
}

int main_of(int argc, char** argv) {
  Options options;
  CLI::App cli("Claims tasks in a plain SQLite loop, without a server.", "baton-bench-sqlite");
  cli.add_option("file", options.file, "The database file, while no daemon has it open")
      ->required()
      ->check(CLI::ExistingFile);
  cli.add_option("--ids", options.ids, "The tasks to claim: a file with the id of a free one in each line")
      ->required()
      ->check(CLI::ExistingFile);
  cli.add_option("--claims", options.claims, "At most so many of them")->check(CLI::Range(1, 10'000'000));
  cli.add_option("--group", options.group, "Claims per transaction")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  CLI11_PARSE(cli, argc, argv);
  run(options);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace baton::bench

int main(int argc, char** argv) { return baton::bench::main_of(argc, argv); }
