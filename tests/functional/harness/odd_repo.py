"""A life of a task in some repository: provision, work, a look, pause, resume, complete; and nothing of the user's changed."""

import os
import subprocess
from pathlib import Path

from .case import DaemonCase
from .daemon import clean_environment
from .repo import SETTINGS
from .runtimes import gate

UNCHANGED = ("HEAD", "config", "index", "packed-refs")  # files of a repository that are the user's alone


class OddRepoCase(DaemonCase):
    """`tracked` is a file that the repository has."""

    def setUp(self):
        super().setUp()
        self.client = self.daemon(gate("true")).start().client

    def run_git(self, path: Path, *arguments: str, check: bool = True) -> bytes:
        """As somebody else does it: with a name, without configuration; the output is bytes."""
        environment = clean_environment(self.directory, **SETTINGS, GIT_OPTIONAL_LOCKS="0")
        command = ["git", "-c", "protocol.file.allow=always", *arguments]
        result = subprocess.run(command, cwd=path, env=environment, capture_output=True, timeout=60)
        if check and result.returncode:
            raise AssertionError(f"git {' '.join(arguments)}: {result.stderr.decode(errors='replace')}")
        return result.stdout

    def state_of(self, path: Path) -> dict:
        """What a user would notice in his repository."""
        git_dir = Path(os.fsdecode(self.run_git(path, "rev-parse", "--absolute-git-dir").removesuffix(b"\n")))
        files = {name: (git_dir / name).read_bytes() if (git_dir / name).exists() else None for name in UNCHANGED}
        is_bare = self.run_git(path, "rev-parse", "--is-bare-repository").strip() == b"true"
        status = b"" if is_bare else self.run_git(path, "status", "--porcelain", "--ignored")
        heads = self.run_git(path, "for-each-ref", "--format=%(objectname) %(refname)")
        theirs = [line for line in heads.splitlines() if b"refs/heads/clawboo/" not in line and b"refs/baton/" not in line]
        return {**files, "status": status, "refs": theirs, "litter": list(git_dir.glob("fast_import_crash_*"))}

    def begin(self, path: Path | str):
        """A claimed task with a worktree; the worktree."""
        task = self.create(self.client, "work somewhere odd")
        self.answers(self.client.post(f"/api/board/{task['id']}/claim", {"assigneeAgentId": "ann"}), 200)
        self.workspace = f"/api/board/{task['id']}/workspace"
        self.repo_path = str(path)
        return self.provision()

    def provision(self) -> Path:
        reply = self.client.post(self.workspace, {"repoPath": self.repo_path})
        worktree = self.answers(reply, 200, ok=True)["worktree"]
        self.assertFalse(worktree["detached"])
        return Path(worktree["worktreePath"])

    def act(self, action: str, expected: int = 200) -> dict:
        return self.answers(self.client.patch(self.workspace, {"action": action}), expected)

    def detail(self) -> dict:
        return self.answers(self.client.get(f"{self.workspace}/detail"), 200, ok=True)

    def lives(self, path: Path | str, tracked: str = "README.md", new: str = "new dir/file.txt", changed: int = 2) -> Path:
        """The whole life. `new` becomes an untracked file; `changed`: how many files that makes. Returns the worktree."""
        before = self.state_of(Path(path))
        tree = self.begin(path)
        self.assertEqual(self.detail()["diffStat"]["filesChanged"], 0)
        edited = (tree / tracked).read_bytes() + b"edited\n"
        (tree / tracked).write_bytes(edited)
        (tree / new).parent.mkdir(parents=True, exist_ok=True)
        (tree / new).write_bytes(b"brand new\n")
        self.shows_the_work(changed)
        self.assertTrue(self.act("pause")["pause"]["committed"])
        self.assertFalse(tree.exists())
        self.assertEqual(self.provision(), tree)
        self.assertEqual((tree / tracked).read_bytes().replace(b"\r\n", b"\n"), edited.replace(b"\r\n", b"\n"))
        self.assertEqual((tree / new).read_bytes().replace(b"\r\n", b"\n"), b"brand new\n")
        self.shows_the_work(changed)
        done = self.act("complete")
        self.assertEqual((done["taskStatus"], done["verified"], done["complete"]["dirty"]), ("done", "pass", True))
        self.assertEqual(self.state_of(Path(path)), before)
        return tree

    def shows_the_work(self, changed: int):
        detail = self.detail()
        stat = detail["diffStat"]
        self.assertEqual((stat["filesChanged"], stat["dirty"]), (changed, True), detail["diff"])
        for line in ("+edited", "+brand new"):
            self.assertIn(line, detail["diff"])
        self.assertNotIn("TASK.md", detail["diff"])
