"""A small git repository of a user, outside of the daemon's state."""

import subprocess
from pathlib import Path

from .daemon import clean_environment

SETTINGS = {
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "User",
    "GIT_AUTHOR_EMAIL": "user@localhost",
    "GIT_COMMITTER_NAME": "User",
    "GIT_COMMITTER_EMAIL": "user@localhost",
}


class Repo:
    def __init__(self, path: Path, files: dict[str, str] | None = None):
        """Makes it, with one commit of `files`. A file whose name ends in .sh is executable."""
        self.path = path
        path.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit(files if files is not None else {"README.md": "hello\n"}, "first")

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        """Output of a git command; an AssertionError with its words when it fails."""
        result = subprocess.run(
            ["git", *arguments],
            cwd=cwd or self.path,
            env=clean_environment(self.path, **SETTINGS),
            capture_output=True,
            text=True,
            timeout=60,
        )
        if result.returncode:
            raise AssertionError(f"git {' '.join(arguments)}: {result.stderr}")
        return result.stdout.strip()

    def commit(self, files: dict[str, str], message: str) -> str:
        for name, text in files.items():
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
            if name.endswith(".sh"):
                target.chmod(0o755)
        self.git("add", "-A")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def branches(self) -> list[str]:
        return self.git("for-each-ref", "--format=%(refname:short)", "refs/heads").splitlines()
