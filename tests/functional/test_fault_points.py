"""The daemon is killed between any two steps of what it does to a worktree: nothing is lost, and a repeat succeeds.

The places are those that a first run, without a kill, passes (daemon/base/fault_point.hpp); nobody lists them here.
"""

import signal
import unittest
from pathlib import Path

from harness import DaemonCase, gate

# A worktree that nobody works with may go at once; those of tasks in progress may not.
CONFIG = gate("true") + "[worktrees]\ngc_age_h = 1e-7\n"
AGENT = {"assigneeAgentId": "ann"}


class FaultPoints(DaemonCase):
    def setUp(self):
        super().setUp()
        self.user = self.repo({"README.md": "hello\n", "src/sum.txt": "1\n", ".gitignore": "*.log\n"})
        self.served = self.daemon(CONFIG)

    # ---- the daemon ----

    def start(self, **environment: str) -> None:
        self.served.environment = environment
        self.served.start()
        self.client = self.served.client

    def traced(self, act, task: str) -> list[str]:
        """The places that `act(task)` passes."""
        trace = self.directory / "trace"
        trace.unlink(missing_ok=True)
        self.start(BATON_FAULT_TRACE=str(trace))
        self.answers(act(task), 200, ok=True)
        self.served.kill()  # ended gently it would wait for what the test does not need
        names = trace.read_text().splitlines() if trace.exists() else []
        return list(dict.fromkeys(names))

    def dies_at(self, point: str, act, task: str) -> None:
        self.start(BATON_FAULT_KILL=point)
        with self.assertRaises(OSError, msg=f"the daemon answered beyond {point}"):
            act(task)
        self.assertEqual(self.served.process.wait(timeout=60), -signal.SIGKILL, point)

    def at_each_point(self, prepare, act, check) -> None:
        """`prepare()` makes a task, `act(task)` is interrupted everywhere, `check(task)` looks what became of it."""
        self.start()
        task = prepare()
        self.served.kill()
        points = self.traced(act, task)
        if not points:
            raise unittest.SkipTest("no fault points are passed: a build without them, or an operation that has none")
        self.start()
        check(task)
        for point in points:
            with self.subTest(killed_at=point):
                task = prepare()
                self.served.kill()
                self.dies_at(point, act, task)
                self.start()
                self.assert_nothing_is_lost(task)
                self.answers(act(task), 200, ok=True)
                self.assert_nothing_is_lost(task)
                check(task)
        self.assert_no_leftovers()
        print(f"{self._testMethodName}: {', '.join(points)}", flush=True)

    # ---- tasks ----

    def claimed(self) -> str:
        task = self.create(self.client)["id"]
        self.answers(self.client.post(f"/api/board/{task}/claim", AGENT), 200)
        return task

    def provisioned(self) -> str:
        task = self.claimed()
        self.answers(self.provision(task), 200)
        return task

    def with_work(self) -> str:
        """Work in each of the ways that a tree can hold it."""
        task = self.provisioned()
        tree = self.tree(task)
        (tree / "src/sum.txt").write_text(f"staged {task}\n")
        self.user.git("add", "src/sum.txt", cwd=tree)
        (tree / "README.md").write_text(f"edited {task}\n")
        (tree / "new").mkdir()
        (tree / "new/work.txt").write_text(f"untracked {task}\n")
        (tree / "run.log").write_text(f"ignored {task}\n")
        (tree / "more.log").write_text(f"ignored {task}\n")
        return task

    def with_notes(self) -> str:
        """Nothing but our own files differs: complete takes tree and branch away."""
        task = self.provisioned()
        (self.tree(task) / "task-progress.md").write_text(f"looked {task}\n")
        return task

    def tree(self, task: str) -> Path:
        return next(iter(self.served.state.glob(f"worktrees/*/{task}")), self.served.state / "nowhere")

    def provision(self, task: str):
        return self.client.post(f"/api/board/{task}/workspace", {"repoPath": str(self.user.path)})

    def pause(self, task: str):
        return self.client.patch(f"/api/board/{task}/workspace", {"action": "pause"})

    def complete(self, task: str):
        return self.client.patch(f"/api/board/{task}/workspace", {"action": "complete"})

    def collect(self, task: str):
        self.client.post(f"/api/board/{task}/release", {})  # a second time it is free already
        return self.client.post("/api/gc", {})

    # ---- what is left ----

    def contents(self, task: str, name: str) -> list[str]:
        """The file in the worktree, on the branch, under salvage refs and among the files kept aside."""
        places = [self.tree(task) / name, *self.served.state.glob(f"worktrees/*/.orphans/{task}.ignored.*/{name}")]
        found = [place.read_text() for place in places if place.is_file()]
        refs = self.user.git("for-each-ref", "--format=%(refname)", f"refs/heads/clawboo/task-{task}", f"refs/baton/salvage/{task}/")
        for ref in refs.splitlines():
            if self.user.git("ls-tree", "--name-only", ref, "--", name):
                found.append(self.user.git("show", f"{ref}:{name}") + "\n")
        return found

    def assert_nothing_is_lost(self, task: str) -> None:
        for name, content in self.expected.items():
            self.assertIn(content.format(task), self.contents(task, name), name)

    def assert_no_leftovers(self) -> None:
        """No registration without its directory, nothing locked, no lock of an index or a ref, no private index."""
        records = self.user.git("worktree", "list", "--porcelain")
        self.assertNotIn("\nlocked", records)
        self.assertNotIn("\nprunable", records)
        left = [path for path in (self.user.path / ".git").rglob("*") if path.name.endswith(".lock")]
        left += (self.user.path / ".git/worktrees").glob("*/baton-index.*")
        left += self.served.state.glob("worktrees/*/.orphans/.leaving.*")
        left += self.served.state.glob("worktrees/*/.orphans/.removing.*")
        self.assertEqual(left, [])

    def is_gone(self, task: str) -> None:
        self.assertFalse(self.tree(task).exists())
        self.assertNotIn(f"/{task}\n", self.user.git("worktree", "list", "--porcelain") + "\n")

    def comes_back(self, task: str) -> None:
        """The work that the branch keeps is in the next worktree, and the history says how it got there."""
        self.is_gone(task)
        self.answers(self.provision(task), 200)
        tree = self.tree(task)
        self.assertEqual((tree / "README.md").read_text(), f"edited {task}\n")
        self.assertEqual((tree / "src/sum.txt").read_text(), f"staged {task}\n")
        self.assertEqual((tree / "new/work.txt").read_text(), f"untracked {task}\n")
        self.assertEqual(self.user.git("status", "--porcelain", cwd=tree), "")

    WORK = {
        "README.md": "edited {}\n",
        "src/sum.txt": "staged {}\n",
        "new/work.txt": "untracked {}\n",
        "run.log": "ignored {}\n",
        "more.log": "ignored {}\n",
    }

    def test_provision(self):
        self.expected = {}

        def check(task):
            tree = self.tree(task)
            self.assertTrue((tree / "TASK.md").is_file())
            self.assertEqual(self.user.git("status", "--porcelain", cwd=tree), "")
            subjects = self.user.git("log", "--format=%s", f"main..clawboo/task-{task}").splitlines()
            self.assertEqual(subjects, [f"clawboo: scaffold task {task}"])

        self.at_each_point(self.claimed, self.provision, check)

    def test_pause(self):
        self.expected = self.WORK
        self.at_each_point(self.with_work, self.pause, self.comes_back)

    def test_complete_with_work(self):
        self.expected = self.WORK

        def check(task):
            self.assertEqual(self.task(self.client, task)["status"], "done")
            self.assertTrue((self.tree(task) / "run.log").is_file())

        # A daemon that starts collects the tree of a task that is done; that is another test's subject.
        self.served.config.write_text(gate("true"))
        self.at_each_point(self.with_work, self.complete, check)

    def test_complete_without_work(self):
        self.expected = {"task-progress.md": "looked {}\n"}

        def check(task):
            self.assertEqual(self.task(self.client, task)["status"], "done")
            self.is_gone(task)
            self.assertNotIn(f"clawboo/task-{task}", self.user.branches())

        self.at_each_point(self.with_notes, self.complete, check)

    def test_collection(self):
        self.expected = self.WORK

        def check(task):
            self.comes_back(task)
            self.assertEqual(self.task(self.client, task)["status"], "todo")
            events = self.client.get(f"/api/obs/events?taskId={task}&limit=1000").json["events"]
            kinds = [event["kind"] for event in events]
            self.assertIn("workspace_provisioned", kinds)
            self.answers(self.client.post(f"/api/board/{task}/claim", AGENT), 200)  # so that it stays now

        self.at_each_point(self.with_work, self.collect, check)


class AnInterruptedRefusal(DaemonCase):
    def test_refuses_again(self):
        """More is ignored than is kept: a kill before the refusal does not make the daemon take it away."""
        user = self.repo({"README.md": "hello\n", ".gitignore": "*.bin\n"})
        served = self.daemon("[worktrees]\nignored_max_mb = 1\n").start()
        task = self.create(served.client)["id"]
        path = f"/api/board/{task}/workspace"
        body = {"repoPath": str(user.path)}
        tree = Path(self.answers(served.client.post(path, body), 200)["worktree"]["worktreePath"])
        content = b"x" * 3_000_000
        (tree / "big.bin").write_bytes(content)
        served.kill()
        served.environment = {"BATON_FAULT_KILL": "put_away.branch_moved"}
        served.start()
        try:
            served.client.patch(path, {"action": "pause"})
        except OSError:
            self.assertEqual(served.process.wait(timeout=60), -signal.SIGKILL)
        else:
            self.skipTest("this build has no fault points")
        served.environment = {}
        served.start()
        self.answers(served.client.post("/api/gc", {}), 200, collected=[], failures=[])
        self.answers(served.client.patch(path, {"action": "pause"}), 409, error="ignored_files")
        self.assertEqual((tree / "big.bin").read_bytes(), content)
        self.answers(served.client.patch(path, {"action": "pause", "force": True}), 200)
        self.assertFalse(tree.exists())


class AnInterruptedReturn(DaemonCase):
    def test_goes_on(self):
        user = self.repo({"README.md": "hello\n", ".gitignore": "*.log\n"})
        served = self.daemon().start()
        task = self.create(served.client)["id"]
        path = f"/api/board/{task}/workspace"
        body = {"repoPath": str(user.path)}
        tree = Path(self.answers(served.client.post(path, body), 200)["worktree"]["worktreePath"])
        for name in ("a.log", "b.log"):
            (tree / name).write_text(name)
        self.answers(served.client.patch(path, {"action": "pause"}), 200)
        self.answers(served.client.post(path, body), 200)
        served.kill()
        served.environment = {"BATON_FAULT_KILL": "restore.one_moved"}
        served.start()
        try:
            served.client.post(f"/api/salvage/{task}/1/restore", {})
        except OSError:
            self.assertEqual(served.process.wait(timeout=60), -signal.SIGKILL)
            served.environment = {}
            served.start()
            self.answers(served.client.post(f"/api/salvage/{task}/1/restore", {}), 200, ok=True)
        else:
            self.skipTest("this build has no fault points")
        self.assertEqual([(tree / name).read_text() for name in ("a.log", "b.log")], ["a.log", "b.log"])
        self.assertEqual(served.client.get("/api/salvage").json["entries"], [])

