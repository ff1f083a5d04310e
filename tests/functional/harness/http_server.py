"""The HTTP server of tests/support in a process of its own, for tests of what the daemon fetches."""

import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).resolve().parents[2] / "support/http_server/server.py"


class HttpServer:
    """`ports` by the listener's name: plain, and with the openssl command good, wrong and others (see the program)."""

    def __init__(self, directory: Path):
        directory.mkdir()
        self.ca_file = directory / "ca.pem"
        command = [sys.executable, "-W", "ignore", str(PROGRAM), str(directory)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ports: dict[str, int] = {}
        for line in self.process.stdout:
            if line == "ready\n":
                break
            name, port = line.split()
            self.ports[name] = int(port)

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.process.stdout.close()
