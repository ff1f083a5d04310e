"""Boards with very many tasks and edges: what grows with them must be the file alone."""

from collections.abc import Iterator
from functools import cache
from statistics import median

from lab import Lab
from machine import flush_ms
from measured import Measured, Skipped, end, has_route, ratios
from processes import Batond, Failed


@cache
def growth_rounds(lab: Lab) -> dict[str, dict[str, list[float]]]:
    """p50 in ms of claim and claim-next on a small and a large board, in turn. Once for both rows."""
    sizes = lab.sizes
    samples = sizes.growth_rounds * sizes.growth_claims
    small = lab.board(sizes.small_board, 0, samples)
    large = lab.board(sizes.large_board, 0, samples)
    with lab.on_board(small) as first, lab.on_board(large) as second:
        first.start(lab.programs)
        second.start(lab.programs)
        found = compare_boards(lab, {"small": (first, small.ids), "large": (second, large.ids)})
        end(first)
        end(second)
    return found


def compare_boards(lab: Lab, boards: dict) -> dict[str, dict[str, list[float]]]:
    """All claims come before the first claim-next, which takes any ready task, so also one that a claim is meant for."""
    found = {"claim": {"small": [], "large": []}, "claim-next": {"small": [], "large": []}}
    for number, name in turns(lab, "claims"):
        daemon, ids = boards[name]
        mine = ids[number * lab.sizes.growth_claims : (number + 1) * lab.sizes.growth_claims]
        report = lab.load("claims", daemon, "--clients", 1, "--ids", lab.ids_file(daemon.directory, mine))
        found["claim"][name].append(report["claim"]["latencyMs"]["p50"])
    if all(has_route(daemon, "POST", "/api/board/claim-next") for daemon, _ in boards.values()):
        for _, name in turns(lab, "claim-next"):
            found["claim-next"][name].append(next_latency(lab, boards[name][0], lab.sizes.growth_claims)["p50"])
    return found


def turns(lab: Lab, what: str) -> Iterator[tuple[int, str]]:
    """Round and board: both boards in each round, the other one first each time."""
    for number in range(lab.sizes.growth_rounds):
        lab.say(f"growth of {what}, round {number + 1} of {lab.sizes.growth_rounds}")
        for name in ("small", "large") if number % 2 == 0 else ("large", "small"):
            yield number, name


def next_latency(lab: Lab, daemon: Batond, requests: int) -> dict:
    report = lab.load("claim-next", daemon, "--clients", 1, "--requests", requests)["claimNext"]
    if report["given"] < requests:
        raise Failed(f"only {report['given']} of {requests} calls of claim-next found a ready task")
    return report["givenLatencyMs"]


def growth_of(lab: Lab, kind: str) -> Measured:
    found = growth_rounds(lab)[kind]
    if not found["small"]:
        raise Skipped("the daemon has no POST /api/board/claim-next")
    return ratios(found["large"], found["small"], ("p50 ms", "p50 ms on the small board"))


def claim_next_graph(lab: Lab) -> Measured:
    sizes = lab.sizes
    board = lab.board(sizes.graph_tasks, sizes.graph_edges)
    p99, p50 = [], []
    for number in range(sizes.start_rounds):
        lab.say(f"claim-next in a graph, round {number + 1} of {sizes.start_rounds}")
        with lab.on_board(board) as daemon:
            daemon.start(lab.programs)
            if not has_route(daemon, "POST", "/api/board/claim-next"):
                raise Skipped("the daemon has no POST /api/board/claim-next")
            latency = next_latency(lab, daemon, sizes.graph_claims)
            end(daemon)
        p99.append(latency["p99"])
        p50.append(latency["p50"])
    flush = flush_ms(lab.directory)["p50"]
    return Measured(p99, {"p50 ms": median(p50)}, {"fdatasync p50 ms": flush}, allowance=flush)


def start_large(lab: Lab) -> Measured:
    sizes = lab.sizes
    board = lab.board(sizes.large_board, 0, sizes.growth_rounds * sizes.growth_claims)
    seconds, empty = [], []
    with lab.on_board(board) as daemon:
        for number in range(sizes.start_rounds):
            lab.say(f"start, round {number + 1} of {sizes.start_rounds}")
            lab.tool("baton-bench-fill", "orphans", daemon.directory / "state/baton.db", "--count", sizes.orphans)
            daemon.start(lab.programs)
            seconds.append(daemon.ready_s)
            daemon.end()
            with lab.empty_daemon() as other:
                empty.append(other.ready_s)
                end(other)
        end(daemon)
    return Measured(seconds, {}, {"s with an empty board": median(empty)})
