#!/usr/bin/env python3
"""The shape of the tree: short files, a README in each folder, nothing left to do in the text.

  check_tree.py [--root DIR]

- A source file of more than 500 lines is refused; more than 300 is mentioned, since it usually hides a second concept.
- Each top-level folder, layer and kind of test has a README.md of at most 40 lines.
- A path in a README or in docs/ names a file that is there, so that a newcomer is not sent astray.
- No comment says TODO, FIXME or XXX: what is not done is not there, and what should be done is an issue.
"""

import argparse
import re
import sys
from pathlib import Path

LONGEST, LONG = 500, 300
README_LINES = 40
SUFFIXES = (".cpp", ".hpp", ".c", ".h", ".py", ".cmake", ".sh")
LEFTOVER = re.compile(r"(//|#|\*).*\b(TODO|FIXME|XXX)\b")  # in a comment; a status may be called so
# `folder/file.ext` in a document; a bare name may be anything.
PATH = re.compile(r"`((?:[\w-]+/)+[\w.-]+\.(?:cpp|hpp|h|md|txt|toml|py|service))`")
# Folders whose direct sub-folders are subjects of their own.
NESTED = ("daemon", "plugins", "tests")


def is_ours(path: Path) -> bool:
    """False for build trees and hidden folders."""
    return not any(part.startswith((".", "build")) or part == "__pycache__" for part in path.parts)


def files(root: Path) -> list[Path]:
    return sorted(p for p in root.rglob("*") if p.is_file() and is_ours(p.relative_to(root)))


def check_source(path: Path, name: Path) -> tuple[list[str], list[str]]:
    """(problems, remarks) of one file."""
    lines = path.read_text(errors="replace").splitlines()
    problems, remarks = [], []
    if len(lines) > LONGEST:
        problems.append(f"{name}: {len(lines)} lines, more than {LONGEST}")
    elif len(lines) > LONG:
        remarks.append(f"{name}: {len(lines)} lines; is there a second concept in it?")
    if path.name != Path(__file__).name and not path.name.startswith("test_check_tree"):
        for number, line in enumerate(lines, 1):
            if LEFTOVER.search(line):
                problems.append(f"{name}:{number}: {line.strip()}")
    return problems, remarks


def check_readme(root: Path, folder: Path) -> list[str]:
    readme = root / folder / "README.md"
    if not readme.exists():
        return [f"{folder}: has no README.md"]
    lines = len(readme.read_text().splitlines())
    return [f"{folder}/README.md: {lines} lines, more than {README_LINES}"] if lines > README_LINES else []


def check_document(root: Path, path: Path) -> list[str]:
    """A path may be meant from the document, the root, the daemon or the headers that plugins include."""
    starts = (path.parent, root, root / "daemon", root / "plugin-api/include/baton")
    named = PATH.findall(path.read_text())
    gone = [name for name in named if not any((start / name).exists() for start in starts)]
    return [f"{path.relative_to(root)}: there is no `{name}`" for name in gone]


def check(root: Path) -> tuple[list[str], list[str]]:
    problems, remarks, folders = [], [], set()
    for path in files(root):
        name = path.relative_to(root)
        if len(name.parts) > 1:
            folders.add(Path(name.parts[0]))
        if len(name.parts) > 2 and name.parts[0] in NESTED:
            folders.add(Path(*name.parts[:2]))
        if path.name == "README.md" or path.suffix == ".md" and name.parts[0] == "docs":
            problems += check_document(root, path)
        if path.suffix in SUFFIXES or path.name in ("CMakeLists.txt", "dev"):
            more_problems, more_remarks = check_source(path, name)
            problems += more_problems
            remarks += more_remarks
    for folder in sorted(folders):
        problems += check_readme(root, folder)
    return problems, remarks


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    problems, remarks = check(parser.parse_args().root.resolve())
    for line in remarks:
        print("remark:", line)
    for line in problems:
        print(line)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
