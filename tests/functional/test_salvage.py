"""What a removal leaves can be listed, brought back and forgotten; what is too large to be kept is not removed silently."""

from pathlib import Path

from harness import CliCase


class Salvage(CliCase):
    CONFIG = "[worktrees]\nignored_max_mb = 1\n"

    def setUp(self):
        super().setUp()
        self.served = self.daemon(self.CONFIG).start()
        self.client = self.served.client
        self.home = {"BATON_HOME": str(self.served.state)}
        self.user = self.repo({"README.md": "hello\n", ".gitignore": "*.log\nnotes/\n"})
        self.made = self.create(self.client)["id"]
        self.path = f"/api/board/{self.made}/workspace"

    def tree(self) -> Path:
        reply = self.client.post(self.path, {"repoPath": str(self.user.path)})
        return Path(self.answers(reply, 200)["worktree"]["worktreePath"])

    def act(self, action, **fields):
        return self.client.patch(self.path, {"action": action, **fields})

    def entries(self, query=""):
        return self.answers(self.client.get("/api/salvage" + query), 200, ok=True, failures=[])["entries"]

    def complete_without_work(self):
        self.answers(self.client.post(f"/api/board/{self.made}/claim", {"assigneeAgentId": "ann"}), 200)
        (self.tree() / "task-progress.md").write_text("looked, found nothing\n")
        self.answers(self.act("complete"), 200, taskStatus="done")

    def test_a_completed_branch_comes_back(self):
        self.complete_without_work()
        (entry,) = self.entries()
        self.assertEqual((entry["taskId"], entry["n"], entry["kind"]), (self.made, 1, "commit"))
        self.assertEqual(entry["repoPath"], str(self.user.path))
        self.assertEqual(entry["commit"], self.user.git("rev-parse", f"refs/baton/salvage/{self.made}/1"))
        self.assertIn(f"{self.made}/1", self.says("salvage", "list", **self.home))
        self.says("salvage", "restore", f"{self.made}/1", "--branch", "rescued", **self.home)
        self.assertEqual(self.user.git("show", "rescued:task-progress.md"), "looked, found nothing")
        self.assertIn("already", self.refuses("salvage", "restore", f"{self.made}/1", "--branch", "main", **self.home))
        self.refuses("salvage", "restore", f"{self.made}/2", **self.home)
        self.refuses("salvage", "restore", "nonsense", **self.home)
        self.assertEqual(self.entries("?taskId=nobody"), [])
        self.assertEqual(len(self.entries(f"?taskId={self.made}&repoPath={self.user.path}")), 1)

    def test_ignored_files_come_back_and_replace_nothing(self):
        tree = self.tree()
        (tree / "notes").mkdir()
        (tree / "notes/plan").write_text("precious\n")
        (tree / "run.log").write_text("precious too\n")
        self.answers(self.act("pause"), 200, ok=True)
        (entry,) = self.entries()
        self.assertEqual(entry["kind"], "files")
        self.assertGreater(entry["bytes"], 0)
        name = f"{self.made}/{entry['n']}"
        self.assertIn("no_checkout", self.refuses("salvage", "restore", name, **self.home))
        self.tree()
        (tree / "run.log").write_text("newer\n")
        self.assertIn("run.log", self.refuses("salvage", "restore", name, **self.home))
        self.assertEqual((tree / "notes/plan").read_text(), "precious\n")
        self.assertEqual((tree / "run.log").read_text(), "newer\n")
        (tree / "run.log").unlink()
        self.says("salvage", "restore", name, **self.home)
        self.assertEqual((tree / "run.log").read_text(), "precious too\n")
        self.assertEqual(self.entries(), [])

    def test_pruning_says_what_it_forgot(self):
        self.complete_without_work()
        commit = self.entries()[0]["commit"]
        self.assertIn("0 forgotten", self.says("salvage", "prune", "--older-than", "1", **self.home))
        self.assertIn(commit[:12], self.says("salvage", "prune", "--older-than", "0", **self.home))
        self.assertEqual(self.entries(), [])
        event = self.client.get(f"/api/obs/events?taskId={self.made}").json["events"][-1]
        self.assertEqual(event["kind"], "salvage_pruned")
        self.assertIn(commit, event["data"])
        self.assertEqual(self.user.git("cat-file", "-t", commit), "commit")

    def test_what_is_too_large_to_keep_refuses_the_removal_unless_forced(self):
        tree = self.tree()
        (tree / "large.log").write_bytes(b"x" * (2 << 20))
        (tree / "small.log").write_text("precious\n")
        body = self.answers(self.act("pause"), 409, ok=False, error="ignored_files")
        self.assertEqual(body["largest"][0]["path"], "large.log")
        self.assertGreaterEqual(body["largest"][0]["bytes"], 2 << 20)
        self.assertTrue((tree / "large.log").exists())
        paused = self.answers(self.act("pause", force=True), 200)["pause"]
        self.assertEqual([one["path"] for one in paused["ignoredDropped"]], ["large.log"])
        self.assertFalse(tree.exists())
        event = self.client.get(f"/api/obs/events?taskId={self.made}").json["events"][-1]
        self.assertIn("large.log", event["data"])
        self.tree()
        self.says("salvage", "restore", f"{self.made}/1", **self.home)
        self.assertEqual((tree / "small.log").read_text(), "precious\n")
        self.assertFalse((tree / "large.log").exists())

    def test_a_repository_that_is_gone_is_named_and_the_rest_is_shown(self):
        self.complete_without_work()
        self.user.path.rename(self.directory / "moved")
        body = self.answers(self.client.get("/api/salvage"), 200, entries=[])
        self.assertEqual([one["repoPath"] for one in body["failures"]], [str(self.user.path)])
        self.assertEqual(body["failures"][0]["error"], "not_a_repository")
