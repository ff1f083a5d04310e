"""Reads the ABI headers as far as the checks need it: comments, and the declarations that they stand before.

Not a C parser: it knows the few forms in which these headers declare something. What it does not understand it
refuses, so that nothing slips through unread.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

POINTER = re.compile(r"\(\*\s*(\w+)\)\s*\(")


@dataclass
class Function:
    """A slot of a table, an exported function, or the type of a callback."""

    name: str
    line: int
    owner: str  # the struct that it is a slot of; "" for none
    text: str  # the declaration
    comment: list[str]  # the lines of the comment right before it, without its stars
    callbacks: list[str] = field(default_factory=list)  # what is passed to it and called later


@dataclass
class Header:
    path: Path
    lines: int
    functions: list[Function]
    members: list[tuple[str, str]]  # (struct, member), in the order of the header


def stable_headers(root: Path) -> list[Path]:
    """Those of a release; drafts are none of it."""
    return [root / "base.h", root / "entry.h", root / "host.h", *sorted((root / "ext").glob("*.h"))]


def draft_headers(root: Path) -> list[Path]:
    return sorted((root / "draft").glob("*.h"))


def comment_lines(comment: str) -> list[str]:
    inner = comment[2:-2]
    return [re.sub(r"^\s*\* ?", "", line).rstrip() for line in inner.strip().splitlines()]


def statements(text: str):
    """(declaration, its line, the comment right before it, the struct around it) for each declaration."""
    comment, begin, depth, struct, position = "", None, 0, "", 0
    while position < len(text):
        rest = text[position:]
        char = text[position]
        if rest.startswith("/*"):
            end = text.index("*/", position) + 2
            if begin is None:  # behind a declaration it is about that one
                alone = not text[text.rfind("\n", 0, position) + 1 : position].strip()
                comment = text[position:end] if alone else ""
            position = end
            continue
        if begin is None and char == "#":
            position = re.compile(r"(?:\\\n|[^\n])*\n").match(text, position).end()
            comment = ""
            continue
        if char.isspace():
            position += 1
            continue
        if begin is None and char != "}":
            begin = position
        depth += {"(": 1, ")": -1}.get(char, 0)
        if depth == 0 and char in "{;}":
            found = text[begin:position] if begin is not None else ""
            if char == ";" and found:
                yield found, text.count("\n", 0, begin) + 1, comment, struct
            elif char == "{":
                named = re.search(r"struct (\w+)\s*$", found)
                struct = named[1] if named else ""
            elif char == "}" and struct:
                struct = ""
                position = text.index(";", position)
            comment, begin = "", None
        position += 1


def member_names(declaration: str) -> list[str]:
    """`const char *a, *b` and `uint32_t a, b` have two."""
    pointer = POINTER.search(declaration)
    if pointer:
        return [pointer[1]]
    return [re.search(r"(\w+)\s*$", part)[1] for part in declaration.split(",")]


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)


def read(path: Path) -> Header:
    text = path.read_text()
    header = Header(path, len(text.splitlines()), [], [])
    for found, line, comment, struct in statements(text):
        declaration = " ".join(without_comments(found).split())
        if struct:
            header.members += [(struct, name) for name in member_names(declaration)]
        if "(" not in declaration:
            continue
        pointers = POINTER.findall(declaration)
        name = pointers[0] if pointers and (struct or declaration.startswith("typedef")) else ""
        if not name:
            name = re.search(r"(\w+)\(", declaration)[1]
            pointers = [name, *pointers]
        lines = comment_lines(comment) if comment else []
        header.functions.append(Function(name, line, struct, declaration, lines, pointers[1:]))
    return header
