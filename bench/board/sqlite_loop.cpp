// The yardstick of claims: what SQLite alone does, in a loop, on one thread, without HTTP.
//
// Tasks are made as the daemon makes them; then each is claimed with the same guarded UPDATE and the same event,
// `--group` of them per transaction, with every commit flushed (WAL, synchronous=FULL). No savepoints, no rules, no
// answers: this is what the file format allows, not what a server could do.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "bench/board/database.hpp"
#include "board/create.hpp"
#include "board/event_log.hpp"

namespace baton::bench {
namespace {

struct Options {
  std::filesystem::path file;
  std::uint64_t tasks = 10'000;
  std::uint64_t claims = 10'000;  // of these tasks
  std::uint64_t group = 1;
};

std::vector<TaskId> create(Database& database, std::uint64_t tasks) {
  constexpr std::uint64_t kGroup = 64;  // as 64 clients of the daemon would do it
  std::vector<TaskId> ids;
  database.transact_in_groups(tasks, kGroup, [&](store::Tx& tx, std::uint64_t i) {
    ids.push_back(must(board::create_task(tx, {.title = fmt::format("baton-bench {}", i)})).id);
  });
  return ids;
}

void claim(store::Tx& tx, const TaskId& id, std::uint64_t number) {
  const auto task = tx.tasks.claim({id, fmt::format("bench-{}-0", number), std::nullopt, tx.now_ms});
  if (!task) must(Result<Unit>(fail(Errc::kConflict, "a task that nobody else knows was taken")));
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
  Database database(options.file);
  const auto ids = create(database, options.tasks);
  const auto claims = std::min(options.claims, options.tasks);
  const auto begun = std::chrono::steady_clock::now();
  database.transact_in_groups(claims, options.group, [&](store::Tx& tx, std::uint64_t i) { claim(tx, ids[i], i); });
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
  fmt::print(R"({{"tasks":{},"claims":{},"group":{},"seconds":{:.6f},"claimsPerSecond":{:.1f}}})"
             "\n",
             options.tasks, claims, options.group, took.count(), static_cast<double>(claims) / took.count());
}

int main_of(int argc, char** argv) {
  Options options;
  CLI::App cli("Claims tasks in a plain SQLite loop, without a server.", "baton-bench-sqlite");
  cli.add_option("file", options.file, "The database file, which must not be there yet")
      ->required()
      ->check(CLI::NonexistentPath);
  cli.add_option("--tasks", options.tasks, "Tasks on the board")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  cli.add_option("--claims", options.claims, "How many of them are claimed")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
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
