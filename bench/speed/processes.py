"""The programs that are measured: started on files of their own, ended by their pid, whatever happens between."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

START_S = 120  # until a daemon says that it is ready; a million tasks are allowed two seconds
END_S = 60
TICKS_PER_S = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """A row cannot be measured; the text says why."""


def environment(home: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(home), "LC_ALL": "C.UTF-8", **more}


class Process:
    """A server. A context manager: it has ended when the block is left."""

    name = "server"

    def __init__(self, directory: Path):
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self.log = directory / f"{self.name}.log"
        self.port = 0
        self.process: subprocess.Popen | None = None

    def spawn(self, command: list, **more: str) -> None:
        """In a session of its own: Ctrl-C is for the one who started it, who ends it then."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command],
                env=environment(self.directory, **more),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def check_running(self) -> None:
        if self.process.poll() is not None:
            tail = self.log.read_text(errors="replace")[-2000:]
            raise Failed(f"{self.name} ended with {self.process.returncode}: {tail}")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def request(self, method: str, path: str, body=None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=START_S)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, path, text, {} if body is None else {"Content-Type": "application/json"})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def cpu_s(self) -> float:
        """User and system time of all its threads so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_S

    def memory_mib(self) -> dict[str, float]:
        """Resident memory: `rss` as every tool shows it, `pss` with shared pages divided among those who share them."""
        lines = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines()[1:]
        kib = {line.split(":")[0]: int(line.split()[1]) for line in lines}
        return {"rss": kib["Rss"] / 1024, "pss": kib["Pss"] / 1024}

    def end(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=END_S)
        except BaseException:  # also Ctrl-C while we wait: nothing of ours stays
            self.process.kill()
            self.process.wait()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.end()


class Batond(Process):
    """The daemon on a state directory, which may hold a database already."""

    name = "batond"

    def start(self, programs: Path, **more: str) -> "Batond":
        config = self.directory / "baton.toml"
        config.touch()
        plugins = programs.parent / "lib/baton/plugins"
        # The sockets' paths must be short, the state's need not be.
        with tempfile.TemporaryDirectory(prefix="baton-bench-") as short:
            notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            with notify:
                notify.bind(f"{short}/notify")
                command = [programs / "batond", "--listen", "127.0.0.1:0", "--state", self.directory / "state"]
                command += ["--socket", f"{short}/socket", "--config", config, "--plugins", plugins]
                begun = time.monotonic()
                self.spawn(command, NOTIFY_SOCKET=f"{short}/notify", **more)
                self.wait_ready(notify)
                self.ready_s = time.monotonic() - begun
        found = re.findall(r"listening on http://127\.0\.0\.1:(\d+)", self.log.read_text(errors="replace"))
        if not found:
            raise Failed("batond did not say where it listens")
        self.port = int(found[-1])
        return self

    def wait_ready(self, notify: socket.socket) -> None:
        notify.settimeout(0.5)
        give_up = time.monotonic() + START_S
        while time.monotonic() < give_up:
            try:
                if b"READY=1" in notify.recv(4096).split(b"\n"):
                    return
            except TimeoutError:
                self.check_running()
        raise Failed(f"batond was not ready within {START_S} s")


class Nginx(Process):
    """nginx as one process that answers everything with the same text."""

    name = "nginx"

    def start(self, program: str, text: str) -> "Nginx":
        quoted = text.replace("\\", "\\\\").replace("'", "\\'")
        if "$" in quoted:
            raise Failed("nginx would take a $ in the text for a variable")
        with socket.socket() as chosen:
            chosen.bind(("127.0.0.1", 0))
            self.port = chosen.getsockname()[1]
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        paths = "".join(f"{kind}_temp_path {self.directory}/{kind};\n" for kind in kinds)
        config = self.directory / "nginx.conf"
        config.write_text(
            "daemon off;\nmaster_process off;\n"
            f"pid {self.directory}/nginx.pid;\nerror_log {self.log};\n"
            "events { worker_connections 1024; }\n"
            f"http {{\n{paths}access_log off;\nkeepalive_requests 1000000000;\ndefault_type application/json;\n"
            f"server {{ listen 127.0.0.1:{self.port}; location / {{ return 200 '{quoted}'; }} }}\n}}\n"
        )
        self.spawn([program, "-c", config, "-e", self.log])
        self.wait_listening()
        return self

    def wait_listening(self) -> None:
        give_up = time.monotonic() + START_S
        while time.monotonic() < give_up:
            self.check_running()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.01)
        raise Failed(f"nginx did not listen within {START_S} s")
