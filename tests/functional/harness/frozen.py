"""A process that does not die of SIGKILL: frozen by the old freezer controller until it is thawed."""

import os
import uuid
from pathlib import Path

FREEZER = Path("/sys/fs/cgroup/freezer")


class Freezer:
    """`make()` answers None where the controller, or the right to use it, is missing."""

    def __init__(self, directory: Path):
        self.directory = directory

    @classmethod
    def make(cls) -> "Freezer | None":
        directory = FREEZER / f"baton-test-{uuid.uuid4().hex[:12]}"
        try:
            directory.mkdir()
        except OSError:
            return None
        if (directory / "freezer.state").exists():
            return cls(directory)
        directory.rmdir()
        return None

    def freeze(self, pid: int):
        (self.directory / "cgroup.procs").write_text(str(pid))
        (self.directory / "freezer.state").write_text("FROZEN")

    def thaw(self):
        (self.directory / "freezer.state").write_text("THAWED")

    def remove(self):
        """Thaws, and takes the group away once what was in it is gone."""
        self.thaw()
        for pid in (self.directory / "cgroup.procs").read_text().split():
            (FREEZER / "cgroup.procs").write_text(pid)
        os.rmdir(self.directory)
