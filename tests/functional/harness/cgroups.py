"""A control group (v2) of a test's own, for a daemon to make its groups in."""

import os
import uuid
from pathlib import Path

from .waiting import wait_until


def mount() -> Path | None:
    """Where the v2 hierarchy is mounted."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        before, _, after = line.partition(" - ")
        if after.startswith("cgroup2 "):
            return Path(before.split()[4])
    return None


class CgroupRoot:
    """`make()` answers None where no group can be made, or the kernel has no cgroup.kill."""

    def __init__(self, directory: Path):
        self.directory = directory

    @classmethod
    def make(cls) -> "CgroupRoot | None":
        root = mount()
        if root is None:
            return None
        directory = root / f"baton-test-{uuid.uuid4().hex[:12]}"
        try:
            directory.mkdir()
        except OSError:
            return None
        if (directory / "cgroup.kill").exists():
            return cls(directory)
        directory.rmdir()
        return None

    @property
    def controllers(self) -> list[str]:
        return (self.directory / "cgroup.controllers").read_text().split()

    @property
    def config(self) -> str:
        return f'[processes]\ncgroup = "{self.directory}"\n'

    def groups(self) -> list[Path]:
        """All below, deepest first."""
        return [Path(path) for path, _, _ in os.walk(self.directory, topdown=False) if path != str(self.directory)]

    def of(self, pid: int) -> str:
        """The group of a process, seen from this one; '' when it is not below."""
        lines = Path(f"/proc/{pid}/cgroup").read_text().splitlines()
        path = next(line[3:] for line in lines if line.startswith("0::"))
        return path.partition(f"/{self.directory.name}/")[2]

    def remove(self):
        (self.directory / "cgroup.kill").write_text("1")
        events = self.directory / "cgroup.events"
        wait_until(lambda: "populated 0" in events.read_text(), f"{self.directory} is empty")
        for group in [*self.groups(), self.directory]:
            group.rmdir()
