// Start-up, each step a reason for the next one:
//   state directory and its lock   nobody else writes here
//   ledger                          what a killed daemon left running is ended, before its tasks can be claimed
//   store, migrations               one writer, one reader
//   recovery                        runs of a dead daemon are closed, their tasks released in one transaction, or
//                                   blocked where something of them cannot be ended
//   plugins                         runtimes are there before anybody can ask for one
//   listeners                       bound before READY, accepting after it would refuse nobody
//   housekeeping                    begins with a rest, so it is nothing that anybody waits for
// Shutdown is the reverse: no new connections, no housekeeping, runs cancelled and settled, answers written, plugins
// ended, store closed.
#include "app/daemon.hpp"

#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/probes.hpp"
#include "api/routes.hpp"
#include "app/collecting.hpp"
#include "app/exit_codes.hpp"
#include "app/settings.hpp"
#include "app/upkeep.hpp"
#include "app/version.hpp"
#include "base/limits.hpp"
#include "base/log.hpp"
#include "board/judgement.hpp"
#include "board/run.hpp"
#include "events/bus.hpp"
#include "executor/await.hpp"
#include "git/git.hpp"
#include "http/server.hpp"
#include "ops/instance_lock.hpp"
#include "ops/state_directory.hpp"
#include "plugin/host.hpp"
#include "process/keeper.hpp"
#include "process/ledger.hpp"
#include "reactor/lag.hpp"
#include "reactor/scope.hpp"
#include "reactor/signals.hpp"
#include "reactor/timer.hpp"
#include "store/backup.hpp"
#include "store/store.hpp"
#include "tools/worktree_tools.hpp"

namespace baton::app {
namespace {

namespace fs = std::filesystem;

constexpr int kSweepWaitMs = 2000;                    // for the ends of left-over processes
constexpr auto kStateLook = std::chrono::seconds(1);  // how soon the loss of the state's files is noticed
constexpr auto kTidyEvery = std::chrono::seconds(1);  // processes that died below a run are reaped
// For git commands that are under way; then they are ended. Runs have five seconds for their end, and the rest is for
// their hand-offs and commits.
constexpr auto kShutdownGrace = std::chrono::seconds(10);

class Daemon {
 public:
  // `ledger` and `keeper` outlive the daemon.
  Daemon(const Config& config, const ops::ServiceManager& manager, process::Ledger& ledger, process::Keeper& keeper)
      : config_(config),
        manager_(manager),
        ledger_(ledger),
        keeper_(keeper),
        facts_{kVersion, config.state.string()},
        plugin_control_{[this] { return plugin::to_json(plugins_.describe()); },
                        [this](const std::string& instance) { return plugin::to_json(plugins_.describe(), instance); },
                        [this](std::string instance, bool on) {
                          return on ? plugins_.enable(std::move(instance)) : plugins_.disable(std::move(instance));
                        }},
        board_settings_{.stale_ttl = config.board.stale_ttl},
        git_(loop_, git_options(config, ledger_)),
        worktrees_(git_, config.state, worktree_settings(config)),
        tools_(loop_, &ledger_),
        plugins_(loop_, clock_, &ledger_, plugin_settings(config, keeper, tools_)),
        busy_(undead()),
        serving_(loop_) {}

  // Opens the store. The reactor is not running yet, so this may block.
  Result<Unit> open_store() {
    if (auto whole = store::no_interrupted_restore(ops::database_in(config_.state)); !whole) return whole;
    auto opened = store::open(ops::database_in(config_.state), clock_, [this] { loop_.post([this] { deliver(); }); });
    if (!opened) return fail(opened);
    store_ = *std::move(opened);
    store_.writer->gather([this] { loop_.post([this] { store_.writer->hand_in(); }); });
    store_.reader->share([this] { loop_.post([this] { store_.reader->let_go(); }); });
    board_.emplace(*store_.writer, *store_.reader);
    const auto last = last_event();
    if (!last) return fail(last.error());
    bus_.emplace(*last);
    streams_.emplace(*board_, *bus_, [this](std::function<void()> action) { loop_.post(std::move(action)); });
    claim_lines_.emplace(loop_, *board_);
    waiters_.emplace(loop_, *board_, *bus_);
    services_.emplace(executor::Services{loop_, clock_, *board_, worktrees_, runtimes_,
                                         [this](verify::GateRequest request) {
                                           request.cell = keeper_.open("gate", request.subject);
                                           return verify::run_gate(loop_, &ledger_, std::move(request));
                                         },
                                         executor_settings(config_), undead()});
    verification_.emplace(*services_);
    workspaces_.emplace(*services_, *verification_, busy_);
    reviews_.emplace(*services_);
    runs_.emplace(*services_, *workspaces_, *verification_, busy_);
    owners_ = bus_->subscribe([this](std::int64_t) { runs_->look_after_owners(); });
    upkeep_.emplace(loop_, *board_, upkeep_settings(config_));
    collector_.emplace(*services_, busy_, collect_rules(config_));
    salvage_.emplace(*services_, busy_, salvage_rules(config_));
    collecting_.emplace(loop_, *collector_, *salvage_, CollectingTimes{.interval = config_.worktrees.gc_interval});
    services_->on_disk_pressure = [this] { collecting_->kick(); };
    return Unit{};
  }

  int run() {
    serving_.spawn(serve());
    loop_.run();
    return exit_code_;
  }

 private:
  // Answers what has been committed, and wakes the event log's readers. A large group is answered in pieces, between
  // which others have their turn; a wake-up that comes meanwhile is answered by the pieces that follow.
  void deliver() {
    if (!delivering_) deliver_piece();
  }
  void deliver_piece() {
    const auto delivered = store_.writer->deliver(limits::kAnswersPerTurn);
    delivering_ = delivered.more;
    if (delivering_) loop_.post([this] { deliver_piece(); });
    bus_->published(delivered.last_event);
  }

  executor::Undead undead() {
    return [this](const TaskId& task) { return keeper_.undead(task.value); };
  }

  board::Undead all_undead() {
    board::Undead all;
    for (const auto& subject : keeper_.undead_subjects()) all[TaskId(subject)] = keeper_.undead(subject).value_or("");
    return all;
  }

  Result<std::int64_t> last_event() {
    return board_->read([](const store::View& view) -> Result<std::int64_t> { return view.events.last_seq(); });
  }

  reactor::Task<> serve() {
    auto started = co_await start();
    if (!started) {
      log::error("{}", started.error().what);
      exit_code_ = started.error().reason == "address" ? kExitUnavailable : kExitState;
    } else {
      upkeep_->start();
      manager_.ready("serving");
      collecting_->start();
      const reactor::Ticker watch(loop_, kStateLook, [this] { look_after_state(); });
      const reactor::Ticker tidy(loop_, kTidyEvery, [this] { keeper_.tidy(); });
      while (!stop_asked_) co_await stop_.wait();
      log::info("stopping");
      manager_.stopping("ending runs");
    }
    co_await shut_down();
    signals_.reset();
    loop_.stop();
  }

  reactor::Task<Result<Unit>> start() {
    const auto script = [undead = all_undead()](store::Tx& tx) { return board::recover_runs(tx, undead); };
    auto recovered = co_await executor::write(loop_, *board_, script);
    if (!recovered) co_return fail(std::move(recovered));
    for (const auto& run : *recovered) {
      log::warn("recovered: run {} of task {} died with the last daemon{}", run.execution_id.value, run.task_id.value,
                run.released ? ", the task is free again" : "");
    }
    const auto judged = [undead = all_undead()](store::Tx& tx) { return board::recover_judgements(tx, undead); };
    auto unjudged = co_await executor::write(loop_, *board_, judged);
    if (!unjudged) co_return fail(std::move(unjudged));
    for (const auto& task : *unjudged) {
      log::warn("recovered: task {} was being judged when the last daemon ended, it goes back to work", task.value);
    }
    co_await worktrees_.sweep_reviews();
    plugins_.contain();
    plugins_.on_change([this] { offer_runtimes(); });
    co_await plugins_.load();
    offer_runtimes();
    add_routes();
    co_return listen();
  }

  // In the order of the configuration, whichever came last.
  void offer_runtimes() {
    const auto before = runtimes_.all();
    for (const auto* runtime : before) runtimes_.remove(*runtime);
    for (auto* runtime : plugins_.runtimes()) runtimes_.add(*runtime);
    runtimes_.set_absent(plugins_.absent());
  }

  void add_routes() {
    router_.add(api::task_list_routes(*board_));
    router_.add(api::task_routes(*board_, board_settings_, task_answers_));
    router_.add(api::task_edit_routes(*board_, board_settings_, undead()));
    router_.add(api::claim_routes(*board_, board_settings_, *claim_lines_, *waiters_));
    router_.add(api::owner_routes(*board_, board_settings_));
    router_.add(api::comment_routes(*board_));
    router_.add(api::execution_routes(*board_));
    router_.add(api::dependency_routes(*board_));
    router_.add(api::room_routes(*board_));
    router_.add(api::workspace_routes(*workspaces_, *runs_));
    router_.add(api::salvage_routes(*collector_, *salvage_));
    router_.add(api::review_routes(*reviews_));
    router_.add(api::runtime_routes(runtimes_, *runs_));
    router_.add(api::plugin_routes(plugin_control_));
    router_.add(api::event_routes(*board_, *streams_));
    router_.add(api::schema_routes());
    router_.add(api::service_routes(facts_, router_, *runs_, *waiters_));
    router_.add(api::probe_routes([this](std::chrono::milliseconds duration, reactor::LagMeter::Done done) {
      return lag_.measure(duration, std::move(done));
    }));
  }

  // Says where it listens when it does so everywhere: whoever waits for the first line may use the last address.
  Result<Unit> listen() {
    server_.emplace(loop_, router_, server_options(config_));
    std::vector<std::string> places;
    for (const auto& address : config_.listen) {
      const auto chosen = server_->listen_tcp(address);
      if (!chosen) return fail(Errc::kIo, chosen.error().what, "address");
      places.push_back("http://" + *chosen);
    }
    if (auto bound = server_->listen_unix(config_.socket); !bound)
      return fail(Errc::kIo, bound.error().what, "address");
    places.push_back("unix:" + config_.socket.string());
    server_->start();
    for (const auto& place : places) log::info("listening on {}", place);
    return Unit{};
  }

  reactor::Task<> shut_down() {
    if (server_) server_->stop_listening();
    waiters_->stop();
    workspaces_->stop();
    const reactor::Deadline impatient(loop_, kShutdownGrace, [this] { git_.cancel_all(); });
    collector_->stop();  // nothing further; what it is at must not make the runs wait
    salvage_->stop();
    co_await upkeep_->stop();
    co_await runs_->shut_down();
    co_await collecting_->stop();
    lag_.stop();
    if (server_) co_await server_->closed();
    streams_.reset();
    owners_.end();
    co_await plugins_.shut_down();
  }

  // Without its files nothing that is said here lasts: whoever starts the daemon again sees what is left of them.
  void look_after_state() {
    const auto there = store_.files.check();
    if (there || stop_asked_) return;
    log::error("{}; ending", there.error().what);
    exit_code_ = kExitState;
    stop_asked_ = true;
    stop_.notify_all();
  }

  void on_signal(int number) {
    if (number == SIGHUP) return log::info("HUP: the configuration is read at the start only");
    if (stop_asked_) {
      log::warn("signal {} again: not waiting for git", number);
      git_.cancel_all();
    }
    stop_asked_ = true;
    stop_.notify_all();
  }

  const Config& config_;
  const ops::ServiceManager& manager_;
  const SystemClock clock_;
  process::Ledger& ledger_;
  process::Keeper& keeper_;
  const api::ServiceFacts facts_;
  const api::PluginControl plugin_control_;
  const api::BoardSettings board_settings_;
  reactor::Loop loop_;
  reactor::LagMeter lag_{loop_};
  reactor::Event stop_{loop_};
  bool stop_asked_ = false;
  int exit_code_ = kExitOk;
  std::optional<reactor::Signals> signals_{std::in_place, loop_, std::initializer_list<int>{SIGTERM, SIGINT, SIGHUP},
                                           [this](int number) { on_signal(number); }};
  store::Opened store_;
  bool delivering_ = false;  // a further piece of answers is posted
  std::optional<board::Board> board_;
  std::optional<events::Bus> bus_;
  std::optional<api::EventStreams> streams_;
  api::TaskAnswers task_answers_;
  std::optional<api::ClaimLines> claim_lines_;
  std::optional<api::Waiters> waiters_;
  git::Git git_;
  worktree::Worktrees worktrees_;
  runtime::Registry runtimes_;
  tools::WorktreeTools tools_;
  plugin::Host plugins_;
  executor::BusyTasks busy_;
  std::optional<executor::Services> services_;
  std::optional<executor::Verification> verification_;
  std::optional<executor::Workspaces> workspaces_;
  std::optional<executor::Reviews> reviews_;
  std::optional<executor::Runs> runs_;
  events::Bus::Subscription owners_;  // of the tasks that runs work on
  std::optional<Upkeep> upkeep_;
  std::optional<executor::Collector> collector_;
  std::optional<executor::Salvage> salvage_;
  std::optional<Collecting> collecting_;
  http::Router router_;
  std::optional<http::Server> server_;
  reactor::Scope serving_;
};

int failed(const Error& error) {
  log::error("{}", error.what);
  if (error.reason == "config") return kExitConfig;
  return error.reason == "already_running" ? kExitRunning : kExitState;
}

// Control groups first: they hold everything, also what the ledger does not name.
std::vector<process::Ledger::Entry> sweep(process::Ledger& ledger, const process::CgroupSubtree* groups) {
  std::vector<process::Ledger::Entry> left;
  if (groups != nullptr) left = groups->sweep(kSweepWaitMs);
  auto swept = ledger.sweep(kSweepWaitMs);
  for (const auto& entry : swept.found) {
    log::warn("the last daemon left a process, it is being ended: {} ({})", entry.pid, entry.label);
  }
  left.insert(left.begin(), swept.left.begin(), swept.left.end());
  for (const auto& entry : left) log::error("a left-over cannot be ended: {} ({})", entry.pid, entry.label);
  return left;
}

}  // namespace

int run_daemon(const Config& config, const ops::ServiceManager& manager) {
  if (auto made = ops::make_state_directory(config.state); !made) return failed(made.error());
  const auto lock = ops::InstanceLock::take(config.state);
  if (!lock) return failed(lock.error());
  auto ledger = process::Ledger::open(config.state / "processes.ledger");
  if (!ledger) return failed(ledger.error());
  auto groups = process::CgroupSubtree::open(cgroup_settings(config));
  if (!groups) return failed(groups.error());
  const auto left = sweep(*ledger, *groups ? &**groups : nullptr);
  process::Keeper keeper(*ledger, *std::move(groups));
  keeper.keep_in_mind(left);
  std::error_code ignored;
  fs::remove_all(config.state / "scratch",
                 ignored);  // of runs that a killed daemon left; nothing runs in them any more
  int code = kExitOk;
  {
    Daemon daemon(config, manager, *ledger, keeper);
    if (auto opened = daemon.open_store(); !opened) return failed(opened.error());
    code = daemon.run();
  }
  keeper.end_all(kSweepWaitMs);
  return code;
}

}  // namespace baton::app
