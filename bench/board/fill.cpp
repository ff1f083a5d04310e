// Makes large boards fast, in the file and without the daemon: `board` one of many tasks, `orphans` the runs that a
// daemon leaves which dies.
//
// Every second task is ready and the others are done, in 16 teams and three priorities, spread evenly. With edges
// nothing is done: each task of the second half waits for some earlier ones, and only the first half is ready. The same
// numbers give the same board, but for ids and times.
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "bench/board/database.hpp"
#include "board/event_log.hpp"
#include "board/run.hpp"

namespace baton::bench {
namespace {

constexpr std::uint64_t kGroup = 5'000;  // tasks per transaction: flushes no longer matter
constexpr std::uint64_t kReadyOneIn = 2;
constexpr std::uint64_t kTeams = 16;

struct Options {
  std::filesystem::path file;
  std::uint64_t tasks = 10'000;
  std::uint64_t edges = 0;
  std::uint64_t sample = 0;
  std::filesystem::path ids;
  std::uint64_t count = 1'000;  // of orphans
};

// What `tasks` waits for: earlier ones, by number. Empty for a board without edges.
using Blockers = std::vector<std::vector<std::uint32_t>>;

Blockers draw_blockers(const Options& options, std::mt19937_64& random) {
  Blockers blockers(options.edges > 0 ? options.tasks : 0);
  const auto free = options.tasks / kReadyOneIn;
  for (std::uint64_t edge = 0; edge < options.edges; ++edge) {
    const auto waiting = free + edge % (options.tasks - free);
    auto& of = blockers[waiting];
    std::uint32_t blocker = 0;
    do {
      blocker = static_cast<std::uint32_t>(random() % waiting);
    } while (std::ranges::find(of, blocker) != of.end());
    of.push_back(blocker);
  }
  return blockers;
}

bool is_ready(const Options& options, std::uint64_t number) {
  return options.edges > 0 ? number < options.tasks / kReadyOneIn : number % kReadyOneIn == 0;
}

store::Task task_of(store::Tx& tx, const Options& options, const Blockers& blockers, std::uint64_t number) {
  store::Task task;
  task.id = TaskId(tx.ids.next());
  task.title = fmt::format("task {} of a large board", number);
  task.team_id = fmt::format("team-{}", number % kTeams);
  task.priority = static_cast<std::int64_t>(number % 3);
  task.created_at = task.updated_at = tx.now_ms;
  task.unmet_blockers = blockers.empty() ? 0 : static_cast<std::int64_t>(blockers[number].size());
  if (blockers.empty() && !is_ready(options, number)) {
    task.status = store::TaskStatus::kDone;
    task.assignee_agent_id = "somebody";
    task.fence = 1;
    task.completed_at = tx.now_ms;
  }
  return task;
}

std::vector<TaskId> insert_tasks(Database& database, const Options& options, const Blockers& blockers) {
  std::vector<TaskId> ids;
  ids.reserve(options.tasks);
  database.transact_in_groups(options.tasks, kGroup, [&](store::Tx& tx, std::uint64_t number) {
    const auto task = task_of(tx, options, blockers, number);
    tx.tasks.insert(task);
    board::append_event(tx, task, board::event::kTaskCreated, {},
                        [&](json::Writer& json) { json.field("title", task.title); });
    ids.push_back(task.id);
  });
  return ids;
}

void insert_edges(Database& database, const Blockers& blockers, const std::vector<TaskId>& ids) {
  database.transact_in_groups(blockers.size(), kGroup, [&](store::Tx& tx, std::uint64_t number) {
    for (const auto blocker : blockers[number]) tx.dependencies.insert(ids[number], ids[blocker]);
  });
}

// Different ready tasks, one id per line: the board's clients know no order, so there is none.
void write_sample(const Options& options, const std::vector<TaskId>& ids, std::mt19937_64& random) {
  std::vector<std::uint64_t> ready;
  for (std::uint64_t number = 0; number < ids.size(); ++number) {
    if (is_ready(options, number)) ready.push_back(number);
  }
  std::ranges::shuffle(ready, random);
  std::ofstream out(options.ids);
  for (std::uint64_t i = 0; i < std::min<std::uint64_t>(options.sample, ready.size()); ++i) {
    out << ids[ready[i]].value << '\n';
  }
  if (!out.flush()) must(Result<Unit>(fail(Errc::kIo, "cannot write " + options.ids.string())));
}

int fill_board(const Options& options) {
  const auto waiting = options.tasks - options.tasks / kReadyOneIn;
  if (options.edges > 0 && (options.tasks < 100 || options.edges > waiting * 8)) {
    fmt::print(stderr, "baton-bench-fill: edges need 100 tasks and at most 8 each\n");
    return 64;
  }
  std::mt19937_64 random(1);
  const auto blockers = draw_blockers(options, random);
  Database database(options.file);
  const auto ids = insert_tasks(database, options, blockers);
  insert_edges(database, blockers, ids);
  if (!options.ids.empty()) write_sample(options, ids, random);
  return EXIT_SUCCESS;
}

std::vector<TaskId> claimable(Database& database, std::uint64_t count) {
  std::vector<TaskId> ids;
  database.transact([&](store::Tx& tx) {
    store::TaskFilter ready;
    ready.ready = true;
    for (const auto& task : tx.tasks.list(ready, std::nullopt, count).tasks) ids.push_back(task.id);
  });
  return ids;
}

// Runs that began and never ended. The file is left as by a power cut: its log is not written back.
int leave_orphans(const Options& options) {
  Database database(options.file);
  const auto ids = claimable(database, options.count);
  if (ids.size() < options.count) {
    fmt::print(stderr, "baton-bench-fill: only {} tasks are ready\n", ids.size());
    return EXIT_FAILURE;
  }
  constexpr std::uint64_t kRunsAtOnce = 64;
  database.transact_in_groups(ids.size(), kRunsAtOnce, [&](store::Tx& tx, std::uint64_t i) {
    must(board::begin_run(tx, {.task_id = ids[i], .agent_id = "agent", .runtime_id = "bench", .reason = "run"}));
  });
  std::fflush(nullptr);
  ::_exit(EXIT_SUCCESS);
}

int main_of(int argc, char** argv) {
  Options options;
  CLI::App cli("Makes boards to measure, in the database file, while no daemon has it open.", "baton-bench-fill");
  cli.require_subcommand(1);
  auto* board = cli.add_subcommand("board", "A new board of many tasks");
  board->add_option("file", options.file, "The database file")->required()->check(CLI::NonexistentPath);
  board->add_option("--tasks", options.tasks)->check(CLI::Range(5, 10'000'000))->capture_default_str();
  board->add_option("--edges", options.edges, "Dependencies")->check(CLI::Range(0, 20'000'000))->capture_default_str();
  board->add_option("--sample", options.sample, "How many ids of ready tasks go to --ids")
      ->check(CLI::Range(0, 1'000'000));
  board->add_option("--ids", options.ids, "Where they go");
  auto* orphans = cli.add_subcommand("orphans", "Runs without a daemon, on a board that is there");
  orphans->add_option("file", options.file, "The database file")->required()->check(CLI::ExistingFile);
  orphans->add_option("--count", options.count)->check(CLI::Range(1, 1'000'000))->capture_default_str();
  CLI11_PARSE(cli, argc, argv);
  return board->parsed() ? fill_board(options) : leave_orphans(options);
}

}  // namespace
}  // namespace baton::bench

int main(int argc, char** argv) { return baton::bench::main_of(argc, argv); }
