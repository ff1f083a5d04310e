#!/usr/bin/env python3
"""Every C and C++ file is as clang-format writes it; `./dev fmt` makes it so.

Skips itself (77) without clang-format 14: other versions disagree about details.
"""

import re
import subprocess
import sys
from pathlib import Path

from layers import sources

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = 77


def formatter() -> str | None:
    for name in ("clang-format-14", "clang-format"):
        try:
            text = subprocess.run([name, "--version"], capture_output=True, text=True, check=True).stdout
        except (FileNotFoundError, subprocess.CalledProcessError):
            continue
        if re.search(r"version 14\.", text):
            return name
    return None


def main() -> int:
    program = formatter()
    if program is None:
        print("skipped: no clang-format 14 here (./dev lint installs it)")
        return SKIPPED
    folders = ("daemon", "store", "plugin-api", "plugins", "tests", "bench", "cmake")
    files = [str(path) for folder in folders for path in sources(ROOT / folder)]
    return subprocess.run([program, "--dry-run", "-Werror", *files]).returncode


if __name__ == "__main__":
    sys.exit(main())
