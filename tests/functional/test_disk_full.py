"""A disk that fills up in the middle of a provision: a clear refusal, and nothing half registered."""

import os
import subprocess
from pathlib import Path

from harness import DaemonCase, Repo

ROOM_MB = 16
TOO_MUCH_MB = 2 * ROOM_MB


class DiskFull(DaemonCase):
    def small_disk(self, path: Path):
        """A file system of its own at `path`, until the test ends."""
        path.mkdir(parents=True, exist_ok=True)
        mount = ["mount", "-t", "tmpfs", "-o", f"size={ROOM_MB}m", "none", str(path)]
        done = subprocess.run(mount, capture_output=True, text=True)
        if done.returncode:
            self.skipTest(f"no file system may be mounted here: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "--lazy", str(path)], check=True)

    def begin(self):
        config = "[worktrees]\nfree_floor_mb = 0\n"  # else it is refused before it begins
        self.client = self.daemon(config).start().client
        self.path = f"/api/board/{self.create(self.client)['id']}/workspace"

    def provision(self, repo: Repo):
        return self.client.post(self.path, {"repoPath": str(repo.path)})

    def is_refused_and_leaves_nothing(self, repo: Repo):
        refused = self.answers(self.provision(repo), 507, error="disk_full")
        self.assertTrue(refused["message"])
        self.assertEqual(len(repo.git("worktree", "list").splitlines()), 1)
        self.assertEqual(repo.branches(), ["main"])
        self.assertEqual(list(self.daemons[0].state.glob("worktrees/*/*")), [])
        self.assertEqual(list((repo.path / ".git/worktrees").glob("*")), [])
        self.answers(self.client.get(self.path), 404)

    def test_where_the_worktrees_lie(self):
        self.small_disk(self.directory / "one/state")
        self.begin()
        large = self.repo({"README.md": "hello\n"}, name="large")
        for number in range(TOO_MUCH_MB):
            (large.path / f"{number}.bin").write_bytes(os.urandom(1024 * 1024))
        large.commit({}, "large")
        self.is_refused_and_leaves_nothing(large)
        self.answers(self.provision(self.repo(name="small")), 200, ok=True)  # there is room again

    def test_where_the_repository_lies(self):
        self.small_disk(self.directory / "disk")
        self.begin()
        user = Repo(self.directory / "disk/repo")
        filler = self.directory / "disk/filler"
        with open(filler, "wb", buffering=0) as file:
            for size in (64 * 1024, 1024):
                while True:
                    try:
                        file.write(bytes(size))
                    except OSError:
                        break
        self.is_refused_and_leaves_nothing(user)
        self.assertEqual(list((user.path / ".git").glob("fast_import_crash_*")), [])
        filler.unlink()
        self.answers(self.provision(user), 200, ok=True)
