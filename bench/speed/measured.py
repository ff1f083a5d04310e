"""What a row's measurement gives: the number per round, and what it was made of.

A ratio is taken per round, both sides one after the other, and the median of the rounds counts: what else the machine
did meanwhile hit both.
"""

import shutil
from dataclasses import dataclass, field
from statistics import median

from processes import Process


class Skipped(Exception):
    """Something that the row needs is not here."""


@dataclass
class Measured:
    rounds: list[float]  # the measured number, once per round
    own: dict = field(default_factory=dict)  # what it was made of: name of a number -> its median
    yardstick: dict = field(default_factory=dict)  # what it was compared with
    allowance: float = 0  # added to bar and stretch: what the machine costs, whoever runs on it

    @property
    def value(self) -> float:
        return median(self.rounds)


def ratios(own: list[float], yardstick: list[float], names: tuple[str, str]) -> Measured:
    rounds = [a / b for a, b in zip(own, yardstick, strict=True)]
    return Measured(rounds, {names[0]: median(own)}, {names[1]: median(yardstick)})


def end(daemon: Process) -> None:
    """Ends it and drops its files."""
    daemon.end()
    shutil.rmtree(daemon.directory)


def has_route(server: Process, method: str, path: str) -> bool:
    """True when the route is there, whatever it says to an empty request."""
    status, _ = server.request(method, path, {} if method == "POST" else None)
    return status not in (404, 405)
