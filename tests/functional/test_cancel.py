"""A run ends when somebody pauses its work or takes its task away; what it did stays."""

import subprocess
import threading
from pathlib import Path

from harness import RunCase, gate, is_alive, runtime, wait_until

# Ignores TERM, and so does its child: only the end of the ladder stops them.
STUBBORN = """trap '' TERM
printf half > work.txt
sleep 1000 &
echo $! > {directory}/child.pid
echo $$ > {directory}/leader.pid
while :; do wait; done
"""
# Asked to stop, it ends as a good runtime does.
POLITE = """trap 'printf " and more" >> work.txt; echo "stopped half way"; exit 0' TERM
printf half > work.txt
echo $$ > {directory}/leader.pid
while :; do sleep 0.05; done
"""


class CancelCase(RunCase):
    thread = None

    def begin_run(self, script: str, **fields):
        """Starts a run and returns when its program is at work."""
        path = self.script("work.sh", script.format(directory=self.directory))
        self.begin(gate("true") + runtime("alpha", path))
        self.path = f"/api/board/{self.made['id']}"
        self.reply = None

        def call():
            self.reply = self.run_on("alpha", self.started.client, **fields)

        self.thread = threading.Thread(target=call)
        self.thread.start()
        self.leader = self.pid("leader")
        return self.task(self.client, self.made["id"])

    def tearDown(self):
        for daemon in self.daemons:
            daemon.end()  # answers whoever waits
        if self.thread:
            self.thread.join()

    def pid(self, name: str) -> int:
        path = self.directory / f"{name}.pid"
        return int(wait_until(lambda: path.exists() and path.read_text().strip(), f"the runtime's {name} says its pid"))

    def report(self):
        """What whoever asked for the run is told."""
        self.thread.join(60)
        self.assertFalse(self.thread.is_alive(), "the run does not end")
        return self.answers(self.reply, 200)

    def act(self, action: str, **fields):
        return self.started.client.patch(f"{self.path}/workspace", {"action": action, **fields})

    def kept(self) -> str:
        branch = f"clawboo/task-{self.made['id']}"
        return subprocess.run(["git", "-C", str(self.user.path), "show", f"{branch}:work.txt"],
                              capture_output=True, text=True, check=True).stdout


class Pause(CancelCase):
    def test_ends_the_run_first_and_keeps_its_work(self):
        self.begin_run(STUBBORN)
        child = self.pid("child")
        body = self.answers(self.act("pause"), 200, ok=True, action="pause")
        self.assertFalse(is_alive(self.leader))
        self.assertFalse(is_alive(child))
        self.assertTrue(body["pause"]["committed"])
        self.assertEqual(self.kept(), "half")
        self.assertEqual(self.report()["doneReason"], "aborted")
        task = self.task(self.client, self.made["id"])
        self.assertEqual((task["status"], task["assigneeAgentId"]), ("todo", None))
        (row,) = self.executions()
        self.assertEqual(row["status"], "cancelled")

    def test_what_the_runtime_writes_while_it_stops_is_kept(self):
        self.begin_run(POLITE)
        self.answers(self.act("pause"), 200, ok=True)
        self.assertEqual(self.kept(), "half and more")
        self.assertEqual(self.status(), "todo")
        self.assertNotEqual(self.report()["status"], "done")

    def test_with_the_fence_of_the_run_it_is_the_callers(self):
        task = self.begin_run(POLITE)
        self.answers(self.act("pause", fence=task["fence"]), 200, ok=True)
        self.assertFalse(is_alive(self.leader))

    def test_an_old_fence_ends_nothing(self):
        task = self.begin_run(POLITE)
        self.answers(self.act("pause", fence=task["fence"] - 1), 409, error="stale_fence")
        self.assertTrue(is_alive(self.leader))
        self.assertEqual(self.status(), "in_progress")
        self.answers(self.act("pause"), 200)

    def test_the_next_run_goes_on(self):
        self.begin_run(POLITE)
        self.answers(self.act("pause"), 200)
        self.report()
        (self.directory / "work.sh").write_text("cat work.txt\nprintf whole > work.txt\necho finished\n")
        self.answers(self.run_on("alpha"), 200, status="done")
        tree = Path(self.workspace()["workspace"]["worktreePath"])
        self.assertEqual((tree / "work.txt").read_text(), "whole")


class TakenAway(CancelCase):
    def is_over(self):
        self.ends_by_itself(self.leader, "the run's program")
        report = self.report()
        self.assertEqual(report["doneReason"], "aborted")
        (row,) = self.executions()
        self.assertEqual(row["status"], "cancelled")
        return report

    def test_a_cancelled_task_ends_its_run(self):
        self.begin_run(STUBBORN)
        self.answers(self.started.client.patch(self.path, {"status": "cancelled"}), 200)
        self.is_over()
        self.assertEqual(self.status(), "cancelled")

    def test_a_task_that_goes_back_to_todo_ends_its_run(self):
        self.begin_run(POLITE)
        self.answers(self.started.client.patch(self.path, {"status": "todo"}), 200)
        self.is_over()
        self.assertEqual(self.status(), "todo")
        self.assertEqual((Path(self.workspace()["workspace"]["worktreePath"]) / "work.txt").read_text(), "half and more")

    def test_who_claims_it_next_is_left_alone(self):
        self.begin_run(POLITE)
        self.answers(self.started.client.patch(self.path, {"status": "todo"}), 200)
        claimed = self.answers(self.started.client.post(f"{self.path}/claim", {"assigneeAgentId": "bob"}), 200)
        self.is_over()
        task = self.task(self.client, self.made["id"])
        self.assertEqual((task["status"], task["assigneeAgentId"]), ("in_progress", "bob"))
        self.assertEqual(task["fence"], claimed["task"]["fence"])

    def test_other_changes_of_the_task_leave_it_alone(self):
        self.begin_run(POLITE)
        self.answers(self.started.client.patch(self.path, {"title": "renamed", "priority": 3}), 200)
        self.answers(self.started.client.post(f"{self.path}/comments", {"body": "go on", "authorType": "user"}), 200)
        other = self.create(self.client, "another")
        self.answers(self.started.client.patch(f"/api/board/{other['id']}", {"status": "cancelled"}), 200)
        self.assertEqual(self.status(), "in_progress")
        self.assertTrue(is_alive(self.leader))
        self.answers(self.act("pause"), 200)
