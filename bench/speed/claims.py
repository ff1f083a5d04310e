"""Claims by many clients at once: their rate, and what they do to the daemon's loop."""

import json
import subprocess
import time
from functools import cache
from statistics import median

from lab import Board, Lab
from measured import Measured, Skipped, end, has_route, ratios
from processes import Batond, Failed

CLIENTS = 64
GROUP = 64
CLAIMANTS = 8


def claims_per_second(lab: Lab, board: Board, count: int, **more: str) -> float:
    with lab.on_board(board) as daemon:
        daemon.start(lab.programs, **more)
        ids = lab.ids_file(daemon.directory, board.ids[:count])
        report = lab.load("claims", daemon, "--clients", CLIENTS, "--ids", ids)
        end(daemon)
    return report["claim"]["claimsPerSecond"]


def claim_board(lab: Lab) -> Board:
    return lab.board(lab.sizes.claim_board, 0, lab.sizes.claims)


@cache
def claim_rounds(lab: Lab) -> dict[str, list[float]]:
    """Server, plain loop and grouped loop in turn, in random order. Measured once for both rows that need it."""
    sizes, board = lab.sizes, claim_board(lab)
    found = {"server": [], "plain": [], "grouped": []}
    for number in range(sizes.rounds):
        lab.say(f"claims, round {number + 1} of {sizes.rounds}")
        found["server"].append(claims_per_second(lab, board, sizes.claims))
        found["plain"].append(lab.sqlite_loop(board, sizes.loop_claims, 1))
        found["grouped"].append(lab.sqlite_loop(board, sizes.claims, GROUP))
    return found


def claims(lab: Lab) -> Measured:
    found = claim_rounds(lab)
    return ratios(found["server"], found["plain"], ("claims/s", "claims/s of the plain loop"))


def claims_grouped(lab: Lab) -> Measured:
    found = claim_rounds(lab)
    return ratios(found["server"], found["grouped"], ("claims/s", "claims/s of the grouped loop"))


def claims_in_order(lab: Lab) -> Measured:
    """As claims_grouped, but in the order of creation: neighbours share pages, so SQLite has little to do."""
    shuffled = claim_board(lab)
    board = Board(shuffled.file, tuple(sorted(shuffled.ids)))  # ids rise with time
    server, loop = [], []
    for number in range(lab.sizes.rounds):
        lab.say(f"claims in order, round {number + 1} of {lab.sizes.rounds}")
        server.append(claims_per_second(lab, board, lab.sizes.claims))
        loop.append(lab.sqlite_loop(board, lab.sizes.claims, GROUP))
    return ratios(server, loop, ("claims/s", "claims/s of the grouped loop"))


def claims_slow_flush(lab: Lab) -> Measured:
    sizes, board, slow = lab.sizes, claim_board(lab), lab.slow_flush(2)
    server, loop = [], []
    for number in range(sizes.rounds):
        lab.say(f"claims with slow flushes, round {number + 1} of {sizes.rounds}")
        server.append(claims_per_second(lab, board, sizes.slow_claims, **slow))
        loop.append(lab.sqlite_loop(board, sizes.slow_loop_claims, 1, **slow))
    return ratios(server, loop, ("claims/s", "claims/s of the plain loop"))


def race(lab: Lab) -> Measured:
    attempts, echoes = [], []
    for number in range(lab.sizes.rounds):
        lab.say(f"race, round {number + 1} of {lab.sizes.rounds}")
        with lab.empty_daemon() as daemon:
            if not has_route(daemon, "POST", "/api/echo"):
                raise Skipped("the daemon has no POST /api/echo")
            body = json.dumps({"assigneeAgentId": "bench-12345-0"})
            echo = ("--path", "/api/echo", "--body", body, "--requests", lab.sizes.echoes)
            echoes.append(lab.load("repeat", daemon, "--clients", CLIENTS, *echo)["repeat"]["perSecond"])
            words = ("--clients", CLIENTS, "--claimants", CLAIMANTS, "--tasks", lab.sizes.race_tasks)
            attempts.append(lab.load("claims", daemon, *words)["claim"]["perSecond"])
            end(daemon)
    return ratios(attempts, echoes, ("attempts/s", "echoes/s"))


def loop_lag(lab: Lab) -> Measured:
    sizes = lab.sizes
    board = lab.board(2 * sizes.lag_claims, 0, sizes.lag_claims)
    slow = lab.slow_flush(10)
    p99, worst, rate = [], [], []
    for number in range(sizes.rounds):
        lab.say(f"loop lag, round {number + 1} of {sizes.rounds}")
        with lab.on_board(board) as daemon:
            daemon.start(lab.programs, **slow)
            if not has_route(daemon, "GET", "/api/obs/loop?ms=1"):
                raise Skipped("the daemon has no GET /api/obs/loop")
            lag, report = watched_claims(lab, daemon, board)
            end(daemon)
        p99.append(lag["p99Us"] / 1000)
        worst.append(lag["maxUs"] / 1000)
        rate.append(report["claim"]["perSecond"])
    return Measured(p99, {"worst ms": median(worst), "claims/s": median(rate)})


def watched_claims(lab: Lab, daemon: Batond, board) -> tuple[dict, dict]:
    """Claims by 256 clients, and the loop's lag in a window that lies within them."""
    ids = lab.ids_file(daemon.directory, board.ids)
    command = [lab.programs / "baton-bench", "claims", "--json", "--url", daemon.url, "--clients", "256", "--ids", ids]
    command = [str(word) for word in command]
    harness = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        time.sleep(0.05)  # for 256 connections; below it is checked that claims were under way all the time
        begun = time.time()
        _, answer = daemon.request("GET", f"/api/obs/loop?ms={lab.sizes.lag_window_ms}")
        ended = time.time()
        report = json.loads(harness.communicate(timeout=120)[0])
    finally:
        if harness.poll() is None:
            harness.kill()
        harness.wait()
    if harness.returncode:
        raise Failed(f"baton-bench ended with {harness.returncode}: {report['examples'][:1]}")
    first = report["claim"]["begunUnixMs"] / 1000
    if begun < first or ended > first + report["claim"]["seconds"]:
        raise Failed("the claims were over before the loop had been watched long enough")
    return json.loads(answer), report
