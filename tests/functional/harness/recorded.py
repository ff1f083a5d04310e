"""Exchanges that were recorded with another program: read from a file, sent again, compared apart from what must differ.

A line of the file is a JSON object: a number `n`, a `scenario`, and either a `request` and its `response` or something that was
`observed` outside of HTTP. Ids, commits and directories of the recording stand for others of ours; `Likeness` learns which, and
insists that they stay the same ones.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMES = {"createdAt", "updatedAt", "completedAt", "claimedAt", "startedAt", "lastUsedAt", "ts", "timestamp"}
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")

# What is made up by whoever runs: an id, a commit, the name of a repository's directory of worktrees.
MADE_UP = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{40}\b|(?<=/worktrees/)[0-9a-f]{12,64}"
)


@dataclass
class Record:
    n: int
    scenario: str
    step: str
    method: str = ""
    path: str = ""
    headers: dict[str, str] | None = None
    body: Any = None  # bytes as they were sent, or a JSON value; None: no body
    status: int = 0
    answer: Any = None  # a JSON value, or text when it was no JSON
    observed: Any = None


def read_records(path: Path) -> list[Record]:
    return [record_from(json.loads(line)) for line in path.read_text().splitlines()]


def record_from(line: dict) -> Record:
    if "request" not in line:
        return Record(line["n"], line["scenario"], line["step"], observed=line["observed"])
    request, response = line["request"], line["response"]
    body = request["raw"].encode() if "raw" in request else request.get("body")
    answer = response["body"] if "body" in response else response["text"]
    sent = request["method"], request["path"], request.get("headers"), body
    return Record(line["n"], line["scenario"], line["step"], *sent, response["status"], answer)


class Likeness:
    """Says where an answer of ours differs from a recorded one.

    Keys that only ours has are no difference. `directories` maps recorded directories to ours.
    """

    def __init__(self, directories: dict[str, str] | None = None):
        self.directories = directories or {}
        self.ours: dict[str, str] = {}  # what is made up, recorded → ours
        self.reworded = 0  # messages for people that had other words

    def knows(self, recorded: str) -> bool:
        return recorded in self.ours

    def learn(self, recorded: str, ours: str) -> None:
        self.ours[recorded] = ours

    def translated(self, value):
        """A recorded value in our terms, for a request."""
        text = json.dumps(value)
        for recorded, ours in {**self.directories, **self.ours}.items():
            text = text.replace(recorded, ours)
        return json.loads(text)

    def differences(self, recorded, ours, at: str = "") -> list[str]:
        """One line per difference, each beginning with its place: `.task.status: …`."""
        if isinstance(recorded, dict) and isinstance(ours, dict):
            return [line for key, value in recorded.items() for line in self.member(key, value, ours, at)]
        if isinstance(recorded, list) and isinstance(ours, list) and len(recorded) == len(ours):
            pairs = enumerate(zip(recorded, ours))
            return [line for index, (a, b) in pairs for line in self.differences(a, b, f"{at}[{index}]")]
        if isinstance(recorded, str) and isinstance(ours, str):
            alike = self.alike_texts(recorded, ours)
        else:
            alike = type(recorded) is type(ours) and recorded == ours
        return [] if alike else [f"{at}: recorded {shortened(recorded)}, ours {shortened(ours)}"]

    def member(self, key: str, recorded, ours: dict, at: str) -> list[str]:
        at = f"{at}.{key}"
        if key not in ours:
            return [f"{at}: missing, recorded {shortened(recorded)}"]
        if key in TIMES and is_time(recorded) and is_time(ours[key]):
            return []
        if key == "tasks" and isinstance(recorded, list):  # what others of the recording made is not there
            recorded = [task for task in recorded if self.knows(task["id"])]
        if key == "formErrors" or at.startswith(".details.fieldErrors."):
            return self.messages(recorded, ours[key], at)
        if key == "body" and at.startswith(".posts["):
            return self.messages([recorded], [ours[key]], at)
        if key == "sorFiles":
            recorded, ours = skeletons(recorded), {key: skeletons(ours[key])}
        return self.differences(recorded, ours[key], at)

    def messages(self, recorded: list[str], ours: list[str], at: str) -> list[str]:
        """Words for people: present where they were, free in their wording."""
        if bool(recorded) != bool(ours) or not all(isinstance(message, str) and message for message in ours):
            return [f"{at}: recorded {shortened(recorded)}, ours {shortened(ours)}"]
        self.reworded += recorded != ours
        return []

    def alike_texts(self, recorded: str, ours: str) -> bool:
        for directory, own in self.directories.items():
            recorded = recorded.replace(directory, own)
        if MADE_UP.sub("?", recorded) != MADE_UP.sub("?", ours):
            return False
        pairs = zip(MADE_UP.findall(recorded), MADE_UP.findall(ours))
        return all(a == b or self.ours.setdefault(a, b) == b for a, b in pairs)


def is_time(value) -> bool:
    return (isinstance(value, str) and ISO_TIME.fullmatch(value)) or (type(value) is int and value > 0)


def skeletons(files: dict[str, str]) -> dict[str, Any]:
    """What programs read in the files of a worktree: headings, keys, names of commands. The prose between is free."""
    return {name: skeleton(name, text) for name, text in files.items()}


def skeleton(name: str, text: str):
    if name.endswith(".json"):
        return dict.fromkeys(json.loads(text))
    if name.endswith(".sh"):
        return re.findall(r"^(\w+_CMD)=", text, re.M)
    return re.findall(r"^## (.*)$|^- \*\*(.*?:)\*\*", text, re.M)


def shortened(value) -> str:
    text = json.dumps(value)
    return text if len(text) <= 200 else text[:200] + "…"
