"""The recorded exchanges of the older tool, sent to the daemon: it answers the same, but for a short list of differences on purpose.

Every key of a recorded answer has to be in ours with the same value; ours may hold more. golden_tables.py lists the differences, each
with what Baton answers instead and with the row of docs/differences.md that gives the reason; one that is listed and is none fails
as well. It lists what is not sent, too. The recording is no part of this project: without it the test is skipped.
"""

import itertools
import json
import os
import re
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from golden_tables import BODIES, DIFFERENCES, LEFT_OUT, STATUS_BEFORE, STATUS_IN_STEP, WORDS_ROW
from harness import DaemonCase, Reply, Repo, runtime
from harness.daemon import ROOT
from harness.recorded import Likeness, Record, read_records

RECORDING = Path(os.environ.get("BATON_RECORDING", ROOT.parent / "shared/golden/clawboo.jsonl"))
ROWS = ROOT / "docs/differences.md"

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def matches(expected, value) -> bool:
    if isinstance(expected, type):
        return isinstance(value, expected)
    if callable(expected):
        return expected(value)
    if isinstance(expected, dict):
        return isinstance(value, dict) and all(key in value and matches(part, value[key]) for key, part in expected.items())
    return expected == value


def places(part, at: str = "") -> Iterator[str]:
    """Where the leaves of a part of a body are, as Likeness.differences() writes it."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from places(value, f"{at}.{key}")
    else:
        yield at


def content(reply: Reply):
    is_json = reply.body and reply.headers.get("content-type", "").startswith("application/json")
    return reply.json if is_json else reply.body.decode()


class Replay:
    """One scenario against a daemon of its own."""

    def __init__(self, case: "Golden", records: list[Record]):
        self.case = case
        self.records = records
        self.statuses: dict[int, int] = {}
        name = records[0].scenario
        case.script("idle.sh", "exit 0\n")
        daemon = case.daemon(runtime("codex", case.directory / "idle.sh"), name).start()
        self.repo = Repo(case.directory / name / "repo", {"README.md": "hello\n", "src/a.txt": "a\n"})
        self.client = daemon.client
        self.like = Likeness(
            {
                "/srv/rec/repo-ws": str(self.repo.path),
                "/srv/rec/repo-runs": str(self.repo.path),
                "/srv/rec": str(case.directory),
                "/srv/home-rec/.clawboo": str(daemon.state),
            }
        )

    def replay(self, record: Record) -> tuple[int, Any, list[str]]:
        """Status and body of Baton's answer, and where it differs from the recorded one."""
        if record.observed is not None:
            ours = OBSERVATIONS[record.n](self, record.observed)
            return 0, ours, self.like.differences({key: record.observed[key] for key in ours}, ours)
        self.prepare(record)
        reply = self.send(record)
        self.statuses[record.n] = reply.status
        status = [] if reply.status == record.status else [f": recorded status {record.status}, ours {reply.status}"]
        return reply.status, content(reply), status + self.like.differences(record.answer, content(reply))

    def prepare(self, record: Record) -> None:
        for recorded_id in UUID.findall(f"{record.path} {record.body}"):
            if not self.like.knows(recorded_id):
                self.like.learn(recorded_id, self.case.create(self.client, **self.task_before(record, recorded_id))["id"])
        if record.n == 281:  # what the recording did in the checkout
            checkout = self.checkout()
            (checkout / "src/a.txt").write_text("a\nchanged\n")
            (checkout / "new.txt").write_text("new\n")
            (checkout / "dir").mkdir()
            (checkout / "dir/x").write_text("x\n")

    def task_before(self, record: Record, recorded_id: str) -> dict:
        bodies = (other.answer["task"] for other in self.records if isinstance(other.answer, dict) and "task" in other.answer)
        task = next((task for task in bodies if task["id"] == recorded_id), {"title": "a task"})
        fields = {key: task[key] for key in ("title", "description", "priority", "teamId") if task.get(key) is not None}
        in_step = STATUS_IN_STEP.match(record.step)
        return {**fields, "status": STATUS_BEFORE.get(record.n) or (in_step and (in_step[1] or in_step[2])) or "todo"}

    def send(self, record: Record) -> Reply:
        body = BODIES.get(record.n, record.body)
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(self.like.translated(body)).encode()
        return self.client.request(record.method, self.like.translated(record.path), body, record.headers)

    # ---- what the recording saw outside of HTTP ----

    def checkout(self) -> Path:
        recorded = next(record.answer["worktree"] for record in self.records if record.n == 263)
        workspace = self.client.get(f"/api/board/{self.like.translated(recorded['taskId'])}/workspace").json["workspace"]
        return Path(workspace["worktreePath"])

    def branch(self) -> str:
        return next(branch for branch in self.repo.branches() if branch.startswith("clawboo/"))

    def subjects(self) -> list[str]:
        return self.repo.git("log", "--format=%s", self.branch()).splitlines()[:-1]  # the oldest is the user's

    def race_outcome(self, recorded) -> dict:
        return {"statuses": sorted(self.statuses[n] for n in range(111, 119))}

    def scaffold(self, recorded) -> dict:
        git, checkout = self.repo.git, self.checkout()
        recorded["log"] = recorded["log"][:1]
        recorded["show"] = [line.split("|")[0].strip() for line in recorded["show"][:-1]]
        recorded["worktrees"] = [line for line in recorded["worktrees"] if not line.startswith("HEAD")]
        return {
            "log": [git("log", "-1", "--format=%an <%ae>|%cn <%ce>|%s", self.branch())],
            "show": git("show", "--format=", "--name-only", self.branch()).splitlines(),
            "worktrees": [line for line in f"{git('worktree', 'list', '--porcelain')}\n".split("\n") if not line.startswith("HEAD")],
            "mode": oct((checkout / "init.sh").stat().st_mode),
            "repo_status": git("status", "--porcelain"),
            "files": sorted(path.name for path in checkout.iterdir()),
        }

    def handoff_file(self, recorded) -> dict:
        ours, theirs = (self.checkout() / "AGENT_HANDOFF.json").read_text(), recorded["text"]
        timed = re.compile(r'(?<="timestamp": ")[^"]*')
        recorded["text"] = timed.sub("now", theirs)
        return {"text": timed.sub("now", ours)}

    def paused(self, recorded) -> dict:
        recorded["branch"].pop()
        self.paused_tip = self.repo.git("rev-parse", self.branch())
        return {"exists": self.checkout().exists(), "branch": self.subjects()}

    def provisioned_again(self, recorded) -> dict:
        recorded["branch_now"].pop()
        reachable = self.repo.git("branch", "--format=%(refname:short)", "--contains", self.paused_tip)
        return {
            "branch_now": self.subjects(),
            "new_txt_exists": (self.checkout() / "new.txt").exists(),
            "paused_commit_reachable": self.branch() in reachable.splitlines(),
        }


OBSERVATIONS = {
    119: Replay.race_outcome,
    264: Replay.scaffold,
    274: Replay.handoff_file,
    288: Replay.paused,
    295: Replay.provisioned_again,
}


@unittest.skipUnless(RECORDING.exists(), f"no recording at {RECORDING}")
class Golden(DaemonCase):
    @classmethod
    def setUpClass(cls):
        cls.records = read_records(RECORDING)
        cls.left_out = {n for _, _, numbers in LEFT_OUT for n in numbers}
        cls.expected = {n: answer for difference in DIFFERENCES for n, answer in difference.answers.items()}

    def check(self, record: Record, status: int, ours, found: list[str]):
        if record.n not in self.expected:
            self.assertEqual(found, [], f"{record.method} {record.path}: {ours}")
            return
        expected_status, part = self.expected[record.n]
        self.assertEqual(status, expected_status, ours)
        self.assertTrue(matches(part, ours), f"expected {part}, got {ours}")
        self.assertTrue(found, "listed as a difference and is none")
        if status == record.status and isinstance(record.answer, dict):
            listed = tuple(places(part))
            self.assertEqual([line for line in found if not line.startswith(listed)], [], "not listed")
            self.assertEqual([at for at in listed if not any(line.startswith(at) for line in found)], [], "no difference")

    def test_the_daemon_answers_as_recorded(self):
        routes = self.daemon(name="routes").start().client.get("/api/openapi.json").json["paths"]
        waiting = [r for r in self.records if r.path.startswith("/api/team-chat") and "/api/team-chat" not in routes]
        for reason, route, _ in LEFT_OUT:
            self.assertFalse(route and any(path.startswith(route) for path in routes), f"served now, so replay it: {reason}")
        sent = reworded = 0
        for _, group in itertools.groupby(self.records, key=lambda record: record.scenario):
            records = list(group)
            chosen = [record for record in records if record.n not in self.left_out and record not in waiting]
            if not chosen:
                continue
            replay = Replay(self, records)
            for record in chosen:
                with self.subTest(n=record.n, scenario=record.scenario, step=record.step):
                    self.check(record, *replay.replay(record))
                    sent += 1
            reworded += replay.like.reworded
        self.assertGreater(reworded, 0, f"no message differs: {WORDS_ROW}")
        print(f"\n{sent} of {len(self.records)} recorded exchanges replayed; {len(waiting)} wait for their route")
        for reason, _, numbers in LEFT_OUT:
            print(f"{len(set(numbers) & {r.n for r in self.records})} left out: {reason}")

    def test_the_tables_name_what_exists(self):
        numbers = {record.n for record in self.records}
        left_out = [n for _, _, group in LEFT_OUT for n in group]
        self.assertEqual(len(left_out), len(set(left_out)))
        for n in [*left_out, *self.expected, *BODIES, *STATUS_BEFORE, *OBSERVATIONS]:
            self.assertIn(n, numbers)
        self.assertEqual(set(self.expected) & set(left_out), set())
        self.assertEqual(len(self.expected), sum(len(difference.answers) for difference in DIFFERENCES))


class Rows(unittest.TestCase):
    def test_each_difference_is_explained(self):
        rows = {line.split("|")[1].strip() for line in ROWS.read_text().splitlines() if line.startswith("| ")}
        for row in [WORDS_ROW, *(difference.row for difference in DIFFERENCES)]:
            self.assertIn(row, rows)
