"""What a worktree costs: made, many at once, read cold, and what git's work does to the daemon's loop."""

import json
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from lab import Lab, settle
from measured import Measured, ratios
from processes import Batond, Failed, environment

AT_ONCE = 16
GIT_COMMANDS = 200
PER_DETAIL = 5  # git commands that reading a worktree's details starts at the least
SMALL = 200  # files of the repository where the number of files is not the question


class Repository:
    """`files` files of about a kilobyte in directories of a hundred, in one commit."""

    def __init__(self, path: Path, files: int):
        self.path = path
        self.environment = environment(path, GIT_CONFIG_NOSYSTEM="1")
        self.made = 0
        path.mkdir()
        self.git("init", "-q", "-b", "main")
        self.git("fast-import", "--quiet", text=self.history(files))
        self.git("reset", "-q", "--hard")

    def git(self, *words, text: bytes = b"") -> None:
        self.shell('exec git "$@"', *map(str, words), text=text)

    def shell(self, script: str, *words: str, text: bytes = b"") -> None:
        done = subprocess.run(
            ["sh", "-c", script, "sh", *words], cwd=self.path, env=self.environment, input=text, capture_output=True
        )
        if done.returncode:
            raise Failed(f"{script} {words}: {done.stderr.decode(errors='replace')[-2000:]}")

    @staticmethod
    def history(files: int) -> bytes:
        lines = ["commit refs/heads/main", "committer bench <bench@localhost> 1700000000 +0000", "data 4", "base"]
        for number in range(files):
            text = f"line of file {number}\n" * 50
            lines += [f"M 100644 inline d{number // 100}/f{number}.txt", f"data {len(text)}", text]
        return "\n".join([*lines, ""]).encode()

    def bare_provision(self) -> float:
        """Seconds for what nobody can do without: the checkout on a branch of its own, and a commit on it."""
        self.made += 1
        place = self.path.parent / f"bare-{self.made}"
        begun = time.monotonic()
        self.shell(
            'git worktree add -q -b "$1" "$2" && '
            "git -C \"$2\" -c user.name=b -c user.email=b@localhost commit -q --allow-empty -m scaffold",
            place.name,
            str(place),
        )
        return time.monotonic() - begun


def ask(daemon: Batond, method: str, path: str, body=None) -> dict:
    status, answer = daemon.request(method, path, body)
    if status != 200:
        raise Failed(f"{method} {path}: {status} {answer[:500]!r}")
    return json.loads(answer)


def task(daemon: Batond) -> str:
    """The path of a new task's worktree in the API."""
    return f"/api/board/{ask(daemon, 'POST', '/api/board', {'title': 'a task'})['task']['id']}/workspace"


def provision(daemon: Batond, path: str, repository: Repository) -> float:
    begun = time.monotonic()
    ask(daemon, "POST", path, {"repoPath": str(repository.path)})
    return time.monotonic() - begun


@contextmanager
def place(lab: Lab, files: int):
    """A daemon and a repository; both are gone afterwards."""
    directory = lab.fresh("trees")
    repository = Repository(directory / "repository", files)
    settle()
    with lab.empty_daemon() as daemon:
        yield daemon, repository
    shutil.rmtree(daemon.directory)
    shutil.rmtree(directory)


def provision_of(lab: Lab, files: int) -> Measured:
    own, bare = [], []
    for number in range(lab.sizes.tree_rounds):
        lab.say(f"worktrees of {files} files, round {number + 1} of {lab.sizes.tree_rounds}")
        with place(lab, files) as (daemon, repository):
            paths = [task(daemon) for _ in range(lab.sizes.trees)]
            provision(daemon, task(daemon), repository)  # what is read for the first time is nobody's cost
            repository.bare_provision()
            pairs = [(provision(daemon, path, repository), repository.bare_provision()) for path in paths]
        own.append(1000 * median(pair[0] for pair in pairs))
        bare.append(1000 * median(pair[1] for pair in pairs))
    return ratios(own, bare, ("ms", "ms of git alone"))


def provisions_at_once(lab: Lab) -> Measured:
    at_once, in_turn = [], []
    for number in range(lab.sizes.tree_rounds):
        lab.say(f"{AT_ONCE} worktrees at once, round {number + 1} of {lab.sizes.tree_rounds}")
        with place(lab, lab.sizes.small_tree) as (daemon, repository):
            provision(daemon, task(daemon), repository)
            paths = [task(daemon) for _ in range(2 * AT_ONCE)]
            begun = time.monotonic()
            for path in paths[:AT_ONCE]:
                provision(daemon, path, repository)
            in_turn.append(time.monotonic() - begun)
            with ThreadPoolExecutor(AT_ONCE) as pool:
                begun = time.monotonic()
                list(pool.map(lambda path: provision(daemon, path, repository), paths[AT_ONCE:]))
                at_once.append(time.monotonic() - begun)
    return ratios(at_once, in_turn, ("s", "s one after the other"))


def lag_under_git(lab: Lab) -> Measured:
    """The loop is watched from before the first command until the last one has ended."""
    p99, worst = [], []
    for number in range(lab.sizes.tree_rounds):
        lab.say(f"loop lag under git, round {number + 1} of {lab.sizes.tree_rounds}")
        with place(lab, SMALL) as (daemon, repository):
            paths = [task(daemon) for _ in range(AT_ONCE)]
            for path in paths:
                provision(daemon, path, repository)
            reads = [paths[number % AT_ONCE] for number in range(GIT_COMMANDS // PER_DETAIL)]
            lag = watched(daemon, lab.sizes.lag_window_ms, reads)
        p99.append(lag["p99Us"] / 1000)
        worst.append(lag["maxUs"] / 1000)
    return Measured(p99, {"worst ms": median(worst)})


def watched(daemon: Batond, window_ms: int, paths: list[str]) -> dict:
    with ThreadPoolExecutor(AT_ONCE + 1) as pool:
        lag = pool.submit(ask, daemon, "GET", f"/api/obs/loop?ms={window_ms}")
        rounds = 0
        while not lag.done():
            list(pool.map(lambda path: ask(daemon, "GET", f"{path}/detail"), paths))
            rounds += 1
    if rounds == 0:
        raise Failed("the loop was watched before git began")
    return lag.result()


def cold_resume(lab: Lab) -> Measured:
    """By one client over one connection: what a runtime waits for before it knows where the work stands."""
    found = []
    for number in range(lab.sizes.tree_rounds):
        lab.say(f"cold resume, round {number + 1} of {lab.sizes.tree_rounds}")
        with place(lab, SMALL) as (daemon, repository):
            path = task(daemon)
            provision(daemon, path, repository)
            handoff = {"handoffFrom": "bench", "runtime": "bench", "nextBestStep": "go on", "completedSubtasks": ["half"]}
            ask(daemon, "POST", f"{path}/handoff", handoff)
            words = ("--clients", 1, "--path", path, "--requests", lab.sizes.resumes)
            found.append(lab.load("repeat", daemon, *words)["repeat"]["latencyMs"])
    return Measured([each["p99"] for each in found], {"p50 ms": median(each["p50"] for each in found)})
