"""How a task's work comes into the user's branch: by git, with the user's own files and without ours (FORMATS.md)."""

from pathlib import Path

from harness import DaemonCase, gate

OURS = ["TASK.md", "task-progress.md", "DECISIONS.json", "init.sh", "VERIFICATION.md", "AGENT_HANDOFF.json"]
HANDOFF = {"handoffFrom": "ann", "runtime": "human"}


class Merge(DaemonCase):
    def setUp(self):
        super().setUp()
        self.client = self.daemon(gate("true")).start().client

    def work(self, files: dict[str, str]) -> str:
        """A finished task that wrote these files and left a hand-off; its branch."""
        task = self.create(self.client, "work to be merged")
        self.answers(self.client.post(f"/api/board/{task['id']}/claim", {"assigneeAgentId": "ann"}), 200)
        workspace = f"/api/board/{task['id']}/workspace"
        worktree = self.answers(self.client.post(workspace, {"repoPath": str(self.user.path)}), 200)["worktree"]
        for name, text in files.items():
            (Path(worktree["worktreePath"]) / name).write_text(text)
        self.answers(self.client.post(f"{workspace}/handoff", HANDOFF), 200)
        self.answers(self.client.patch(workspace, {"action": "complete"}), 200, taskStatus="done")
        return worktree["branch"]

    def merge(self, branch: str):
        """The commands of FORMATS.md."""
        scaffold = self.user.git("log", "--format=%H", "--first-parent", "--author=clawboo@localhost",
                                 f"--grep=^clawboo: scaffold task {branch.removeprefix('clawboo/task-')}$", branch)  # fmt: skip
        ours = self.user.git("diff", "--name-only", f"{scaffold}~", scaffold).splitlines()
        try:
            self.user.git("merge", "--no-ff", "--no-commit", branch)
        except AssertionError:
            pass  # two tasks' own files conflict with each other; they go now
        self.user.git("rm", "-qf", "--ignore-unmatch", "--", *ours, "AGENT_HANDOFF.json")
        self.user.git("commit", "--no-edit")

    def names(self) -> list[str]:
        self.assertEqual(self.user.git("status", "--porcelain"), "")
        return self.user.git("ls-files").splitlines()

    def test_our_files_do_not_come_along(self):
        self.user = self.repo({"README.md": "hello\n"})
        self.merge(self.work({"README.md": "better\n", "new.txt": "new\n"}))
        self.assertEqual(self.names(), ["README.md", "new.txt"])
        self.assertEqual((self.user.path / "README.md").read_text(), "better\n")

    def test_the_users_own_files_do(self):
        self.user = self.repo({"README.md": "hello\n", "TASK.md": "mine\n", "init.sh": "echo mine\n"})
        self.merge(self.work({"TASK.md": "mine, edited\n"}))
        self.assertEqual(self.names(), ["README.md", "TASK.md", "init.sh"])
        self.assertEqual((self.user.path / "TASK.md").read_text(), "mine, edited\n")
        self.assertEqual((self.user.path / "init.sh").read_text(), "echo mine\n")

    def test_a_plain_merge_keeps_the_users_own_files_too(self):
        self.user = self.repo({"README.md": "hello\n", "TASK.md": "mine\n"})
        self.user.git("merge", "--no-ff", "--no-edit", self.work({"README.md": "better\n"}))
        self.assertEqual((self.user.path / "TASK.md").read_text(), "mine\n")

    def test_one_task_after_another(self):
        self.user = self.repo({"README.md": "hello\n"})
        first, second = self.work({"a.txt": "a\n"}), self.work({"b.txt": "b\n"})
        self.merge(first)
        self.merge(second)
        self.assertEqual(self.names(), ["README.md", "a.txt", "b.txt"])

    def test_what_a_plain_merge_brought_is_ours_for_the_next_task(self):
        self.user = self.repo({"README.md": "hello\n"})
        self.user.git("merge", "--no-ff", "--no-edit", self.work({"a.txt": "a\n"}))
        self.assertIn("TASK.md", self.names())
        self.merge(self.work({"b.txt": "b\n"}))
        names = self.names()
        self.assertLessEqual({"README.md", "a.txt", "b.txt"}, set(names))
        self.assertNotIn("TASK.md", names)
