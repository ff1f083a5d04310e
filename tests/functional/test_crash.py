"""A daemon that is killed in the middle of its work loses nothing and leaves nobody behind."""

import http.client
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import DaemonCase, Session, gate, is_alive, runtime, wait_until


class KilledInMidRun(DaemonCase):
    def setUp(self):
        super().setUp()
        self.go = self.directory / "go"
        # The first attempt writes and then hangs with a child of its own; a later one finds the file and ends.
        script = self.script(
            "work.sh",
            f"if [ -e {self.go} ]; then echo 'finished'; exit 0; fi\n"
            "printf half > work.txt\n"
            "sleep 1000 &\n"
            f"echo $! > {self.directory}/child.pid\n"
            f"echo $$ > {self.directory}/leader.pid\n"
            "wait\n",
        )
        self.started = self.daemon(gate("true") + runtime("alpha", script)).start()
        self.user = self.repo()
        self.made = self.create(self.started.client)
        self.path = f"/api/board/{self.made['id']}"

    def run_in_background(self):
        body = {"taskId": self.made["id"], "assigneeAgentId": "ann", "repoPath": str(self.user.path)}

        def call():
            try:
                self.started.client.post("/api/runtimes/alpha/run", body)
            except OSError:
                pass  # the daemon was killed under it

        thread = threading.Thread(target=call)
        thread.start()
        self.addCleanup(thread.join)
        return self.pid("leader"), self.pid("child")

    def pid(self, name: str) -> int:
        path = self.directory / f"{name}.pid"
        return int(wait_until(lambda: path.exists() and path.read_text().strip(), f"the runtime's {name} says its pid"))

    def executions(self):
        return self.started.client.get(f"{self.path}/executions").json["executions"]

    def test_the_task_is_free_and_the_ledger_says_why(self):
        leader, child = self.run_in_background()
        self.assertEqual(self.task(self.started.client, self.made["id"])["status"], "in_progress")
        self.started.kill()
        self.started.start()
        # The first answer already sees the recovered board: no waiting here.
        task = self.task(self.started.client, self.made["id"])
        self.assertEqual((task["status"], task["assigneeAgentId"]), ("todo", None))
        (row,) = self.executions()
        self.assertEqual((row["status"], row["recoveryTombstone"]), ("failed", 1))
        self.assertTrue(row["error"])
        self.assertIsNotNone(row["completedAt"])
        self.ends_by_itself(leader, "the runtime")
        self.ends_by_itself(child, "the runtime's child")

    def test_nobody_is_left_when_it_says_that_it_listens(self):
        leader, child = self.run_in_background()
        self.started.kill()
        self.started.start()
        self.assertFalse(is_alive(leader))
        self.assertFalse(is_alive(child))

    def test_the_work_is_kept_and_the_next_run_goes_on_from_it(self):
        leader, child = self.run_in_background()
        self.started.kill()
        self.started.start()
        self.go.touch()
        body = {"taskId": self.made["id"], "assigneeAgentId": "bob", "repoPath": str(self.user.path)}
        reply = self.started.client.post("/api/runtimes/alpha/run", body)
        self.answers(reply, 200, ok=True, status="done")
        workspace = self.started.client.get(f"{self.path}/workspace").json["workspace"]
        self.assertEqual((Path(workspace["worktreePath"]) / "work.txt").read_text(), "half")
        self.assertEqual([row["status"] for row in self.executions()], ["failed", "succeeded"])
        self.ends_by_itself(leader, "the runtime")
        self.ends_by_itself(child, "the runtime's child")

    def test_a_second_kill_during_recovery_changes_nothing(self):
        self.run_in_background()
        self.started.kill()
        for _ in range(3):
            self.started.start()
            self.started.kill()
        self.started.start()
        (row,) = self.executions()
        self.assertEqual((row["status"], row["recoveryTombstone"]), ("failed", 1))
        self.assertEqual(self.task(self.started.client, self.made["id"])["status"], "todo")


class KilledInMidJudgement(DaemonCase):
    """Somebody said over HTTP that a task is finished, and the daemon is killed while the gate runs."""

    def test_the_task_goes_back_to_its_owner_and_can_be_judged_again(self):
        pid, go = self.directory / "gate.pid", self.directory / "go"
        started = self.daemon(gate(f"test -e {go} || {{ echo $$ > {pid}; exec sleep 1000; }}")).start()
        user = self.repo()
        made = self.create(started.client)
        path = f"/api/board/{made['id']}"
        self.answers(started.client.post(f"{path}/claim", {"assigneeAgentId": "ann"}), 200)
        reply = started.client.post(f"{path}/workspace", {"repoPath": str(user.path)})
        tree = Path(self.answers(reply, 200)["worktree"]["worktreePath"])
        (tree / "work.txt").write_text("by hand")

        def complete():
            try:
                started.client.patch(f"{path}/workspace", {"action": "complete"})
            except OSError:
                pass  # the daemon was killed under it

        thread = threading.Thread(target=complete)
        thread.start()
        self.addCleanup(thread.join)
        judge = int(wait_until(lambda: pid.exists() and pid.read_text().strip(), "the gate runs"))
        self.assertEqual(self.task(started.client, made["id"])["status"], "in_review")
        started.kill()
        started.start()
        task = self.task(started.client, made["id"])
        self.assertEqual((task["status"], task["assigneeAgentId"]), ("in_progress", "ann"))
        events = started.client.get(f"/api/obs/events?taskId={made['id']}&limit=100").json["events"]
        self.assertTrue(any("recovery" in str(event) for event in events), events)
        self.ends_by_itself(judge, "the gate")
        go.touch()
        self.answers(started.client.patch(f"{path}/workspace", {"action": "complete"}), 200, taskStatus="done")


class KilledInARace(DaemonCase):
    """Eight want each of many tasks when the daemon is killed: what somebody was told holds after the restart."""

    CLAIMANTS = 8
    TASKS = 40
    WON_BEFORE = (1, 10, 25)  # claims that were answered when it is killed, a round each

    def race(self, client, ids, won: dict[str, str], agent: str):
        try:
            with Session(client) as session:
                for task in ids:
                    reply = session.request("POST", f"/api/board/{task}/claim", {"assigneeAgentId": agent})
                    if reply.status == 200:
                        self.assertNotIn(task, won)
                        won[task] = agent
                    else:
                        self.assertEqual((reply.status, reply.json["reason"]), (409, "claimed"))
        except (OSError, http.client.HTTPException):
            pass  # the daemon was killed under it

    def test_who_won_still_owns_the_task(self):
        started = self.daemon().start()
        for before in self.WON_BEFORE:
            ids = [self.create(started.client)["id"] for _ in range(self.TASKS)]
            won: dict[str, str] = {}
            with ThreadPoolExecutor(self.CLAIMANTS) as pool:
                racing = [
                    pool.submit(self.race, started.client, ids, won, f"agent-{number}")
                    for number in range(self.CLAIMANTS)
                ]
                wait_until(lambda: len(won) >= before, f"{before} claims are answered")
                started.kill()
                for one in racing:
                    one.result()
            started.start()
            for task, agent in won.items():
                found = self.task(started.client, task)
                self.assertEqual((found["status"], found["assigneeAgentId"]), ("in_progress", agent))
