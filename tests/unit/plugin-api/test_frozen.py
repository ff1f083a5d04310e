"""The ABI's gates: today's headers against those of each release, by layout, by text, and by abidiff.

How a release is frozen, and what to do when this fails: plugin-api/README.md.
"""

import hashlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "abi"))
from abi_headers import read, stable_headers, without_comments  # noqa: E402
from freeze import INCLUDE, build_anchor, describe, frozen_releases, release_of  # noqa: E402

ABI = HERE / "abi"
HISTORY = (ABI / "history.md").read_text()
REFRESH = "if that is meant: until it is final, run abi/freeze.py and add a line to abi/history.md"
CONSTANT = re.compile(r"^#define (BATON_\w+) (.+?)\s*(?:/\*.*)?$", re.MULTILINE)
VERSION = {"BATON_ABI_MINOR_LATEST", "BATON_ABI_RELEASE"}


def accepts(layout: Path, include: Path) -> bool:
    words = ["c++", "-std=c++20", "-fsyntax-only", f"-I{include}", str(layout)]
    return subprocess.run(words, capture_output=True).returncode == 0


def declarations(header: Path) -> str:
    return " ".join(without_comments(header.read_text()).split())


def constants(include: Path) -> dict[str, str]:
    text = "\n".join(path.read_text() for path in stable_headers(include / "baton"))
    return {name: value for name, value in CONSTANT.findall(text) if name not in VERSION}


def abidiff(baseline: Path, library: Path) -> str:
    """What differs; empty for nothing."""
    result = subprocess.run(["abidiff", str(baseline), str(library)], capture_output=True, text=True)
    assert result.returncode & 3 == 0, f"abidiff failed: {result.stdout}{result.stderr}"
    return result.stdout if result.returncode else ""


def digest(report: str) -> str:
    return hashlib.sha256(report.encode()).hexdigest()[:12]


class Gate(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)

    def changed(self, header: str, old: str, new: str) -> Path:
        """A copy of today's headers with one change."""
        include = self.directory / "include"
        shutil.rmtree(include, ignore_errors=True)
        shutil.copytree(INCLUDE, include)
        path = include / "baton" / header
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))
        return include


# (header, old text, new text) for changes that break plugins, and those that only grow.
TIMER_CLOSE = "  baton_status (*close)(const baton_host*, baton_timer) BATON_NOEXCEPT;\n"
BREAKS = {
    "insert": ("ext/run.h", "  baton_event head;\n  uint32_t channel", "  baton_event head;\n  uint64_t more;\n  uint32_t channel"),
    "retype": ("host.h", "  int64_t (*now)(", "  uint64_t (*now)("),
    "width": ("ext/process.h", "int32_t code, signal;", "int64_t code, signal;"),
    "reorder": ("entry.h", "*name, *version", "*version, *name"),
    "remove": ("ext/timer.h", TIMER_CLOSE, ""),
    "handle": ("base.h", "typedef struct baton_timer {\n  uint64_t id;", "typedef struct baton_timer {\n  uint64_t id, more;"),
    "throws": ("host.h", "int64_t (*wall)(const baton_host*) BATON_NOEXCEPT", "int64_t (*wall)(const baton_host*)"),
}
GROWS = ("ext/timer.h", TIMER_CLOSE, TIMER_CLOSE + TIMER_CLOSE.replace("close", "again"))


@unittest.skipUnless(shutil.which("c++"), "no compiler")
class Layout(Gate):
    def layouts(self):
        found = sorted(ABI.glob("layout-*.cpp"))
        self.assertEqual([path.stem for path in found], [f"layout-{path.name}" for path in frozen_releases()])
        return found

    def test_holds_for_the_headers_of_its_release_and_for_those_of_today(self):
        for layout, frozen in zip(self.layouts(), frozen_releases()):
            self.assertTrue(accepts(layout, frozen), f"{frozen.name}: {layout} is not its layout; {REFRESH}")
            self.assertTrue(accepts(layout, INCLUDE), f"plugins of {frozen.name} would break; {REFRESH}")

    def test_refuses_what_breaks_plugins_and_accepts_growth(self):
        layout = self.layouts()[0]
        for name, change in BREAKS.items():
            self.assertFalse(accepts(layout, self.changed(*change)), name)
        self.assertTrue(accepts(layout, self.changed(*GROWS)))

    def test_each_member_has_its_line(self):
        lines = "".join(path.read_text() for path in self.layouts())
        written = set(re.findall(r"^SLOT\((\w+), (\w+),", lines, re.MULTILINE))
        members = {member for path in stable_headers(INCLUDE / "baton") for member in read(path).members}
        self.assertEqual(members - written, set(), "members without a line in the newest abi/layout-*.cpp")


class Text(Gate):
    def test_a_candidate_is_what_was_frozen(self):
        release = release_of(INCLUDE)
        frozen = ABI / "frozen" / release
        self.assertTrue(frozen.is_dir(), f"{release} was not frozen: abi/freeze.py")
        today = stable_headers(INCLUDE / "baton")
        self.assertEqual([path.relative_to(INCLUDE) for path in today],
                         [path.relative_to(frozen) for path in stable_headers(frozen / "baton")], REFRESH)
        for path in today:
            name = path.relative_to(INCLUDE)
            self.assertEqual(declarations(path), declarations(frozen / name), f"{name} differs from {release}; {REFRESH}")

    def test_no_release_loses_a_constant(self):
        for frozen in frozen_releases():
            before = constants(frozen)
            self.assertGreater(len(before), 80)
            now = constants(INCLUDE)
            self.assertEqual({name: now.get(name) for name in before}, before, f"constants of {frozen.name}; {REFRESH}")

    def test_the_frozen_plugin_is_built_with_the_frozen_headers_alone(self):
        for frozen in frozen_releases():
            words = ["cc", "-std=c11", "-MM", f"-I{frozen}", str(frozen / "plugin.c")]
            found = subprocess.run(words, check=True, capture_output=True, text=True).stdout.replace("\\\n", " ").split()[1:]
            self.assertGreater(len(found), 10)
            self.assertEqual([path for path in found if not path.startswith(str(frozen))], [])


@unittest.skipUnless(shutil.which("abidiff") and shutil.which("abidw") and shutil.which("gcc"), "abigail-tools are not installed")
@unittest.skipUnless(platform.machine() == "x86_64", "the descriptions are those of x86_64")
class SecondOpinion(Gate):
    def test_abidiff_finds_nothing_that_nobody_has_accepted(self):
        library = build_anchor(INCLUDE, self.directory)
        for frozen in frozen_releases():
            report = abidiff(ABI / f"{frozen.name}.abi.xml", library)
            if report and digest(report) not in HISTORY:
                self.fail(f"{frozen.name} and today differ:\n{report}\n{REFRESH}, with {digest(report)}")

    def test_abidiff_sees_what_breaks_plugins_and_growth(self):
        baseline = self.directory / "today.xml"
        describe(INCLUDE, baseline)
        changes = {name: change for name, change in BREAKS.items() if name != "throws"}  # C does not know it
        for name, change in {**changes, "grows": GROWS}.items():
            report = abidiff(baseline, build_anchor(self.changed(*change), self.directory))
            self.assertNotEqual(report, "", name)

    def test_a_description_names_no_place(self):
        for path in ABI.glob("*.abi.xml"):
            self.assertNotIn(str(HERE.parents[2]), path.read_text())


if __name__ == "__main__":
    unittest.main()
