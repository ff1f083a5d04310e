#!/usr/bin/env python3
"""Each function of the ABI headers says what a stranger must know, and the surface stays within its budget.

  check_documentation.py INCLUDE/baton

Before each slot, exported function and callback type stands a comment: a sentence or more, then Thread, When, Owner,
Errors, Limits and Since, in this order, each at the beginning of a line. A callback that is passed as an argument is
documented by the function that takes it: its sentences and its Thread line name it. Every function pointer is
BATON_NOEXCEPT. Drafts are read like the rest, but do not count.
"""

import re
import sys
from pathlib import Path

from abi_headers import Function, Header, draft_headers, read, stable_headers

KEYS = ("Thread", "When", "Owner", "Errors", "Limits", "Since")
KEY = re.compile(r"\b(%s):" % "|".join(KEYS))
HOST_FUNCTIONS = 40
HEADER_LINES = 1500


def split(comment: list[str]) -> tuple[str, list[tuple[str, str]], list[str]]:
    """(sentences, [(key, text)], keys that stand in the middle of a line)."""
    sentences, entries, inside = [], [], []
    for line in comment:
        key = KEY.match(line)
        inside += [found[1] for found in KEY.finditer(line, key.end() if key else 0)]
        if key:
            entries.append((key[1], line[key.end():].strip()))
        elif entries:
            entries[-1] = (entries[-1][0], f"{entries[-1][1]} {line.strip()}".strip())
        else:
            sentences.append(line.strip())
    return " ".join(sentences).strip(), entries, inside


def problems_of(function: Function, draft: bool) -> list[str]:
    if not function.comment:
        return ["no documentation block"]
    sentences, entries, inside = split(function.comment)
    found = [f"{key}: in the middle of a line" for key in inside]
    if not sentences.endswith("."):
        found.append("no sentence before Thread:")
    keys = [key for key, _ in entries]
    if keys != list(KEYS):
        found.append(f"has {', '.join(keys) or 'none'} instead of {', '.join(KEYS)}")
    said = dict(entries)
    found += [f"{key}: says nothing" for key, text in entries if not text]
    if "Since" in said and not re.fullmatch("draft" if draft else r"1\.\d+", said["Since"]):
        found.append(f"Since: {said['Since']}")
    for name in function.callbacks:
        if not re.search(rf"\b{name}\b", sentences) or not re.search(rf"\b{name}\b", said.get("Thread", "")):
            found.append(f"does not say when {name} is called, and on which thread")
    if function.text.count("BATON_NOEXCEPT") != 1 + len(function.callbacks):
        found.append("a function or a callback of it is not BATON_NOEXCEPT")
    return found


def check(headers: list[Header], draft: bool = False) -> list[str]:
    return [
        f"{header.path}:{function.line}: {function.name}: {problem}"
        for header in headers
        for function in header.functions
        for problem in problems_of(function, draft)
    ]


def surface(headers: list[Header]) -> tuple[int, int]:
    """(functions that the host gives, lines)."""
    tables = [f for h in headers for f in h.functions if re.fullmatch(r"baton_host(_\w+)?", f.owner)]
    return len(tables), sum(header.lines for header in headers)


def over_budget(functions: int, lines: int) -> list[str]:
    found = []
    if functions > HOST_FUNCTIONS:
        found.append(f"{functions} host functions, more than {HOST_FUNCTIONS}: one in, one out")
    if lines > HEADER_LINES:
        found.append(f"{lines} header lines, more than {HEADER_LINES}")
    return found


def main(root: Path) -> int:
    stable = [read(path) for path in stable_headers(root)]
    functions, lines = surface(stable)
    documented = sum(len(header.functions) for header in stable)
    print(f"{documented} functions; of {HOST_FUNCTIONS} host functions {functions}, of {HEADER_LINES} lines {lines}")
    drafts = [read(path) for path in draft_headers(root)]
    problems = check(stable) + check(drafts, draft=True) + over_budget(functions, lines)
    if documented == 0:
        problems.append(f"{root}: no functions")
    print(*problems, sep="\n", end="\n" if problems else "")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
