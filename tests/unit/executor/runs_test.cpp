#include "executor/runs.hpp"

#include <algorithm>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/limits.hpp"
#include "handoff/files.hpp"
#include "reactor/timer.hpp"
#include "tests/unit/executor/workshop.hpp"

namespace baton::executor {
namespace {

using store::ExecutionStatus;
using store::TaskStatus;
using test::success;
using test::Workshop;
using testing::HasSubstr;

constexpr auto kNoGate = R"([gate]
verify = "true"
)";

// A runtime that writes one file and says so.
auto writes(const std::string& file, const std::string& summary) {
  return [=](const runtime::Request& request, runtime::Listener&) -> std::optional<runtime::Outcome> {
    test::write_file(std::filesystem::path(request.cwd) / file, "made by a run\n");
    return success(summary);
  };
}

auto never_ends() {
  return [](const runtime::Request&, runtime::Listener&) -> std::optional<runtime::Outcome> { return std::nullopt; };
}

TEST(Runs, OneStopsAndAnotherPicksItUpCold) {
  Workshop shop;
  shop.commit(".baton.toml", kNoGate);
  const auto task = shop.create("two halves");
  shop.runtime("first", writes("one.txt", "one.txt is there, two.txt is missing"));
  auto& second = shop.runtime("second", writes("two.txt", "two.txt is there"));

  auto half = shop.request("first", task.id);
  half.keep_for_resume = true;
  const auto paused = shop.run(half);
  ASSERT_TRUE(paused) << paused.error().what;
  EXPECT_EQ(paused->task_status, TaskStatus::kTodo);
  const auto view = shop.workspaces().view(task.id);
  ASSERT_TRUE(view);
  ASSERT_TRUE(view->handoff);
  EXPECT_EQ(view->handoff->handoff_from, "first-agent");
  EXPECT_EQ(view->handoff->next_best_step, "one.txt is there, two.txt is missing");

  auto rest = shop.request("second", task.id);
  rest.repo_path.clear();  // the task's workspace remembers it
  const auto finished = shop.run(rest);
  ASSERT_TRUE(finished) << finished.error().what;
  EXPECT_EQ(finished->task_status, TaskStatus::kDone);
  ASSERT_EQ(second.requests().size(), 1U);
  EXPECT_THAT(second.requests()[0].prompt_context, HasSubstr("two.txt is missing"));
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(second.requests()[0].cwd) / "one.txt"));
  EXPECT_THAT(shop.task(task.id).verification.value_or(""), HasSubstr(R"("status":"pass")"));
  EXPECT_EQ(shop.executions(task.id).size(), 2U);
}

TEST(Runs, NothingChangedIsDoneAndLeavesNothing) {
  Workshop shop;
  const auto task = shop.create("look only");
  auto& idle = shop.runtime("idle", [](const auto&, auto&) { return std::optional(success("nothing to do")); });
  const auto report = shop.run(shop.request("idle", task.id));
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->task_status, TaskStatus::kDone);
  EXPECT_FALSE(std::filesystem::exists(idle.requests()[0].cwd));
  EXPECT_EQ(shop.task(task.id).worktree_ref, std::nullopt);
  shop.shell("! git rev-parse -q --verify clawboo/task-" + task.id.value);
}

TEST(Runs, ARedGateAsksForAFixOnceAndThenBlocks) {
  Workshop shop;
  shop.commit(".baton.toml", "[gate]\nverify = \"echo reasons >&2; false\"\n");
  const auto task = shop.create("cannot pass");
  auto& stubborn = shop.runtime("stubborn", writes("wrong.txt", "looks fine to me"));
  const auto report = shop.run(shop.request("stubborn", task.id));
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->task_status, TaskStatus::kBlocked);
  ASSERT_EQ(stubborn.requests().size(), 2U);
  EXPECT_THAT(stubborn.requests()[1].prompt_context, HasSubstr("reasons"));
  const auto rows = shop.executions(task.id);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].run_reason, "verify-fix");
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(stubborn.requests()[0].cwd) / "wrong.txt"))
      << "work is kept";
}

TEST(Runs, FixCyclesEndAfterMoreThanTheVerdictKeeps) {
  Settings settings;
  settings.max_fix_cycles = limits::kVerdictAttempts + 2;
  Workshop shop(settings);
  shop.commit(".baton.toml", "[gate]\nverify = \"false\"\n");
  const auto task = shop.create("never passes");
  auto& stubborn = shop.runtime("stubborn", writes("wrong.txt", "done"));
  EXPECT_EQ(shop.run(shop.request("stubborn", task.id))->task_status, TaskStatus::kBlocked);
  EXPECT_EQ(stubborn.requests().size(), limits::kVerdictAttempts + 3);
}

TEST(Runs, AHandoffThatCannotBeReadIsNotLost) {
  Workshop shop;
  const auto task = shop.create("means well");
  shop.runtime("sloppy", [](const runtime::Request& request, auto&) {
    test::write_file(std::filesystem::path(request.cwd) / "AGENT_HANDOFF.json", R"({"nextBestStep":"mind the gap"})");
    return std::optional(success("half"));
  });
  auto request = shop.request("sloppy", task.id);
  request.keep_for_resume = true;
  ASSERT_TRUE(shop.run(request));
  const auto view = shop.workspaces().view(task.id);
  ASSERT_TRUE(view->handoff);
  EXPECT_THAT(view->handoff->warnings, testing::Contains(HasSubstr("mind the gap")));
}

TEST(Runs, ANoisyRuntimeIsHeldBack) {
  Workshop shop;
  const auto task = shop.create("talks much");
  auto& noisy = shop.runtime("noisy", [](const runtime::Request&, runtime::Listener& listener) {
    for (int i = 0; i < 300; ++i) listener.on_event(runtime::ToolCallEvent{"1", "shell", "{}"});
    return std::optional<runtime::Outcome>();
  });
  noisy.end_when([&] { return noisy.held() == 1 && !noisy.is_held(); }, success("let go again"));
  const auto report = shop.run(shop.request("noisy", task.id));
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->summary, "let go again");
}

TEST(Runs, ALateRunLeavesTheTreeAlone) {
  Workshop shop;
  const auto task = shop.create("changes hands");
  auto& slow = shop.runtime("slow", [&](const runtime::Request&, auto&) -> std::optional<runtime::Outcome> {
    const board::TaskEdit release{.task_id = task.id, .status = TaskStatus::kTodo};
    shop.board().write([release](store::Tx& tx) { return board::edit_task(tx, release); },
                       [](const Result<store::Task>&) {});
    return std::nullopt;
  });
  slow.end_when([&] { return shop.task(task.id).status == TaskStatus::kTodo; }, success("too late"));
  const auto report = shop.run(shop.request("slow", task.id));
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->task_status, TaskStatus::kTodo);
  EXPECT_TRUE(std::filesystem::exists(slow.requests()[0].cwd)) << "an empty diff must not take the tree away";
  EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(slow.requests()[0].cwd) / "AGENT_HANDOFF.json"));
}

TEST(Runs, TheUsersOwnFilesAreNotWrittenTo) {
  Workshop shop;
  shop.commit("VERIFICATION.md", "the user's own notes\n");
  shop.commit(".baton.toml", kNoGate);
  const auto task = shop.create("own file");
  auto& writer = shop.runtime("writer", writes("new.txt", "wrote it"));
  EXPECT_EQ(shop.run(shop.request("writer", task.id))->task_status, TaskStatus::kDone);
  EXPECT_EQ(test::read_file(std::filesystem::path(writer.requests()[0].cwd) / "VERIFICATION.md"),
            "the user's own notes\n");
}

TEST(Runs, TheHandoffTellsOfTheLastAttempt) {
  Workshop shop;
  shop.commit(".baton.toml", "[gate]\nverify = \"test -f second.txt\"\n");
  const auto task = shop.create("needs two attempts");
  int attempt = 0;
  shop.runtime("slow", [&attempt](const runtime::Request& request, auto&) {
    const std::string name = ++attempt == 1 ? "first.txt" : "second.txt";
    test::write_file(std::filesystem::path(request.cwd) / name, "work");
    return std::optional(success("wrote " + name));
  });
  const auto report = shop.run(shop.request("slow", task.id));
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->task_status, TaskStatus::kDone);
  EXPECT_THAT(shop.workspaces().view(task.id)->handoff->completed_subtasks, testing::ElementsAre("wrote second.txt"));
}

TEST(Runs, TheJudgedRuntimeCannotChooseItsGate) {
  Workshop shop;
  shop.commit(".baton.toml", "[gate]\nverify = \"false\"\n");
  const auto task = shop.create("cheat");
  shop.runtime("cheat", [](const runtime::Request& request, auto&) {
    const std::filesystem::path cwd = request.cwd;
    test::write_file(cwd / ".baton.toml", kNoGate);
    test::write_file(cwd / "init.sh", "VERIFY_CMD='true'\n");
    return std::optional(success("trust me"));
  });
  EXPECT_EQ(shop.run(shop.request("cheat", task.id))->task_status, TaskStatus::kBlocked);
}

TEST(Runs, WorkThatNothingJudgesWaitsForAPerson) {
  Workshop shop;
  const auto task = shop.create("no gate");
  shop.runtime("writer", writes("new.txt", "wrote it"));
  const auto report = shop.run(shop.request("writer", task.id));
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->task_status, TaskStatus::kInReview);
  EXPECT_EQ(shop.task(task.id).verification, std::nullopt);
}

TEST(Runs, AFailureReleasesTheTaskAndKeepsTheWork) {
  Workshop shop;
  const auto task = shop.create("breaks");
  auto& broken = shop.runtime("broken", [](const runtime::Request& request, auto&) {
    test::write_file(std::filesystem::path(request.cwd) / "half.txt", "half");
    return std::optional(runtime::Outcome{
        .end = runtime::EndKind::kFailed, .error_class = runtime::ErrorClass::kCrashed, .detail = "exit status 3"});
  });
  const auto report = shop.run(shop.request("broken", task.id));
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->done_reason, "error");
  EXPECT_EQ(report->task_status, TaskStatus::kTodo);
  EXPECT_EQ(shop.executions(task.id)[0].status, ExecutionStatus::kFailed);
  EXPECT_THAT(shop.executions(task.id)[0].error.value_or(""), HasSubstr("exit status 3"));
  EXPECT_TRUE(std::filesystem::exists(std::filesystem::path(broken.requests()[0].cwd) / "half.txt"));
}

TEST(Runs, ASilentOneIsEnded) {
  Settings settings;
  settings.silence = std::chrono::milliseconds(40);
  Workshop shop(settings);
  const auto task = shop.create("hangs");
  auto& silent = shop.runtime("silent", never_ends());
  const auto report = shop.run(shop.request("silent", task.id));
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_EQ(report->done_reason, "error");
  EXPECT_EQ(report->task_status, TaskStatus::kTodo);
  EXPECT_EQ(shop.executions(task.id)[0].status, ExecutionStatus::kTimedOut);
  EXPECT_THAT(report->summary, HasSubstr("no sign of life"));
  EXPECT_EQ(silent.cancelled(), 1U);
}

TEST(Runs, RefusalsChangeNothing) {
  Workshop shop;
  const auto task = shop.create("refused");
  auto& runtime = shop.runtime("fine", writes("x", "y"));
  auto no_repository = shop.request("fine", task.id);
  no_repository.repo_path = "/nowhere/at/all";
  EXPECT_EQ(shop.run(no_repository).error().code, Errc::kUnprocessable);
  auto no_path = shop.request("fine", task.id);
  no_path.repo_path.clear();
  EXPECT_EQ(shop.run(no_path).error().reason, "workspace_unavailable");
  EXPECT_EQ(shop.run(shop.request("nobody", task.id)).error().reason, "unknown_runtime");
  EXPECT_EQ(shop.run(shop.request("fine", TaskId("nothing"))).error().reason, "not_found");
  runtime.change_capabilities().integration = runtime::Integration::kConnectedService;
  EXPECT_EQ(shop.run(shop.request("fine", task.id)).error().reason, "connected_substrate");
  EXPECT_EQ(shop.task(task.id).updated_at, task.updated_at);
  EXPECT_TRUE(shop.executions(task.id).empty());
  EXPECT_TRUE(runtime.requests().empty());
}

TEST(Runs, ResearchGetsAnEmptyDirectoryThatGoesAgain) {
  Workshop shop;
  const auto task = shop.create("read");
  auto& reader = shop.runtime("reader", [](const runtime::Request& request, auto&) {
    EXPECT_TRUE(std::filesystem::is_empty(request.cwd));
    return std::optional(success("found out"));
  });
  auto request = shop.request("reader", task.id);
  request.kind = "research";
  request.repo_path.clear();
  const auto report = shop.run(request);
  ASSERT_TRUE(report) << report.error().what;
  EXPECT_FALSE(report->used_worktree);
  EXPECT_EQ(report->task_status, TaskStatus::kDone);
  EXPECT_FALSE(std::filesystem::exists(reader.requests()[0].cwd));
}

TEST(Runs, TheKindIsTheTasksOwnUnlessOneIsAsked) {
  Workshop shop;
  shop.runtime("reader", [](const auto&, auto&) { return std::optional(success("read")); });
  for (const auto& [kind, asked, in_worktree] :
       {std::tuple("research", "", false), std::tuple("research", "code", true), std::tuple("code", "", true),
        std::tuple("code", "research", false)}) {
    auto request = shop.request("reader", shop.create("t", {.kind = kind}).id);
    request.kind = asked;
    const auto report = shop.run(request);
    ASSERT_TRUE(report) << report.error().what;
    EXPECT_EQ(report->used_worktree, in_worktree) << kind << ", asked for " << asked;
  }
}

class RunsOnce : public testing::Test {
 protected:
  RunRequest request(const std::string& asked = "asked") {
    auto request = shop.request("reader", task.id);
    request.kind = "research";
    request.once = RunOnce{{.key = "k", .request = asked}, [](const RunReport& report) { return report.summary; }};
    return request;
  }
  Result<RunAnswer> run(RunRequest request) { return shop.await(shop.runs().run_once(std::move(request))); }

  Workshop shop;
  store::Task task = shop.create("t");
  test::ScriptedRuntime& reader =
      shop.runtime("reader", [](const auto&, auto&) { return std::optional(success("read it")); });
};

TEST_F(RunsOnce, ARepeatGetsTheAnswerThatWasKept) {
  const auto first = run(request());
  ASSERT_TRUE(first) << first.error().what;
  EXPECT_EQ(first->text, "read it");
  EXPECT_FALSE(first->replayed);
  const auto again = run(request());
  ASSERT_TRUE(again) << again.error().what;
  EXPECT_EQ(again->text, "read it");
  EXPECT_TRUE(again->replayed);
  EXPECT_EQ(reader.requests().size(), 1U);
}

TEST_F(RunsOnce, WhoAsksMeanwhileWaitsForTheSameEnd) {
  std::vector<RunAnswer> answers;
  reactor::Scope scope(shop.loop());
  const auto ask = [](Runs& runs, RunRequest wanted, std::vector<RunAnswer>& into) -> reactor::Task<> {
    auto answer = co_await runs.run_once(std::move(wanted));
    if (answer) into.push_back(*std::move(answer));
  };
  for (int i = 0; i < 3; ++i) scope.spawn(ask(shop.runs(), request(), answers));
  ASSERT_TRUE(test::run_until(shop.loop(), [&] { return scope.alive() == 0; }));
  ASSERT_EQ(answers.size(), 3U);
  for (const auto& answer : answers) EXPECT_EQ(answer.text, "read it");
  EXPECT_EQ(std::ranges::count_if(answers, &RunAnswer::replayed), 2);
  EXPECT_EQ(reader.requests().size(), 1U);
}

TEST_F(RunsOnce, AKeyStandsForOneRequest) {
  ASSERT_TRUE(run(request()));
  const auto other = run(request("something else"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().reason, "idempotency_key_reused");
}

TEST_F(RunsOnce, ARefusalFreesTheKey) {
  auto refused = request();
  refused.kind = "code";
  refused.repo_path.clear();
  ASSERT_EQ(run(refused).error().reason, "workspace_unavailable");
  EXPECT_TRUE(run(request()));
}

TEST_F(RunsOnce, ARunWhoseEndWasNeverWrittenIsNotBegunAgain) {
  const auto begun = shop.write([key = request().once->key](store::Tx& tx) -> Result<Unit> {
    board::begin_once(tx, key);
    return Unit{};
  });
  ASSERT_TRUE(begun);
  const auto repeated = run(request());
  ASSERT_FALSE(repeated);
  EXPECT_EQ(repeated.error().reason, "run_interrupted");
  EXPECT_THAT(repeated.error().what, HasSubstr("/api/board/" + task.id.value + "/executions"));
  EXPECT_TRUE(reader.requests().empty());
}

TEST(Runs, ATaskThatIsWorkedOnIsRefused) {
  Workshop shop;
  const auto task = shop.create("once");
  std::optional<Result<RunReport>> second;
  auto& first = shop.runtime("first", never_ends());
  reactor::Scope scope(shop.loop());
  const auto start = [](Workshop& at, TaskId id) -> reactor::Task<> {
    auto report = co_await at.runs().run(at.request("first", id));
    EXPECT_TRUE(report);
  };
  scope.spawn(start(shop, task.id));
  const auto refuse = [](Workshop& at, const test::ScriptedRuntime& runtime, TaskId id,
                         std::optional<Result<RunReport>>& refused) -> reactor::Task<int> {
    while (runtime.requests().empty()) co_await reactor::sleep_for(at.loop(), std::chrono::milliseconds(1));
    refused.emplace(co_await at.runs().run(at.request("first", id)));
    co_await at.runs().shut_down();
    co_return 0;
  };
  shop.await(refuse(shop, first, task.id, second));
  ASSERT_TRUE(second);
  EXPECT_EQ(second->error().reason, "busy");
  shop.await([](reactor::Scope& all) -> reactor::Task<int> {
    co_await all.drained();
    co_return 0;
  }(scope));
  EXPECT_EQ(shop.task(task.id).status, TaskStatus::kTodo) << "shutting down releases";
  EXPECT_EQ(shop.executions(task.id)[0].status, ExecutionStatus::kCancelled);
}

TEST(Runs, ARuntimesOwnHandoffStands) {
  Workshop shop;
  const auto task = shop.create("says it itself");
  shop.runtime("careful", [](const runtime::Request& request, runtime::Listener& listener) {
    listener.on_event(runtime::SessionEvent{"s", "session-1"});
    handoff::Handoff own;
    own.handoff_from = "me";
    own.runtime = "careful";
    own.timestamp = "2026-01-02T03:04:05Z";
    own.next_best_step = "the step that I mean";
    EXPECT_TRUE(handoff::write_handoff(request.cwd, own));
    return std::optional(success("a summary"));
  });
  auto request = shop.request("careful", task.id);
  request.keep_for_resume = true;
  ASSERT_TRUE(shop.run(request));
  const auto view = shop.workspaces().view(task.id);
  EXPECT_EQ(view->handoff->next_best_step, "the step that I mean");
  EXPECT_EQ(view->handoff->native_session_id.value(), "session-1");
}

TEST(Runs, UsageAndToolsReachTheLedgerAndTheLog) {
  Workshop shop;
  const auto task = shop.create("costs");
  shop.runtime("paid", [](const runtime::Request&, runtime::Listener& listener) {
    listener.on_event(runtime::ToolCallEvent{"1", "shell", "{}"});
    listener.on_event(runtime::ToolResultEvent{true, "1", "ok"});
    runtime::UsageEvent usage;
    usage.tokens_in = 1000;
    usage.cost_micros = 6000;
    listener.on_event(usage);
    return std::optional(success("cheap"));
  });
  const auto report = shop.run(shop.request("paid", task.id));
  ASSERT_TRUE(report);
  EXPECT_EQ(report->cost_usd, 0.006);
  const auto row = shop.executions(task.id)[0];
  EXPECT_EQ(row.input_tokens, 1000);
  EXPECT_EQ(row.output_tokens, std::nullopt);
  const auto kinds = shop.events_of(task.id);
  for (const char* kind : {"tool_call", "tool_result", "cost"}) EXPECT_THAT(kinds, testing::Contains(kind));
}

}  // namespace
}  // namespace baton::executor
