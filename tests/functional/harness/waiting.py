"""Waiting for a condition, never for a time."""

import os
import time
from pathlib import Path

DEADLINE_S = float(os.environ.get("BATON_TEST_DEADLINE_S", "30"))  # sanitizers and busy machines need it generous


def wait_until(condition, what: str, deadline_s: float = DEADLINE_S):
    """The first true value of `condition()`; AssertionError with `what` when there is none in time."""
    end = time.monotonic() + deadline_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s:g} s: {what}")
        time.sleep(0.01)


def is_alive(pid: int) -> bool:
    """True for a process that runs; false for one that is gone, or dead and not yet reaped."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"
