"""A case whose scripts start processes that try to get away, and tell their pids in files."""

import threading
from pathlib import Path

from .case import DaemonCase
from .waiting import is_alive, wait_until

# In a session of its own, ignoring TERM, holding stdout; says its pid when it is there. Its parent has ended.
ESCAPE = "setsid sh -c 'trap \"\" TERM HUP; echo $$ > {pid}; while :; do sleep 1000; done' &\n"
# The same without the environment by which it could be known.
ESCAPE_UNKNOWN = "setsid env -i /bin/sh -c 'trap \"\" TERM HUP; echo $$ > {pid}; while :; do sleep 1000; done' &\n"


class ProcessCase(DaemonCase):
    def processes(self) -> str:
        """The daemon's [processes]."""
        return '[processes]\ncgroup = "off"\n'

    def pid_file(self, name: str) -> Path:
        return self.directory / f"{name}.pid"

    def pid(self, name: str) -> int:
        path = self.pid_file(name)
        return int(wait_until(lambda: path.exists() and path.read_text().strip(), f"{name} says its pid"))

    def escaping(self, name: str, text: str = ESCAPE) -> str:
        """Script text: a double fork, and then the wait until the grandchild is there."""
        return f"( {text.format(pid=self.pid_file(name))} )\nuntil [ -s {self.pid_file(name)} ]; do :; done\n"

    def run_on(self, client, task: str, **fields):
        return client.post("/api/runtimes/alpha/run", {"taskId": task, "assigneeAgentId": "ann", **fields})

    def in_background(self, call):
        def quiet():
            try:
                call()
            except OSError:
                pass  # the daemon went away under it

        thread = threading.Thread(target=quiet)
        thread.start()
        self.addCleanup(thread.join)
        return thread

    def is_gone(self, name: str):
        pid = self.pid(name)
        self.addCleanup(self.ends_by_itself, pid, name)
        self.assertFalse(is_alive(pid), f"{name} lives")
