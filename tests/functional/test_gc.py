"""Worktrees that nobody uses are collected without losing anything, and a full disk begins nothing new."""

import os
import signal
import sqlite3
import time
from pathlib import Path

from harness import CliCase, wait_until

HUGE_MB = 900_000_000  # more than any disk has


class Collection(CliCase):
    def serve(self, config: str):
        self.served = self.daemon("[worktrees]\n" + config).start()
        self.client = self.served.client
        self.home = {"BATON_HOME": str(self.served.state)}

    def restart(self, config: str):
        self.served.terminate()
        self.served.config.write_text("[worktrees]\n" + config)
        self.served.start()
        self.client = self.served.client

    def setUp(self):
        super().setUp()
        self.user = self.repo({"README.md": "hello\n"})

    def provision(self, task: str):
        return self.client.post(f"/api/board/{task}/workspace", {"repoPath": str(self.user.path)})

    def with_work(self, title="work"):
        task = self.create(self.client, title)["id"]
        tree = Path(self.answers(self.provision(task), 200)["worktree"]["worktreePath"])
        (tree / "new.txt").write_text(f"{title}\n")
        return task, tree

    def row_status(self, task: str) -> str:
        return self.client.get(f"/api/board/{task}/workspace").json["workspace"]["status"]

    def days_go_by(self, tree: Path, days: int):
        """The times on disk and on the board are set back while the daemon is away."""
        past = time.time() - days * 86_400
        private = Path((tree / ".git").read_text().removeprefix("gitdir: ").strip())
        for path in (tree, private / "index", private / "logs/HEAD", private / "baton-task"):
            os.utime(path, (past, past))
        with sqlite3.connect(self.served.state / "baton.db") as connection:
            connection.execute("UPDATE workspaces SET last_used_at = ? WHERE worktree_path = ?", (int(past * 1000), str(tree)))
        connection.close()

    def test_by_age_at_the_start(self):
        self.serve("")
        old, old_tree = self.with_work("old")
        young, young_tree = self.with_work("young")
        self.served.terminate()
        self.days_go_by(old_tree, 4)
        self.served.start()
        self.client = self.served.client
        wait_until(lambda: self.row_status(old) == "stale", "the old one is collected")
        self.assertFalse(old_tree.exists())
        self.assertTrue((young_tree / "new.txt").exists())
        event = self.client.get(f"/api/obs/events?taskId={old}").json["events"][-1]
        self.assertEqual(event["kind"], "workspace_collected")
        self.assertIn('"why":"age"', event["data"])
        self.assertEqual(self.task(self.client, old)["status"], "todo")
        branch = f"clawboo/task-{old}"
        self.assertEqual(self.user.git("log", "-1", "--format=%s", branch), f"clawboo: gc autosave task {old}")
        self.answers(self.client.patch(f"/api/board/{old}/workspace", {"action": "pause"}), 409, error="no_checkout")
        self.answers(self.provision(old), 200)
        self.assertEqual((old_tree / "new.txt").read_text(), "old\n")
        self.assertEqual(self.row_status(old), "active")
        self.assertEqual(self.row_status(young), "active")

    def test_by_number_on_a_timer(self):
        self.serve("gc_count = 1\ngc_interval_s = 0.05\n")
        first, first_tree = self.with_work("first")
        _, second_tree = self.with_work("second")
        wait_until(lambda: self.row_status(first) == "stale", "the first one is collected")
        self.assertTrue(second_tree.exists())
        self.assertFalse(first_tree.exists())

    def test_who_works_there_is_left_alone(self):
        self.serve("gc_age_h = 1e-7\ngc_interval_s = 3600\n")
        task = self.create(self.client)["id"]
        self.answers(self.client.post(f"/api/board/{task}/claim", {"assigneeAgentId": "ann"}), 200)
        tree = Path(self.answers(self.provision(task), 200)["worktree"]["worktreePath"])
        for status in ("in_progress", "in_review"):
            self.answers(self.client.patch(f"/api/board/{task}", {"status": status}), 200)
            self.answers(self.client.post("/api/gc", {}), 200, collected=[], failures=[], kept=1)
        self.assertTrue(tree.exists())

    def test_only_what_carries_our_marker_is_touched(self):
        self.serve("gc_age_h = 1e-7\ngc_interval_s = 3600\n")
        _, tree = self.with_work()
        stranger, foreign, broken = (tree.parent / name for name in ("stranger", "foreign", "broken"))
        stranger.mkdir()
        (stranger / "file").write_text("theirs")
        self.user.git("worktree", "add", "--quiet", "-b", "foreign", str(foreign))
        broken.mkdir()
        (broken / ".git").write_text("gitdir: /nowhere\n")
        body = self.answers(self.client.post("/api/gc", {}), 200, failures=[])
        self.assertEqual([one["worktreePath"] for one in body["collected"]], [str(tree)])
        for path in (stranger / "file", foreign / "README.md", broken / ".git"):
            self.assertTrue(path.exists(), path)

    def test_the_command_says_what_it_did_and_what_it_could_not(self):
        self.serve("gc_age_h = 1e-7\ngc_interval_s = 3600\n")
        task, tree = self.with_work()
        stuck, stuck_tree = self.with_work("stuck")
        self.user.git("init", "--quiet", str(stuck_tree / "inside"))
        (stuck_tree / "inside/file").write_text("x")
        result = self.baton("gc", **self.home)
        self.assertEqual(result.returncode, 1)
        self.assertIn(f"{task}  age", result.stdout)
        self.assertIn("inside", result.stderr)
        self.assertFalse(tree.exists())
        self.assertEqual((stuck_tree / "inside/file").read_text(), "x")
        self.assertEqual(self.row_status(stuck), "active")

    def test_below_the_floor_nothing_new_is_begun(self):
        self.serve("")
        idle, idle_tree = self.with_work("idle")
        late = self.create(self.client, "late")["id"]
        self.restart(f"free_floor_mb = {HUGE_MB}\n")
        wait_until(lambda: self.row_status(idle) == "stale", "room is made at the start")
        body = self.answers(self.provision(late), 507, ok=False, error="disk_pressure", neededMb=HUGE_MB)
        self.assertIn(f"{HUGE_MB} MB", body["message"])
        self.assertLess(body["freeMb"], HUGE_MB)
        self.answers(self.provision(idle), 507, error="disk_pressure")
        self.assertFalse(idle_tree.exists())
        self.restart("free_floor_mb = 0\n")
        self.answers(self.provision(idle), 200)
        self.assertEqual((idle_tree / "new.txt").read_text(), "idle\n")

    def test_one_that_was_never_handed_out_goes_at_the_start(self):
        """A provision is killed: nobody had the checkout, and only the collection will ever look at it again."""
        for point in ("checkout.added", "checkout.filled", "checkout.marked"):
            with self.subTest(killed_at=point):
                self.serve("")
                task = self.create(self.client)["id"]
                self.served.kill()
                self.served.environment = {"BATON_FAULT_KILL": point}
                self.served.start()
                self.client = self.served.client
                try:
                    self.provision(task)
                except OSError:
                    self.assertEqual(self.served.process.wait(timeout=60), -signal.SIGKILL)
                else:
                    self.skipTest("this build has no fault points")
                self.assertEqual(len(list(self.served.state.glob(f"worktrees/*/{task}"))), 1)
                self.served.environment = {}
                self.served.start()
                self.client = self.served.client
                wait_until(lambda task=task: not list(self.served.state.glob(f"worktrees/*/{task}")), "it is collected")
                self.answers(self.client.post("/api/gc", {}), 200, collected=[], failures=[])
                event = self.client.get(f"/api/obs/events?taskId={task}").json["events"][-1]
                self.assertEqual(event["kind"], "workspace_collected")
                self.assertIn('"why":"interrupted"', event["data"])
                self.assertNotIn(f"/{task}\n", self.user.git("worktree", "list", "--porcelain") + "\n")
                self.answers(self.provision(task), 200)
                self.served.terminate()
