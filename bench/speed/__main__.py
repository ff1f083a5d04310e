#!/usr/bin/env python3
"""How fast the daemon is, row by row, each against a yardstick of the same run: `python3 bench/speed --help`.

Starts release builds of the daemon on states of its own, loads them, ends them, and leaves nothing behind.
"""

import argparse
import json
import re
import signal
import sys
import tempfile
from pathlib import Path

import report
from lab import QUICK, Lab, Sizes
from measured import Skipped
from processes import Failed
from rows import GROUPS, ROWS, Row

ROOT = Path(__file__).resolve().parents[2]


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/speed", description=__doc__.splitlines()[0])
    parser.add_argument("group", nargs="*", help=f"{' or '.join(GROUPS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="small sizes, one round: shows that everything works")
    parser.add_argument("--only", metavar="REGEX", default="", help="rows whose name matches")
    parser.add_argument("--programs", type=Path, default=ROOT / "build/release/bin", help="bin/ of a build")
    parser.add_argument("--directory", type=Path, help="where states are made (default: beside the programs)")
    parser.add_argument("--strict", action="store_true", help="exit with 1 also when a bar is missed")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="one JSON object on stdout")
    shape.add_argument("--markdown", action="store_true", help="the table of bench/RESULTS.md on stdout")
    chosen = parser.parse_args()
    if strangers := set(chosen.group) - set(GROUPS):
        parser.error(f"there is no group {', '.join(sorted(strangers))}; there are {', '.join(GROUPS)}")
    return chosen


def measure(row: Row, lab: Lab) -> dict:
    try:
        return report.entry(row, lab.sizes, row.measure(lab), "measured")
    except Skipped as why:
        return report.entry(row, lab.sizes, None, "skipped", str(why))
    except (Failed, OSError) as why:
        return report.entry(row, lab.sizes, None, "failed", str(why))


def run(chosen: argparse.Namespace, directory: Path) -> dict:
    lab = Lab(chosen.programs.resolve(), directory, QUICK if chosen.quick else Sizes())
    result = report.begin(lab, chosen.quick)
    groups = chosen.group or GROUPS
    for row in ROWS:
        if row.group in groups and re.search(chosen.only, row.name):
            made = measure(row, lab)
            lab.say("  ".join(report.cells(made)))
            result["rows"].append(made)
    return result


def written(chosen: argparse.Namespace, result: dict) -> str:
    if chosen.json:
        return json.dumps(result, indent=1) + "\n"
    return report.as_markdown(result) if chosen.markdown else report.as_text(result)


def exit_code(chosen: argparse.Namespace, result: dict) -> int:
    failed = any(made["state"] == "failed" for made in result["rows"])
    missed = any(made["reached"] is False for made in result["rows"])
    return 1 if failed or (chosen.strict and missed) else 0


def main() -> int:
    chosen = options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl-C: what was started is ended
    if not (chosen.programs / "batond").exists():
        print(f"speed: there is no {chosen.programs / 'batond'}; ./dev bench builds it", file=sys.stderr)
        return 2
    place = chosen.directory or chosen.programs.resolve().parent
    try:
        with tempfile.TemporaryDirectory(prefix="speed-", dir=place) as directory:
            result = run(chosen, Path(directory))
    except KeyboardInterrupt:
        return 130
    sys.stdout.write(written(chosen, result))
    return exit_code(chosen, result)


if __name__ == "__main__":
    sys.exit(main())
