#!/usr/bin/env python3
"""Each header compiles alone, with the flags of its folder and all warnings.

  check_headers.py --build DIR [--root DIR] [--jobs N]

The flags come from DIR/compile_commands.json. A header that passed is not compiled again until it, or something that it
includes, changes: the compiler's dependency files are kept in DIR/lint/headers.
"""

import argparse
import hashlib
import json
import os
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from layers import folder_of, read_layers, sources


def flags_by_folder(build: Path) -> dict[Path, list[str]]:
    """Folder of a C++ source -> the command that compiles it, without its file names."""
    table: dict[Path, list[str]] = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        path = Path(entry["file"])
        if path.suffix != ".cpp":
            continue
        words = shlex.split(entry["command"])
        if Path(words[0]).name == "ccache":
            words = words[1:]
        # "... -MD -MT x -MF x -o x -c x": everything from the first of them on is about files
        cut = min(words.index(word) for word in ("-MD", "-o", "-c") if word in words)
        table.setdefault(path.parent, words[:cut])
    return table


def flags_for(header: Path, folders: list[Path], table: dict[Path, list[str]]) -> list[str] | None:
    """Those of the nearest folder of its layer that has a source; else of the first of the layers that include it."""
    for folder in header.parents:
        for candidate in sorted(table):
            if candidate == folder or folder in candidate.parents:
                return table[candidate]
        if folder == folders[0]:
            break
    users = (flags for folder in folders[1:] for place, flags in sorted(table.items()) if folder in (place, *place.parents))
    return next(users, None)


def is_fresh(dependencies: Path, mark: str) -> bool:
    """True when this header passed with these flags and nothing that it includes changed since."""
    if not dependencies.exists():
        return False
    since = dependencies.stat().st_mtime_ns
    target, *words = dependencies.read_text().replace("\\\n", " ").split()
    try:
        return target == mark + ":" and all(os.stat(word).st_mtime_ns < since for word in words)
    except FileNotFoundError:
        return False


def compile_alone(header: Path, flags: list[str], dependencies: Path) -> str:
    """The compiler's complaints; empty when there are none."""
    mark = hashlib.sha256(" ".join(flags).encode()).hexdigest()[:16]
    if is_fresh(dependencies, mark):
        return ""
    fresh, begun = dependencies.with_suffix(".new"), time.time_ns()
    languages = [["-x", "c++"]]
    if header.suffix == ".h":
        languages.append(["-x", "c", "-std=c11"])
    for language in languages:
        words = flags if language[1] == "c++" else as_c(flags)
        command = [*words, *language, "-fsyntax-only", "-MD", "-MT", mark, "-MF", str(fresh), "-"]
        result = subprocess.run(command, input=f'#include "{header}"\n', capture_output=True, text=True)
        if result.returncode:
            return result.stderr
    os.utime(fresh, ns=(begun, begun))  # a file that was edited meanwhile counts as newer
    fresh.replace(dependencies)
    return ""


def as_c(flags: list[str]) -> list[str]:
    compiler = flags[0].replace("clang++", "clang").replace("g++", "gcc").replace("c++", "cc")
    only_cpp = ("-Wno-mismatched-new-delete", "-fvisibility-inlines-hidden")
    return [compiler, *(f for f in flags[1:] if not f.startswith("-std=") and f not in only_cpp)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    root, kept = arguments.root.resolve(), arguments.build.resolve() / "lint/headers"
    kept.mkdir(parents=True, exist_ok=True)

    table = flags_by_folder(arguments.build)
    layers = read_layers(root)
    folders = {
        layer: [root / folder_of(name) for name in (layer, *(user for user in layers if layer in layers[user]))]
        for layer in layers
    }
    headers = [
        (path, folders[layer])
        for layer in layers
        for path in sources(root / folder_of(layer))
        if path.suffix in (".hpp", ".h")
    ]

    def check(entry: tuple[Path, list[Path]]) -> str:
        header, folders = entry
        flags = flags_for(header, folders, table)
        if flags is None:
            return f"{header}: no source near it is compiled, so its flags are unknown\n"
        return compile_alone(header, flags, kept / (str(header.relative_to(root)).replace("/", "-") + ".d"))

    with ThreadPoolExecutor(arguments.jobs) as pool:
        complaints = [text for text in pool.map(check, headers) if text]
    sys.stdout.writelines(complaints)
    print(f"{len(headers)} headers, {len(complaints)} do not compile alone")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
