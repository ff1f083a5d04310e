"""One batond on a state directory of its own: started, watched, ended by its pid."""

import os
import re
import signal
import subprocess
from pathlib import Path

from .client import Client
from .waiting import wait_until

ROOT = Path(__file__).resolve().parents[3]
BATOND = os.environ.get("BATON_BIN", str(ROOT / "build/release/bin/batond"))
BATON = str(Path(BATOND).with_name("baton"))
PLUGINS = os.environ.get("BATON_PLUGINS", str(ROOT / "build/release/lib/baton/plugins"))

LISTENING = re.compile(r"listening on http://127\.0\.0\.1:(\d+)")


def clean_environment(home: Path, **more: str) -> dict[str, str]:
    """What a child sees: nothing of the caller's but the path, and what the sanitizers read."""
    kept = {k: v for k, v in os.environ.items() if k in ("PATH", "TMPDIR") or k.endswith("SAN_OPTIONS")}
    return {**kept, "HOME": str(home), "LC_ALL": "C.UTF-8", **more}


class Daemon:
    """`directory` holds the configuration, the state and the log. Start it with start()."""

    def __init__(self, directory: Path, config: str = "", environment: dict[str, str] | None = None):
        self.directory = directory
        self.state = directory / "state"
        self.config = directory / "baton.toml"
        self.config.write_text(config)
        self.log_file = directory / "batond.log"
        self.environment = environment or {}
        self.process: subprocess.Popen | None = None
        self.port = 0

    def command(self, *arguments: str) -> list[str]:
        words = [BATOND, "--listen", "127.0.0.1:0", "--state", self.state, "--config", self.config]
        return [str(word) for word in [*words, "--plugins", PLUGINS, *arguments]]

    def run(self, *arguments: str) -> subprocess.CompletedProcess:
        """For calls that end by themselves: --version, --check-config, a start that is refused."""
        environment = clean_environment(self.directory, **self.environment)
        return subprocess.run(self.command(*arguments), env=environment, capture_output=True, text=True, timeout=60)

    def start(self, *arguments: str) -> "Daemon":
        """Returns when it listens."""
        begin = self.log_file.stat().st_size if self.log_file.exists() else 0
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                self.command(*arguments),
                env=clean_environment(self.directory, **self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

        def chosen_port():
            if self.process.poll() is not None:
                raise AssertionError(f"batond ended with {self.process.returncode}:\n{self.log()}")
            return LISTENING.search(self.log()[begin:])

        self.port = int(wait_until(chosen_port, "batond says where it listens")[1])
        return self

    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    @property
    def client(self) -> Client:
        return Client(("127.0.0.1", self.port))

    @property
    def unix_client(self) -> Client:
        return Client(self.state / "batond.sock")

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def terminate(self) -> int:
        """Asks it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=60)

    def kill(self) -> None:
        """The power cut: no handler of the daemon runs."""
        self.process.kill()
        self.process.wait(timeout=60)

    def end(self) -> None:
        if not self.is_running():
            return
        try:
            self.terminate()
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError("batond did not end on SIGTERM within 60 s") from None
