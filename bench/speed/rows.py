"""Each row: what is measured, against what, and how good it has to be."""

from collections.abc import Callable
from dataclasses import dataclass

import claims
import growth
import plugins
import small
import worktrees
from lab import Lab, Sizes
from measured import Measured


@dataclass(frozen=True)
class Row:
    name: str
    what: Callable[[Sizes], str]
    unit: str
    more_is_better: bool
    bar: float | None  # None: measured to be known, not to be reached
    stretch: float | None
    measure: Callable[[Lab], Measured]
    group: str = "board"


ROWS = (
    Row("claims", lambda s: f"durable claims over HTTP, {claims.CLIENTS} clients, {s.claim_board:,} tasks, "
        "random order, against a plain SQLite loop with one flush each",
        "x", True, 2.5, 4, claims.claims),
    Row("claims-slow-flush", lambda s: "the same with 2 ms added to each flush",
        "x", True, 15, 25, claims.claims_slow_flush),
    Row("claims-grouped", lambda s: f"the same against a plain SQLite loop with {claims.GROUP} claims per flush",
        "x", True, 0.75, 0.9, claims.claims_grouped),
    Row("claims-in-order", lambda s: "the same in the order of creation, where neighbours share pages; no bar",
        "x", True, None, None, claims.claims_in_order),
    Row("race", lambda s: f"attempts of {claims.CLAIMANTS} claimants per task, against echoes of the same server",
        "x", True, 0.35, 0.5, claims.race),
    Row("loop-lag", lambda s: "p99 of the loop's lag, 10 ms added to each flush, 256 clients claiming",
        "ms", False, 5, 2, claims.loop_lag),
    Row("claim-growth", lambda s: f"p50 of a claim with {s.large_board:,} tasks against {s.small_board:,}",
        "x", False, 1.3, 1.1, lambda lab: growth.growth_of(lab, "claim")),
    Row("claim-next-growth", lambda s: f"p50 of claim-next with {s.large_board:,} tasks against {s.small_board:,}",
        "x", False, 1.3, 1.1, lambda lab: growth.growth_of(lab, "claim-next")),
    Row("claim-next-graph", lambda s: f"p99 of claim-next, {s.graph_tasks:,} tasks, {s.graph_edges:,} edges; "
        "one flush is added to the bar", "ms", False, 2, 0.5, growth.claim_next_graph),
    Row("get-cpu", lambda s: "CPU of reading one task, against nginx' `return 200` of the same bytes",
        "x", False, 1.5, 1.25, small.get_cpu),
    Row("start", lambda s: f"start to READY with {s.large_board:,} tasks and {s.orphans:,} orphaned runs",
        "s", False, 2, 0.5, growth.start_large),
    Row("idle-memory", lambda s: "resident memory after the start and one request",
        "MiB", False, 30, 15, small.idle_memory),
    Row("provision-small", lambda s: f"a worktree of {s.small_tree:,} files, against git alone from a shell",
        "x", False, 1.25, 1.1, lambda lab: worktrees.provision_of(lab, lab.sizes.small_tree), "worktree"),
    Row("provision-large", lambda s: f"a worktree of {s.large_tree:,} files, against git alone from a shell",
        "x", False, 1.25, 1.1, lambda lab: worktrees.provision_of(lab, lab.sizes.large_tree), "worktree"),
    Row("provisions-at-once", lambda s: f"{worktrees.AT_ONCE} worktrees of one repository at once, against one after "
        "the other", "x", False, 0.75, 0.6, worktrees.provisions_at_once, "worktree"),
    Row("git-lag", lambda s: f"p99 of the loop's lag while more than {worktrees.GIT_COMMANDS} git commands run",
        "ms", False, 5, 2, worktrees.lag_under_git, "worktree"),
    Row("cold-resume", lambda s: "p99 of reading where the work stands, files in the cache",
        "ms", False, 2, 0.5, worktrees.cold_resume, "worktree"),
    Row("callback", lambda s: "a line of a program through host, plugin and host again, against two virtual calls "
        "around the same work", "x", False, 3, 2, plugins.callback, "plugin"),
    Row("callback-time", lambda s: "the same, by itself", "ns", False, 100, 50, plugins.callback_time, "plugin"),
    Row("transcript", lambda s: "1 MiB of lines through a plugin to events, against simdjson parsing them",
        "x", False, 3, 2, plugins.transcript, "plugin"),
    Row("probe", lambda s: "a look at a plugin in a process of its own", "ms", False, 5, 2.5, plugins.probe, "plugin"),
)  # fmt: skip

GROUPS = tuple(dict.fromkeys(row.group for row in ROWS))
