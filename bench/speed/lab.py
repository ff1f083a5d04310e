"""Where rows are measured: the programs, the sizes, a directory, and boards that are made once and used by several."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from processes import Batond, Failed, environment

TOOL_S = 300  # for one call of a tool; each ends by itself long before


@dataclass(frozen=True)
class Sizes:
    """How much of everything. Big enough that a round takes about a second, or what the row's name says."""

    rounds: int = 5
    claim_board: int = 100_000
    claims: int = 20_000
    loop_claims: int = 8_000  # of the plain loop, one flush each
    slow_claims: int = 10_000
    slow_loop_claims: int = 800
    race_tasks: int = 10_000
    echoes: int = 150_000
    lag_claims: int = 40_000
    lag_window_ms: int = 1_200
    small_board: int = 10_000
    large_board: int = 1_000_000
    growth_rounds: int = 8
    growth_claims: int = 250  # of each kind and round; all rounds together take what is ready of the small board
    graph_tasks: int = 100_000
    graph_edges: int = 300_000
    graph_claims: int = 3_000
    gets: int = 200_000
    orphans: int = 1_000
    start_rounds: int = 3
    tree_rounds: int = 3
    loop_s: float = 0.5  # of one repetition of a loop in a program
    trees: int = 7  # made per round by each side
    small_tree: int = 1_000  # files
    large_tree: int = 10_000
    resumes: int = 4_000


QUICK = Sizes(
    rounds=1,
    claim_board=8_000,
    claims=2_000,
    loop_claims=1_000,
    slow_claims=1_000,
    slow_loop_claims=100,
    race_tasks=500,
    echoes=10_000,
    lag_claims=8_000,
    lag_window_ms=150,
    small_board=2_000,
    large_board=20_000,
    growth_rounds=2,
    growth_claims=100,
    graph_tasks=5_000,
    graph_edges=15_000,
    graph_claims=300,
    gets=20_000,
    orphans=100,
    start_rounds=1,
    tree_rounds=1,
    loop_s=0.02,
    trees=2,
    small_tree=50,
    large_tree=200,
    resumes=200,
)


@dataclass(frozen=True)
class Board:
    """A database file, and ids of ready tasks in it, in random order."""

    file: Path
    ids: tuple[str, ...]


def settle() -> None:
    """What was written is on the disk: what the kernel writes back later would be measured with what follows."""
    os.sync()


def settled_copy(source: Path, target: Path) -> Path:
    shutil.copy(source, target)
    settle()  # also what was removed and made before
    return target


class Lab:
    """`programs` is a build's bin/. What is written lies below `directory`: both sides of a ratio share a disk."""

    def __init__(self, programs: Path, directory: Path, sizes: Sizes):
        self.programs = programs
        self.directory = directory
        self.sizes = sizes
        self.used = 0
        self.board = cache(self.make_board)

    def say(self, text: str) -> None:
        print(f"speed: {text}", file=sys.stderr, flush=True)

    def fresh(self, name: str) -> Path:
        """A new directory."""
        self.used += 1
        path = self.directory / f"{self.used}-{name}"
        path.mkdir()
        return path

    def tool(self, name: str, *words, **more: str) -> str:
        command = [str(self.programs / name), *map(str, words)]
        try:
            done = subprocess.run(
                command, env=environment(self.directory, **more), capture_output=True, text=True, timeout=TOOL_S
            )
        except subprocess.TimeoutExpired:
            raise Failed(f"{name} {words[0]} did not end within {TOOL_S} s") from None
        if done.returncode:
            raise Failed(f"{name} {words[0]} ended with {done.returncode}: {(done.stderr + done.stdout)[-2000:]}")
        return done.stdout

    def load(self, command: str, server, *words) -> dict:
        """One run of baton-bench, which fails when a promise was broken."""
        return json.loads(self.tool("baton-bench", command, "--json", "--url", server.url, *words))

    def ids_file(self, directory: Path, ids: tuple[str, ...]) -> Path:
        path = directory / "ids"
        path.write_text("\n".join(ids))
        return path

    def sqlite_loop(self, board: Board, claims: int, group: int, **more: str) -> float:
        """Claims per second without a server, on a copy of the board."""
        directory = self.fresh("sqlite")
        file = settled_copy(board.file, directory / "baton.db")
        words = ("--ids", self.ids_file(directory, board.ids), "--claims", claims, "--group", group)
        out = self.tool("baton-bench-sqlite", file, *words, **more)
        shutil.rmtree(directory)
        return json.loads(out)["claimsPerSecond"]

    def slow_flush(self, ms: float) -> dict[str, str]:
        """An environment in which each flush takes so much longer."""
        library = self.programs.parent / "lib/libslow_flush.so"
        if not library.exists():
            raise Failed(f"{library} is not there")
        return {"LD_PRELOAD": str(library), "BATON_SLOW_FLUSH_MS": str(ms)}

    def make_board(self, tasks: int, edges: int = 0, sample: int = 0) -> Board:
        self.say(f"making a board of {tasks} tasks" + (f" and {edges} edges" if edges else ""))
        directory = self.fresh("board")
        file, ids = directory / "baton.db", directory / "ids"
        words = ("--tasks", tasks, "--edges", edges, "--sample", sample, "--ids", ids)
        self.tool("baton-bench-fill", "board", file, *words)
        return Board(file, tuple(ids.read_text().split()))

    def on_board(self, board: Board) -> Batond:
        """A daemon, not yet started, on a copy of the board."""
        daemon = Batond(self.fresh("daemon"))
        state = daemon.directory / "state"
        state.mkdir(mode=0o700)
        settled_copy(board.file, state / "baton.db")
        return daemon

    def empty_daemon(self, **more: str) -> Batond:
        """A daemon that runs on a state of its own."""
        daemon = Batond(self.fresh("daemon"))
        return daemon.start(self.programs, **more)
