"""Worktrees over HTTP: provision, hand-off, pause, complete, detail; and that nothing of a user's work is ever lost."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import DaemonCase, gate, wait_until

FILES = {"TASK.md", "task-progress.md", "DECISIONS.json", "init.sh", "VERIFICATION.md"}
HANDOFF = {
    "handoffFrom": "ann",
    "runtime": "human",
    "completedSubtasks": ["read the code"],
    "brokenOrUnverified": ["the second test"],
    "nextBestStep": "fix the sum",
    "whyBlocked": None,
    "commands": {"init": "./init.sh", "verify": "./test.sh", "start": ""},
    "warnings": ["slow disk"],
}


class WorkspaceCase(DaemonCase):
    CONFIG = ""

    def setUp(self):
        super().setUp()
        self.started = self.daemon(self.CONFIG).start()
        self.client = self.started.client
        self.user = self.repo({"README.md": "hello\n", "src/sum.txt": "1\n", "test.sh": "#!/bin/sh\ngrep -q 2 src/sum.txt\n"})
        self.made = self.create(self.client, "add them up", description="The sum is wrong.")
        self.path = f"/api/board/{self.made['id']}/workspace"

    def provision(self, **more):
        return self.client.post(self.path, {"repoPath": str(self.user.path), **more})

    def worktree(self, **more) -> Path:
        return Path(self.answers(self.provision(**more), 200, ok=True)["worktree"]["worktreePath"])

    def act(self, action):
        return self.client.patch(self.path, {"action": action})

    def status(self):
        return self.task(self.client, self.made["id"])["status"]


class Provision(WorkspaceCase):
    def test_makes_a_worktree_with_the_five_files_committed(self):
        head = self.user.git("rev-parse", "HEAD")
        body = self.answers(self.provision(), 200, ok=True, isolation="worktree")
        worktree = body["worktree"]
        path = Path(worktree["worktreePath"])
        branch = f"clawboo/task-{self.made['id']}"
        self.assertEqual((worktree["taskId"], worktree["branch"], worktree["detached"]), (self.made["id"], branch, False))
        self.assertEqual(path.parent.parent, (self.started.state / "worktrees").resolve())
        self.assertEqual(path.name, self.made["id"])
        for name in FILES | {"README.md", "src/sum.txt"}:
            self.assertTrue((path / name).is_file(), name)
        self.assertIn("add them up", (path / "TASK.md").read_text())
        self.assertEqual(self.user.git("status", "--porcelain", cwd=path), "")
        subjects = self.user.git("log", "--format=%s", f"{head}..{branch}").splitlines()
        self.assertEqual(subjects, [f"clawboo: scaffold task {self.made['id']}"])
        self.assertEqual(self.user.git("rev-parse", f"{branch}~"), head)
        task = self.task(self.client, self.made["id"])
        self.assertEqual((task["worktreeRef"], task["branchRef"]), (str(path), branch))

    def test_the_users_checkout_stays_as_it_was(self):
        (self.user.path / "README.md").write_text("changed, not committed\n")
        before = self.user.git("status", "--porcelain"), self.user.git("rev-parse", "HEAD"), self.user.git("branch", "--show-current")
        self.worktree()
        after = self.user.git("status", "--porcelain"), self.user.git("rev-parse", "HEAD"), self.user.git("branch", "--show-current")
        self.assertEqual(before, after)

    def test_again_returns_the_same_one(self):
        path = self.worktree()
        (path / "src/sum.txt").write_text("in work\n")
        self.assertEqual(self.worktree(), path)
        self.assertEqual((path / "src/sum.txt").read_text(), "in work\n")

    def test_at_once_makes_one(self):
        with ThreadPoolExecutor(4) as pool:
            replies = list(pool.map(lambda _: self.provision(), range(4)))
        made = [reply.json["workspaceId"] for reply in replies if reply.status == 200]
        self.assertEqual(len(set(made)), 1, [reply.body for reply in replies])
        for reply in replies:  # who came while it was being made was told so
            self.assertIn(reply.status, (200, 409), reply.body)
        self.assertEqual(self.answers(self.provision(), 200)["workspaceId"], made[0])
        self.assertEqual(len(list(self.started.state.glob("worktrees/*/*"))), 1)

    def test_begins_at_the_commit_or_the_ref_that_is_asked_for(self):
        first = self.user.git("rev-parse", "HEAD")
        self.user.commit({"src/sum.txt": "newer\n"}, "second")
        self.user.git("tag", "old", first)
        self.assertEqual((self.worktree(baseRef="old") / "src/sum.txt").read_text(), "1\n")
        other = self.create(self.client, "other")
        reply = self.client.post(f"/api/board/{other['id']}/workspace", {"repoPath": str(self.user.path), "baseSha": first})
        path = Path(self.answers(reply, 200)["worktree"]["worktreePath"])
        self.assertEqual((path / "src/sum.txt").read_text(), "1\n")

    def test_a_wrong_request_is_4xx_and_leaves_nothing(self):
        plain = self.directory / "plain"
        plain.mkdir()
        empty = self.repo_without_commit()
        for fields, status in (
            ({"repoPath": str(plain)}, 422),
            ({"repoPath": str(self.directory / "nothing")}, 422),
            ({"repoPath": str(empty)}, 422),
            ({"baseRef": "no-such-ref"}, 422),
            ({"baseRef": "--orphan"}, 422),
            ({"baseSha": "0" * 40}, 422),
            ({"baseSha": "--help"}, 422),
            ({"repoPath": ""}, 400),
            ({"repoPath": 5}, 400),
        ):
            with self.subTest(fields=fields):
                body = self.answers(self.provision(**fields), status)
                self.assertTrue(body["error"])
        self.answers(self.client.post(self.path, {}), 400)
        self.answers(self.client.get(self.path), 404, error="workspace not found")
        self.assertEqual(self.user.branches(), ["main"])
        self.assertEqual(list(self.started.state.glob("worktrees/*/*")), [])
        self.assertIsNone(self.task(self.client, self.made["id"])["worktreeRef"])

    def repo_without_commit(self) -> Path:
        path = self.directory / "empty"
        path.mkdir()
        self.user.git("init", "--quiet", cwd=path)
        return path

    def test_kinds_that_change_no_files_get_none(self):
        for kind in ("research", "review"):
            self.answers(self.provision(kind=kind), 422, ok=False, error="no_isolation", isolation="none")

    def test_a_missing_task_is_404(self):
        reply = self.client.post("/api/board/nobody/workspace", {"repoPath": str(self.user.path)})
        self.answers(reply, 404, ok=False, error="task not found")

    def test_the_users_hooks_do_not_run(self):
        marker = self.directory / "hook-ran"
        for hook in ("post-checkout", "pre-commit", "commit-msg", "post-commit"):
            path = self.user.path / ".git/hooks" / hook
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"#!/bin/sh\ntouch {marker}\nexit 1\n")
            path.chmod(0o755)
        self.worktree()
        self.assertFalse(marker.exists())


class Handoff(WorkspaceCase):
    def write(self, **more):
        return self.client.post(f"{self.path}/handoff", {**HANDOFF, **more})

    def test_is_written_into_the_worktree_and_read_back(self):
        path = self.worktree()
        self.answers(self.write(), 200, ok=True)
        text = (path / "AGENT_HANDOFF.json").read_text()
        stored = json.loads(text)
        self.assertEqual({name: stored[name] for name in HANDOFF}, HANDOFF)
        self.assertTrue(stored["timestamp"])
        self.assertTrue(text.startswith('{\n  "') and text.endswith("}\n"), text[:20])
        body = self.answers(self.client.get(self.path), 200, ok=True)
        self.assertEqual(body["handoff"], stored)
        resume = body["resume"]
        self.assertEqual((resume["hasHandoff"], resume["next"], resume["lastRuntime"]), (True, "fix the sum", "human"))
        self.assertEqual((resume["done"], resume["broken"], resume["warnings"]),
                         (["read the code"], ["the second test"], ["slow disk"]))  # fmt: skip
        self.assertEqual(resume["commands"]["verify"], "./test.sh")

    def test_without_one_the_files_are_read(self):
        path = self.worktree()
        body = self.answers(self.client.get(self.path), 200, ok=True)
        self.assertIsNone(body["handoff"])
        self.assertEqual((body["resume"]["hasHandoff"], body["resume"]["done"]), (False, []))
        progress = (path / "task-progress.md").read_text()
        (path / "task-progress.md").write_text(progress.replace("## Done\n", "## Done\n\n- counted twice\n", 1))
        self.assertEqual(self.client.get(self.path).json["resume"]["done"], ["counted twice"])

    def test_a_wrong_one_is_400_and_changes_nothing(self):
        path = self.worktree()
        self.answers(self.write(), 200)
        before = (path / "AGENT_HANDOFF.json").read_bytes()
        for wrong in ({"handoffFrom": ""}, {"runtime": None}, {"completedSubtasks": "x"}, {"commands": []}, {"nextBestStep": 1}):
            with self.subTest(wrong=wrong):
                self.answers(self.write(**wrong), 400, error="invalid handoff")
        self.assertEqual((path / "AGENT_HANDOFF.json").read_bytes(), before)

    def test_a_broken_file_in_the_worktree_counts_as_none(self):
        path = self.worktree()
        (path / "AGENT_HANDOFF.json").write_text('{"handoffFrom": ')
        body = self.answers(self.client.get(self.path), 200, ok=True)
        self.assertIsNone(body["handoff"])
        self.assertFalse(body["resume"]["hasHandoff"])
        self.assertIn("AGENT_HANDOFF.json was not used: not JSON", body["resume"]["warnings"][0])

    def test_one_of_the_users_own_is_not_overwritten(self):
        self.user.commit({"AGENT_HANDOFF.json": "notes of mine\n"}, "mine")
        path = self.worktree()
        self.answers(self.write(), 409, ok=False, error="user_file")
        self.assertEqual((path / "AGENT_HANDOFF.json").read_text(), "notes of mine\n")

    def test_without_a_workspace_it_is_404(self):
        self.answers(self.write(), 404, ok=False, error="workspace not found")


class Detail(WorkspaceCase):
    def test_shows_files_and_diff_without_our_own(self):
        path = self.worktree()
        (path / "src/sum.txt").write_text("1\n2\n")
        (path / "TASK.md").write_text("changed\n")
        body = self.answers(self.client.get(f"{self.path}/detail"), 200, ok=True)
        self.assertEqual(set(body["sorFiles"]), FILES)
        self.assertEqual(body["sorFiles"]["TASK.md"], "changed\n")
        self.assertEqual(body["diffStat"], {"filesChanged": 1, "insertions": 1, "deletions": 0, "dirty": True})
        self.assertIn("+2", body["diff"])
        self.assertNotIn("TASK.md", body["diff"])

    def test_committed_work_counts_whatever_its_message_says(self):
        path = self.worktree()
        (path / "src/sum.txt").write_text("2\n")
        self.user.git("add", "-A", cwd=path)
        self.user.git("commit", "-m", f"quotes clawboo: scaffold task {self.made['id']}", cwd=path)
        body = self.answers(self.client.get(f"{self.path}/detail"), 200)
        self.assertTrue(body["diffStat"]["dirty"])
        self.assertIn("+2", body["diff"])

    def test_without_a_workspace_it_is_404(self):
        self.answers(self.client.get(f"{self.path}/detail"), 404, error="workspace not found")


class PauseAndComplete(WorkspaceCase):
    CONFIG = gate("./test.sh")

    def begin(self) -> Path:
        self.answers(self.client.post(f"/api/board/{self.made['id']}/claim", {"assigneeAgentId": "ann"}), 200)
        return self.worktree()

    def test_a_pause_keeps_the_work_and_the_next_provision_brings_it_back(self):
        path = self.begin()
        (path / "src/sum.txt").write_text("half done\n")
        (path / "new.txt").write_text("untracked\n")
        body = self.answers(self.act("pause"), 200, ok=True, action="pause")
        self.assertTrue(body["pause"]["committed"])
        self.assertFalse(path.exists())
        branch = f"clawboo/task-{self.made['id']}"
        self.assertEqual(self.user.git("rev-parse", branch), body["pause"]["head"])
        self.assertEqual(self.user.git("log", "-1", "--format=%s", branch), f"clawboo: pause task {self.made['id']}")
        again = self.worktree()
        self.assertEqual((again / "src/sum.txt").read_text(), "half done\n")
        self.assertEqual((again / "new.txt").read_text(), "untracked\n")
        stat = self.client.get(f"{self.path}/detail").json["diffStat"]
        self.assertEqual((stat["filesChanged"], stat["dirty"]), (2, True))

    def test_a_branch_that_the_user_has_checked_out_is_left_alone(self):
        path = self.begin()
        branch = f"clawboo/task-{self.made['id']}"
        subprocess.run(["git", "-C", str(path), "checkout", "-q", "--detach"], check=True)
        self.user.git("checkout", "-q", branch)
        tip = self.user.git("rev-parse", branch)
        (path / "new.txt").write_text("done on no branch\n")
        pause = self.answers(self.act("pause"), 200)["pause"]
        self.assertEqual(self.user.git("rev-parse", branch), tip)
        self.assertEqual(self.user.git("status", "--porcelain"), "")
        self.assertEqual(self.user.git("rev-parse", pause["keptAs"]), pause["head"])
        self.assertEqual(self.user.git("show", f"{pause['keptAs']}:new.txt"), "done on no branch")

    def test_pausing_twice_is_harmless(self):
        self.begin()
        self.answers(self.act("pause"), 200)
        self.assertFalse(self.answers(self.act("pause"), 200)["pause"]["committed"])

    def test_nothing_done_is_done_and_cleaned_up(self):
        path = self.begin()
        body = self.answers(self.act("complete"), 200, ok=True, action="complete", taskStatus="done")
        self.assertEqual((body["complete"]["dirty"], body["complete"]["cleaned"]), (False, True))
        self.assertFalse(path.exists())
        self.assertEqual(self.user.branches(), ["main"])
        task = self.task(self.client, self.made["id"])
        self.assertEqual((task["status"], task["worktreeRef"], task["branchRef"]), ("done", None, None))

    def test_work_that_passes_the_gate_is_done(self):
        path = self.begin()
        (path / "src/sum.txt").write_text("2\n")
        body = self.answers(self.act("complete"), 200, ok=True, taskStatus="done", verified="pass")
        self.assertEqual((body["complete"]["dirty"], body["complete"]["cleaned"]), (True, False))
        self.assertEqual((path / "src/sum.txt").read_text(), "2\n")
        verdict = json.loads(self.task(self.client, self.made["id"])["verification"])
        self.assertEqual(verdict["status"], "pass")
        self.assertEqual(verdict["attempts"][0]["deterministic"]["exitCode"], 0)

    def test_work_that_fails_the_gate_goes_back(self):
        path = self.begin()
        (path / "src/sum.txt").write_text("3\n")
        body = self.answers(self.act("complete"), 200, ok=True, verified="fail", taskStatus="in_progress")
        self.assertTrue(body["complete"]["dirty"])
        verdict = json.loads(self.task(self.client, self.made["id"])["verification"])
        self.assertEqual(verdict["status"], "fail")
        self.assertTrue(verdict["attempts"][0]["structuredError"]["what"])
        self.assertEqual((path / "src/sum.txt").read_text(), "3\n")

    def test_a_task_in_todo_keeps_its_work(self):
        path = self.worktree()
        reply = self.act("complete")
        self.assertIn(reply.status, (200, 409))
        self.assertEqual(self.status(), "todo")
        self.assertTrue(path.exists())
        self.assertIn(f"clawboo/task-{self.made['id']}", self.user.branches())

    def test_wrong_ones_are_refused(self):
        self.answers(self.act("pause"), 404, ok=False, error="workspace not found")
        self.begin()
        self.answers(self.act("explode"), 400)
        self.answers(self.client.patch(self.path, {}), 400)

    def test_after_a_cleanup_it_says_so(self):
        self.begin()
        self.answers(self.act("complete"), 200)
        for action in ("pause", "complete"):
            reply = self.act(action)
            self.assertIn(reply.status, (404, 409, 422), reply.body)
            self.assertTrue(reply.json["error"])


class TaskThatChangedHands(WorkspaceCase):
    """Ann's task was given to bob: what she does to its worktree by her fence comes too late."""

    CONFIG = gate("./test.sh")

    def setUp(self):
        super().setUp()
        claimed = self.client.post(f"/api/board/{self.made['id']}/claim", {"assigneeAgentId": "ann"})
        self.old = self.answers(claimed, 200)["task"]["fence"]
        self.tree = self.worktree()
        given = self.client.post(f"/api/board/{self.made['id']}/assign", {"assigneeAgentId": "bob", "fence": self.old})
        self.fence = self.answers(given, 200)["task"]["fence"]

    def at_fence(self, fence):
        return lambda action: self.client.patch(self.path, {"action": action, "fence": fence})

    def test_the_old_fence_completes_and_pauses_nothing(self):
        for action in ("complete", "pause"):
            refused = self.answers(self.at_fence(self.old)(action), 409, ok=False, error="stale_fence")
            self.assertEqual(refused["fence"], self.fence)
        task = self.task(self.client, self.made["id"])
        self.assertEqual((task["status"], task["assigneeAgentId"]), ("in_progress", "bob"))
        self.assertTrue((self.tree / "README.md").is_file())
        self.assertIn(f"clawboo/task-{self.made['id']}", self.user.branches())

    def test_the_old_fence_leaves_no_handoff(self):
        handoff = f"{self.path}/handoff"
        self.answers(self.client.post(handoff, {**HANDOFF, "fence": self.old}), 409, ok=False, error="stale_fence")
        self.assertFalse((self.tree / "AGENT_HANDOFF.json").exists())
        self.answers(self.client.post(handoff, {**HANDOFF, "fence": self.fence}), 200, ok=True)
        self.assertNotIn("fence", json.loads((self.tree / "AGENT_HANDOFF.json").read_text()))

    def test_the_current_one_does(self):
        self.answers(self.at_fence(self.fence)("pause"), 200, ok=True)
        self.answers(self.provision(), 200)
        self.answers(self.at_fence(self.fence)("complete"), 200, taskStatus="done")

    def test_who_loses_it_while_it_is_judged_is_told(self):
        begun, go_on = self.directory / "begun", self.directory / "go_on"
        (self.tree / "test.sh").write_text(f"#!/bin/sh\ntouch {begun}\nuntil [ -e {go_on} ]; do sleep 0.05; done\n")
        with ThreadPoolExecutor(1) as pool:
            judged = pool.submit(self.at_fence(self.fence), "complete")
            wait_until(begun.exists, "the gate works")
            path = f"/api/board/{self.made['id']}"
            self.answers(self.client.patch(path, {"status": "in_progress"}), 200)
            self.answers(self.client.post(f"{path}/assign", {"assigneeAgentId": "eve", "fence": self.fence}), 200)
            go_on.touch()
            self.answers(judged.result(), 409, ok=False, error="stale_fence")
        task = self.task(self.client, self.made["id"])
        self.assertEqual((task["status"], task["assigneeAgentId"]), ("in_progress", "eve"))
        self.assertTrue((self.tree / "README.md").is_file())

    def test_one_that_is_no_number_is_refused(self):
        for reply, error in ((self.at_fence("1")("pause"), "invalid body"),
                             (self.client.post(f"{self.path}/handoff", {**HANDOFF, "fence": 1.5}), "invalid handoff")):
            self.assertIn("fence", self.answers(reply, 400, error=error)["details"]["fieldErrors"])


class HangingGate(WorkspaceCase):
    CONFIG = gate("sleep 1000", timeout_s=1)

    def test_is_ended_and_the_verdict_says_so(self):
        self.answers(self.client.post(f"/api/board/{self.made['id']}/claim", {"assigneeAgentId": "ann"}), 200)
        (self.worktree() / "src/sum.txt").write_text("2\n")
        self.answers(self.act("complete"), 200, verified="fail", taskStatus="in_progress")
        attempt = json.loads(self.task(self.client, self.made["id"])["verification"])["attempts"][0]
        self.assertTrue(attempt["deterministic"]["timedOut"])
        self.assertIsNone(attempt["deterministic"]["exitCode"])
