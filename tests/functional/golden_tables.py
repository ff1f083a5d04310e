"""What test_golden.py knows of the recording: where Baton differs on purpose, what is not sent, what has to be prepared.

Records are named by their number.
"""

import re
from dataclasses import dataclass
from typing import Any

BODY_LIMIT = 2 * 1024 * 1024


@dataclass
class Difference:
    """Numbers of records, and what Baton answers to them: the status, and the parts of the body that differ.

    A type stands for any value of it, a function for each value that it accepts.
    """

    row: str  # first column of docs/differences.md
    answers: dict[int, tuple[int, Any]]


ERROR = {"error": str}
INVALID = {"error": "invalid body"}


def names(field: str):
    return {"error": "invalid body", "details": {"fieldErrors": {field: list}}}


DIFFERENCES = [
    Difference(
        "malformed JSON, body over 2 MiB, unknown `/api` path, wrong method",
        {6: (404, ERROR), 9: (405, ERROR), 80: (400, INVALID), 82: (400, INVALID), 85: (413, ERROR), 278: (400, ERROR)},
    ),
    Difference("a path in capital letters", {7: (404, ERROR)}),
    Difference("`OPTIONS`", {10: (204, "")}),
    Difference("no body where there must be one", {81: (400, {"details": {"formErrors": []}})}),
    Difference("a body that is not said to be JSON", {84: (415, ERROR)}),
    Difference("a body that is not UTF-8", {86: (400, INVALID)}),
    Difference("a query parameter given twice", {93: (400, ERROR)}),
    Difference(
        "unknown parent on create; comment on a missing task; unknown workspace in an execution",
        {
            77: (404, {"ok": False, "error": "parent task not found"}),
            78: (400, names("parentTaskId")),
            231: (404, {"ok": False, "error": "task not found"}),
            241: (404, {"ok": False, "error": "workspace not found"}),
        },
    ),
    Difference("executions of a missing task", {249: (404, {"error": "task not found"})}),
    Difference(
        "claim of a task whose dependencies are not done",
        {108: (409, {"ok": False, "error": "conflict", "reason": "dependencies"})},
    ),
    Difference(
        "PATCH with the status that the task has",
        {160: (200, {"task": {"completedAt": None}}), 168: (200, {"task": {"completedAt": None}})},
    ),
    Difference(
        "not a repository, bad ref, no commits",
        {
            259: (422, {"ok": False, "error": "not_a_repository"}),
            260: (422, {"ok": False, "error": "not_a_repository"}),
            261: (422, {"ok": False, "error": "bad_ref"}),
            262: (422, {"ok": False, "error": "bad_ref"}),
            357: (422, {"ok": False, "reason": "not_a_repository"}),
            359: (200, {"executions": []}),
        },
    ),
    Difference("a run without `repoPath`", {355: (200, {"comments": []}), 356: (200, {"executions": []})}),
    Difference("a run with a missing or wrong field", {347: (400, INVALID), 352: (400, INVALID), 353: (400, INVALID)}),
    Difference(
        "the diff",
        {
            281: (200, {"diffStat": {"insertions": 3}, "diff": lambda text: "+++ b/new.txt" in text and "+++ b/dir/x" in text}),
            284: (200, {"complete": {"diffStat": {"insertions": 3}}}),
        },
    ),
    Difference(
        "hand-off or `complete` while paused",
        {292: (409, {"ok": False, "error": "no_checkout"}), 293: (409, {"ok": False, "error": "no_checkout"})},
    ),
    Difference(
        "provision of a task whose branch has work",
        {295: (0, {"branch_now": list, "new_txt_exists": True, "paused_commit_reachable": True})},
    ),
    Difference(
        "`complete` on a task that nobody works on",
        {
            296: (200, {"complete": {"dirty": True, "diffStat": dict, "cleaned": False}}),
            297: (200, {"task": {"worktreeRef": str, "branchRef": str}}),
            298: (200, {"workspace": {"status": "active"}, "resume": dict, "handoff": dict}),
            299: (200, {"complete": {"dirty": True, "cleaned": False}}),
        },
    ),
]
WORDS_ROW = "words of messages"  # harness/recorded.py lets them differ everywhere

# Records that are not sent. Where a beginning of a path is named, they have to be sent as soon as such a route is served.
LEFT_OUT = [
    ("health, settings, onboarding and the list of runtimes are other parts", None, [1, 2, 4, 5]),
    ("MCP is another part", "/api/mcp", range(12, 52)),
    ("runs need the agent programs of the recording", None, [*range(360, 374), *range(375, 396)]),
    ("budgets, breaker, audit and projections of the fleet are another part", "/api/governance", range(410, 438)),
]

# Bodies that the recording only describes.
BODIES = {
    68: {"title": "d", "description": "x" * 20000},
    69: {"title": "d", "description": "x" * 20001},
    85: b'{"title":"' + b"x" * BODY_LIMIT + b'"}',
    86: b'{"title":"\xff\xfe"}',
    229: {"body": "x" * 20001},
}

# A task whose creation was not recorded is put on the board before it is first named, in the status that the name of the step
# speaks of, or in this one.
STATUS_BEFORE = {177: "in_progress", 374: "done"}
STATUS_IN_STEP = re.compile(r"(\w+)->|claim of (\w+)")
