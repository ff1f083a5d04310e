"""A test case with a daemon."""

import os
import shutil
import signal
import tempfile
import unittest
from pathlib import Path

from .daemon import Daemon
from .repo import Repo
from .waiting import is_alive, wait_until


class DaemonCase(unittest.TestCase):
    """Each test has a directory of its own and may start daemons in it; all are ended after it.

    A failure shows what the daemons logged.
    """

    def setUp(self):
        self.directory = Path(tempfile.mkdtemp(prefix="baton-"))
        self.daemons: list[Daemon] = []
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.addCleanup(self.end_daemons)

    def run(self, result=None):
        result = result or self.defaultTestResult()
        before = len(result.failures) + len(result.errors)
        self.logs: list[str] = []
        super().run(result)
        if len(result.failures) + len(result.errors) > before:
            for log in self.logs:
                print(f"---- batond's log of {self.id()} ----\n{log}", flush=True)
        return result

    def end_daemons(self):
        try:
            for daemon in self.daemons:
                daemon.end()
        finally:
            for daemon in self.daemons:
                if daemon.is_running():
                    daemon.kill()
                self.logs.append(daemon.log())

    def daemon(self, config: str = "", name: str = "one", **environment: str) -> Daemon:
        """A daemon that is not started yet; it is ended after the test."""
        directory = self.directory / name
        directory.mkdir(exist_ok=True)
        daemon = Daemon(directory, config, environment)
        self.daemons.append(daemon)
        return daemon

    def repo(self, files: dict[str, str] | None = None, name: str = "repo") -> Repo:
        return Repo(self.directory / name, files)

    def script(self, name: str, text: str) -> Path:
        path = self.directory / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def ends_by_itself(self, pid: int, what: str):
        """Waits for a process that somebody else has to end; ends it when nobody does."""
        try:
            wait_until(lambda: not is_alive(pid), f"{what} (pid {pid}) is gone")
        finally:
            if is_alive(pid):
                os.kill(pid, signal.SIGKILL)

    # ---- the board, as most tests use it ----

    def create(self, client, title: str = "a task", **fields):
        reply = client.post("/api/board", {"title": title, **fields})
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json["task"]

    def task(self, client, task_id: str):
        reply = client.get(f"/api/board/{task_id}")
        self.assertEqual(reply.status, 200, reply.body)
        return reply.json["task"]

    def answers(self, reply, expected: int, /, **fields):
        """The reply has this status, is JSON and holds these fields. Returns the whole body."""
        self.assertEqual(reply.status, expected, reply.body)
        self.assertTrue(reply.headers.get("content-type", "").startswith("application/json"), reply.headers)
        body = reply.json
        for name, value in fields.items():
            self.assertEqual(body.get(name), value, body)
        return body
