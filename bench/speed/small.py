"""What one request costs, and what none does."""

import json
import shutil

from lab import Lab
from measured import Measured, Skipped, ratios
from processes import Failed, Nginx

CLIENTS = 64


def get_cpu(lab: Lab) -> Measured:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        raise Skipped("nginx is not installed (package nginx-light)")
    with lab.empty_daemon() as daemon:
        status, answer = daemon.request("POST", "/api/board", {"title": "a task that is read very often"})
        if status != 200:
            raise Failed(f"creating a task: {status} {answer!r}")
        path = f"/api/board/{json.loads(answer)['task']['id']}"
        _, body = daemon.request("GET", path)
        with Nginx(lab.fresh("nginx")).start(program, body.decode()) as nginx:
            own, theirs = [], []
            for number in range(lab.sizes.rounds):
                lab.say(f"GET, round {number + 1} of {lab.sizes.rounds}")
                own.append(cpu_per_request(lab, daemon, path))
                theirs.append(cpu_per_request(lab, nginx, path))
    return ratios(own, theirs, ("CPU us", "CPU us of nginx"))


def cpu_per_request(lab: Lab, server, path: str) -> float:
    before = server.cpu_s()
    lab.load("repeat", server, "--clients", CLIENTS, "--path", path, "--requests", lab.sizes.gets)
    return 1e6 * (server.cpu_s() - before) / lab.sizes.gets


def idle_memory(lab: Lab) -> Measured:
    with lab.empty_daemon() as daemon:
        status, _ = daemon.request("GET", "/api/board")
        if status != 200:
            raise Failed(f"the list of tasks: {status}")
        memory = daemon.memory_mib()
    return Measured([memory["rss"]], {"PSS MiB": memory["pss"]})
