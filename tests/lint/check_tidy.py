#!/usr/bin/env python3
"""clang-tidy with the short list of .clang-tidy, over every source of the daemon, the store and the plugins.

  check_tidy.py --build DIR [--jobs N]

Skips itself (77) without clang-tidy 14. A file that passed is not looked at again until it, a header that it includes (as the
build recorded them) or .clang-tidy changes; the marks are kept in DIR/lint/tidy.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("daemon", "store", "plugin-api", "plugins")
SKIPPED = 77

# The database is GCC's as a rule; Clang must be told what cmake/dependencies.cmake tells it.
FOR_CLANG = [
    "-Wno-unknown-warning-option",
    "-Wno-builtin-macro-redefined",
    "-D__cpp_impl_coroutine=201902L",
    "-DASIO_HAS_CO_AWAIT=1",
    "-DASIO_HAS_STD_COROUTINE=1",
]


def program() -> str | None:
    for name in ("clang-tidy-14", "clang-tidy"):
        try:
            text = subprocess.run([name, "--version"], capture_output=True, text=True, check=True).stdout
        except (FileNotFoundError, subprocess.CalledProcessError):
            continue
        if re.search(r"version 14\.", text):
            return name
    return None


def recorded_dependencies(build: Path) -> dict[str, list[str]]:
    """Source -> everything its object was made from, as ninja knows it. Empty when it does not."""
    result = subprocess.run(["ninja", "-C", build, "-t", "deps"], capture_output=True, text=True)
    table = {}
    for block in result.stdout.split("\n\n"):
        lines = [line.strip() for line in block.splitlines()[1:]]
        if lines:
            table[lines[0]] = lines
    return table


def is_fresh(mark: Path, dependencies: list[str]) -> bool:
    if not mark.exists() or not dependencies:
        return False
    since = mark.stat().st_mtime_ns
    try:
        return all(os.stat(name).st_mtime_ns < since for name in [*dependencies, ROOT / ".clang-tidy", __file__])
    except FileNotFoundError:
        return False


def examine(tidy: str, build: Path, source: str, dependencies: list[str]) -> str:
    """What clang-tidy has to say; empty when nothing."""
    mark = build / "lint/tidy" / str(Path(source).relative_to(ROOT)).replace("/", "-")
    if is_fresh(mark, dependencies):
        return ""
    begun = time.time_ns()
    extra = [f"--extra-arg={flag}" for flag in FOR_CLANG]
    result = subprocess.run([tidy, "--quiet", "-p", build, *extra, source], capture_output=True, text=True)
    if result.returncode:
        return result.stdout + result.stderr
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()
    os.utime(mark, ns=(begun, begun))
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    tidy = program()
    if tidy is None:
        print("skipped: no clang-tidy 14 here (./dev lint installs it)")
        return SKIPPED

    build = arguments.build.resolve()
    files = sorted({entry["file"] for entry in json.loads((build / "compile_commands.json").read_text())})
    ours = [f for f in files if f.endswith(".cpp") and f.startswith(tuple(f"{ROOT / name}/" for name in FOLDERS))]
    dependencies = recorded_dependencies(build)
    with ThreadPoolExecutor(arguments.jobs) as pool:
        complaints = [text for text in pool.map(lambda f: examine(tidy, build, f, dependencies.get(f, [])), ours) if text]
    sys.stdout.writelines(complaints)
    print(f"{len(ours)} files, {len(complaints)} with complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
