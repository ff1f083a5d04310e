#!/usr/bin/env python3
"""Keeps a copy of the ABI headers as they are released, and of the description of their binary interface.

  freeze.py            # of the release that base.h names, for example 1.0-rc

Writes frozen/RELEASE/baton/... (beside the plugin of that release, frozen/RELEASE/plugin.c, written by hand) and RELEASE.abi.xml (that one needs abidw, of the package abigail-tools). Before 1.0 is
final the copy of the candidate may be made again: say why in history.md. A final release is frozen once.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from abi_headers import read, stable_headers  # noqa: E402

INCLUDE = HERE.parents[3] / "plugin-api/include"
# What in a description depends on the machine, and not on the interface.
QUIET = ("--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-parameter-names")


def release_of(include: Path) -> str:
    return re.search(r'BATON_ABI_RELEASE "([^"]+)"', (include / "baton/base.h").read_text())[1]


def frozen_releases() -> list[Path]:
    return sorted(path for path in (HERE / "frozen").iterdir() if path.is_dir())


def anchor_source(include: Path) -> str:
    """One exported function from which all public types can be reached; a library without one has no interface."""
    headers = [path.relative_to(include) for path in stable_headers(include / "baton")]
    structs = dict.fromkeys(struct for path in stable_headers(include / "baton") for struct, _ in read(path).members)
    lines = [f"#include <{header}>" for header in headers]
    arguments = ", ".join(f"struct {struct}* a{number}" for number, struct in enumerate(structs))
    lines.append(f"BATON_EXPORT void baton_anchor({arguments}, baton_file_done done);")
    lines.append(f"void baton_anchor({arguments}, baton_file_done done) {{")
    lines += [f"  (void)a{number};" for number in range(len(structs))]
    return "\n".join([*lines, "  (void)done;", "}", ""])


def build_anchor(include: Path, directory: Path) -> Path:
    """The library, always by the same compiler and with the same debug information."""
    library = directory / "anchor.so"
    words = ["gcc", "-x", "c", "-std=c11", "-g", "-gdwarf-4", "-O0", "-fPIC", "-shared", f"-I{include}", "-o", str(library), "-"]
    subprocess.run(words, input=anchor_source(include), text=True, check=True, cwd=directory)
    return library


def describe(include: Path, out: Path):
    with tempfile.TemporaryDirectory() as directory:
        library = build_anchor(include, Path(directory))
        subprocess.run(["abidw", *QUIET, "--out-file", str(out), str(library)], check=True)


def main() -> int:
    release = release_of(INCLUDE)
    kept = HERE / "frozen" / release
    if kept.exists() and not release.endswith("-rc"):
        print(f"{release} is frozen already, and released")
        return 1
    shutil.rmtree(kept / "baton", ignore_errors=True)
    for path in stable_headers(INCLUDE / "baton"):
        copy = kept / path.relative_to(INCLUDE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    if not shutil.which("abidw"):
        print("abidw is not installed: its description was not made")
        return 1
    describe(INCLUDE, HERE / f"{release}.abi.xml")
    print(f"frozen: {release}. If anything differs from before, history.md needs a line")
    return 0


if __name__ == "__main__":
    sys.exit(main())
