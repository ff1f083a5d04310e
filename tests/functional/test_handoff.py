"""A task passes from one runtime to another, which knows nothing but the worktree, and through the gate."""

import json
import threading
from pathlib import Path

from harness import RunCase, gate, runtime, wait_until

FIRST = "cat > ../../../prompt-first.txt\nprintf hello > greeting.txt\necho 'wrote the first word; the second is missing'\n"
SECOND = "cat > ../../../prompt-second.txt\nprintf ' world' >> greeting.txt\necho 'added the second word'\n"


class TwoRuntimes(RunCase):
    def setUp(self):
        super().setUp()
        first, second = self.script("first.sh", FIRST), self.script("second.sh", SECOND)
        self.begin(gate("./test.sh") + runtime("alpha", first) + runtime("beta", second))

    def test_one_begins_the_other_finishes_and_the_gate_agrees(self):
        paused = self.answers(self.run_on("alpha", keepForResume=True), 200, ok=True, doneReason="success", status="todo")
        self.assertTrue(paused["usedWorktree"])
        task = self.task(self.client, self.made["id"])
        self.assertEqual((task["status"], task["assigneeAgentId"], task["verification"]), ("todo", None, None))
        left = self.workspace()
        self.assertEqual((left["handoff"]["handoffFrom"], left["handoff"]["runtime"]), ("alpha", "alpha"))
        self.assertIn("the second is missing", left["handoff"]["nextBestStep"])
        self.assertEqual(left["handoff"]["completedSubtasks"], [])

        done = self.answers(self.run_on("beta"), 200, ok=True, doneReason="success", status="done")
        self.assertEqual(done["runtimeId"], "beta")
        self.assertIn("added the second word", done["summary"])
        task = self.task(self.client, self.made["id"])
        self.assertEqual(json.loads(task["verification"])["status"], "pass")
        self.assertIsNotNone(task["completedAt"])

        ledger = [(row["executorType"], row["status"]) for row in self.executions()]
        self.assertEqual(ledger, [("alpha", "succeeded"), ("beta", "succeeded")])
        self.assertEqual(self.executions()[-1]["id"], done["execId"])
        detail = self.answers(self.client.get(f"/api/board/{self.made['id']}/workspace/detail"), 200)
        self.assertIn("+hello world", detail["diff"])

    def test_the_second_is_told_what_the_first_left(self):
        self.answers(self.run_on("alpha", keepForResume=True), 200)
        self.answers(self.run_on("beta"), 200)
        first = (self.started.state / "prompt-first.txt").read_text()
        second = (self.started.state / "prompt-second.txt").read_text()
        self.assertIn("say hello world", first)
        self.assertNotIn("the second is missing", first)
        self.assertIn("the second is missing", second)

    def test_both_are_listed(self):
        listed = self.answers(self.client.get("/api/runtimes"), 200)["runtimes"]
        self.assertEqual([entry["id"] for entry in listed], ["alpha", "beta"])
        for entry in listed:
            self.assertTrue(entry["capabilities"]["worktrees"])

    def test_summaries_are_comments_of_the_agent(self):
        self.answers(self.run_on("alpha", keepForResume=True), 200)
        comments = self.client.get(f"/api/board/{self.made['id']}").json["comments"]
        said = [(c["authorType"], c["authorAgentId"]) for c in comments if "the second is missing" in c["body"]]
        self.assertEqual(said, [("agent", "alpha")])


class Refusals(RunCase):
    def setUp(self):
        super().setUp()
        self.begin(runtime("alpha", self.script("first.sh", FIRST)))

    def test_say_why_and_change_nothing(self):
        before = self.task(self.client, self.made["id"])
        self.answers(self.client.post("/api/runtimes/nobody/run", {"taskId": self.made["id"]}), 404, error="unknown runtime 'nobody'")
        self.answers(self.run_on("alpha", taskId="nothing"), 404, ok=False, reason="not_found")
        self.answers(self.client.post("/api/runtimes/alpha/run", {}), 400)
        self.answers(self.run_on("alpha", taskId=5), 400)
        self.answers(self.run_on("alpha", assigneeAgentId="../x"), 400)
        self.answers(self.run_on("alpha", keepForResume="yes"), 400)
        self.assertEqual(self.task(self.client, self.made["id"]), before)
        self.assertEqual(self.executions(), [])

    def test_a_claimed_task_is_a_conflict(self):
        self.client.post(f"/api/board/{self.made['id']}/claim", {"assigneeAgentId": "ann"})
        self.answers(self.run_on("alpha"), 409, ok=False, reason="conflict")

    def test_a_task_that_is_too_deep_is_422(self):
        for _ in range(3):
            self.made = self.create(self.client, "deeper", parentTaskId=self.made["id"])
        self.answers(self.run_on("alpha"), 422, ok=False, reason="too_deep")
        self.assertEqual(self.status(), "todo")

    def test_without_a_repository_the_task_is_free_again(self):
        for path, reason in (
            ("", "workspace_unavailable"),
            (str(self.directory / "nothing"), "not_a_repository"),
            (str(self.directory), "not_a_repository"),
        ):
            with self.subTest(path=path):
                fields = {"repoPath": path} if path else {}
                body = {"taskId": self.made["id"], "assigneeAgentId": "ann", **fields}
                reply = self.client.post("/api/runtimes/alpha/run", body)
                self.answers(reply, 422, ok=False, reason=reason)
                self.assertEqual(self.status(), "todo")
        self.assertEqual(self.executions(), [])


class Outcomes(RunCase):
    def test_a_runtime_whose_id_is_no_agents_id_works_under_a_similar_one(self):
        self.begin(runtime("alpha.1", self.script("work.sh", "printf x > greeting.txt\n")))
        body = {"taskId": self.made["id"], "repoPath": str(self.user.path)}
        self.answers(self.client.post("/api/runtimes/alpha.1/run", body), 200, ok=True, doneReason="success")

    def test_a_runtime_that_fails_frees_the_task_and_keeps_the_work(self):
        self.begin(runtime("alpha", self.script("fail.sh", "printf half > greeting.txt\necho 'no luck' >&2\nexit 3\n")))
        self.answers(self.run_on("alpha"), 200, ok=True, doneReason="error", status="todo")
        (row,) = self.executions()
        self.assertEqual(row["status"], "failed")
        self.assertIn("no luck", row["error"])
        (comment,) = self.client.get(f"/api/board/{self.made['id']}").json["comments"]
        self.assertEqual(comment["authorType"], "system")
        self.assertIn("no luck", comment["body"])
        worktree = Path(self.workspace()["workspace"]["worktreePath"])
        self.assertEqual((worktree / "greeting.txt").read_text(), "half")

    def test_a_runtime_that_does_nothing_is_done_and_cleaned_up(self):
        self.begin(gate("false") + runtime("alpha", self.script("idle.sh", "echo 'nothing to do'\n")))
        self.answers(self.run_on("alpha"), 200, ok=True, doneReason="success", status="done")
        self.assertEqual(self.user.branches(), ["main"])

    def test_work_that_fails_the_gate_twice_is_blocked(self):
        self.begin(gate("./test.sh") + runtime("alpha", self.script("wrong.sh", "printf wrong >> greeting.txt\necho done\n")))
        self.answers(self.run_on("alpha"), 200, ok=True, doneReason="success", status="blocked")
        verdict = json.loads(self.task(self.client, self.made["id"])["verification"])
        self.assertEqual((verdict["status"], len(verdict["attempts"])), ("completed_with_debt", 2))
        self.assertEqual(len(self.executions()), 2)

    def test_a_failed_gate_is_told_to_the_next_attempt(self):
        script = "cat > prompt\nif grep -q 'Verification failed' prompt; then printf 'hello world'; else printf nope; fi > greeting.txt\nrm prompt\necho tried\n"
        self.begin(gate("./test.sh") + runtime("alpha", self.script("learn.sh", script)))
        self.answers(self.run_on("alpha"), 200, ok=True, status="done")
        verdict = json.loads(self.task(self.client, self.made["id"])["verification"])
        self.assertEqual([attempt["status"] for attempt in verdict["attempts"]], ["fail", "pass"])

    def test_research_gets_a_directory_that_is_not_the_daemons(self):
        self.begin(runtime("alpha", self.script("pwd.sh", "pwd -P\n")))
        body = self.answers(self.run_on("alpha", kind="research"), 200, ok=True, status="done", usedWorktree=False)
        self.assertIn(str(self.started.state.resolve()), body["summary"])
        self.assertEqual(self.user.branches(), ["main"])

    def test_a_silent_runtime_is_ended(self):
        self.begin("[run]\nsilence_s = 1\n" + runtime("alpha", self.script("mute.sh", "sleep 1000\n")))
        self.answers(self.run_on("alpha"), 200, ok=True, doneReason="error", status="todo")
        self.assertIn(self.executions()[0]["status"], ("failed", "timed_out"))

    def test_four_runs_of_one_task_at_once_have_one_winner(self):
        # A run that ends frees its task, so the winner waits until the others were answered.
        go = self.directory / "go"
        script = self.script("first.sh", f"while [ ! -e {go} ]; do sleep 0.02; done\n" + FIRST)
        self.begin(runtime("alpha", script))
        replies = []
        threads = [threading.Thread(target=lambda: replies.append(self.run_on("alpha", keepForResume=True))) for _ in range(4)]
        for thread in threads:
            thread.start()
        wait_until(lambda: len(replies) == 3, "three of four are refused")
        go.touch()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(reply.status for reply in replies), [200, 409, 409, 409])
        self.assertEqual(len(self.executions()), 1)


class ClientsThatLeave(RunCase):
    def test_do_not_lose_the_run(self):
        go = self.directory / "go"
        script = self.script("wait.sh", f"while [ ! -e {go} ]; do sleep 0.02; done\nprintf x > x.txt\necho 'went on'\n")
        self.begin(gate("true") + runtime("alpha", script))
        connection = self.client.connection()
        body = {"taskId": self.made["id"], "assigneeAgentId": "ann", "repoPath": str(self.user.path)}
        connection.request("POST", "/api/runtimes/alpha/run", json.dumps(body), {"Content-Type": "application/json"})
        wait_until(lambda: [row["status"] for row in self.executions()] == ["running"], "the run has begun")
        connection.close()
        self.answers(self.client.get("/api/board"), 200)
        go.touch()
        wait_until(lambda: self.status() == "done", "the task is done")
        (row,) = self.executions()
        self.assertEqual(row["status"], "succeeded")
        self.assertIn("went on", row["summary"])
