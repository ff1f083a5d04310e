"""A test case with one task that has a worktree."""

from pathlib import Path

from .case import DaemonCase


class WorktreeCase(DaemonCase):
    """`self.tree` is the worktree, `self.path` its place in the API, `self.user` the user's repository."""

    def setUp(self):
        super().setUp()
        self.client = self.daemon().start().client
        self.user = self.repo({"README.md": "hello\n", "src/sum.txt": "1\n"})
        task = self.create(self.client)
        self.path = f"/api/board/{task['id']}/workspace"
        worktree = self.answers(self.client.post(self.path, {"repoPath": str(self.user.path)}), 200)["worktree"]
        self.tree = Path(worktree["worktreePath"])

    def write(self, name: str, content: str | bytes):
        file = self.tree / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
