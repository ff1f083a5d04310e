"""bench/speed: rows come out as JSON with a verdict, slow flushes are slow, nothing is left behind."""

import json
import signal
import subprocess
import sys
import unittest
from pathlib import Path

from harness import BATOND, DaemonCase, wait_until
from harness.daemon import ROOT, clean_environment

PROGRAMS = Path(BATOND).parent
SPEED = ROOT / "bench/speed"


def program_of(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


class SlowFlush(DaemonCase):
    def setUp(self):
        super().setUp()
        fill = [PROGRAMS / "baton-bench-fill", "board", self.directory / "baton.db", "--tasks", "40"]
        subprocess.run([*fill, "--sample", "20", "--ids", self.directory / "ids"], check=True, timeout=60)

    def loop(self, delay: str, *arguments) -> subprocess.CompletedProcess:
        slow = {"LD_PRELOAD": str(PROGRAMS.parent / "lib/libslow_flush.so"), "BATON_SLOW_FLUSH_MS": delay}
        return subprocess.run(
            [PROGRAMS / "baton-bench-sqlite", self.directory / "baton.db", "--ids", self.directory / "ids"]
            + [str(argument) for argument in arguments],
            env=clean_environment(self.directory, **slow),
            capture_output=True,
            text=True,
            timeout=60,
        )

    def test_each_commit_waits_for_it(self):
        result = self.loop("20", "--claims", 10)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertGreaterEqual(json.loads(result.stdout)["seconds"], 10 * 0.020)

    def test_refuses_what_is_no_delay(self):
        for delay in ("fast", "", "2ms", "-1", "nan"):
            with self.subTest(delay=delay):
                result = self.loop(delay)
                self.assertEqual(result.returncode, 64)
                self.assertIn("BATON_SLOW_FLUSH_MS", result.stderr)


class Rows(DaemonCase):
    def command(self, *arguments) -> list[str]:
        words = [sys.executable, "-B", SPEED, "--programs", PROGRAMS, "--directory", self.place, *arguments]
        return [str(word) for word in words]

    def setUp(self):
        super().setUp()
        self.place = self.directory / "place"
        self.place.mkdir()

    def test_a_row_as_json(self):
        command = self.command("--quick", "--json", "--only", "^(idle-memory|claim-growth)$")
        result = subprocess.run(command, capture_output=True, text=True, timeout=300)
        self.assertEqual(result.returncode, 0, result.stderr)
        report = json.loads(result.stdout)
        self.assertGreater(report["machine"]["fdatasyncMs"]["p50"], 0)
        growth, memory = report["rows"]
        for row in (growth, memory):
            self.assertEqual(row["state"], "measured", row)
            self.assertGreater(row["measured"], 0)
            self.assertEqual(row["reached"], row["measured"] <= row["bar"])
        self.assertEqual(growth["unit"], "x")
        self.assertGreater(growth["yardstick"]["p50 ms on the small board"], 0)
        self.assertEqual(list(self.place.iterdir()), [])

    def test_ends_what_it_started_when_it_is_interrupted(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(signal=number):
                driver = subprocess.Popen(self.command("--only", "^claims$"), stderr=subprocess.DEVNULL)
                try:
                    children = Path(f"/proc/{driver.pid}/task/{driver.pid}/children")
                    daemon = wait_until(
                        lambda: [pid for pid in children.read_text().split() if "batond" in program_of(pid)],
                        "a daemon is measured",
                    )
                    driver.send_signal(number)
                    self.assertEqual(driver.wait(timeout=60), code)
                finally:
                    driver.kill()
                    driver.wait()
                self.ends_by_itself(int(daemon[0]), "the daemon")
                self.assertEqual(list(self.place.iterdir()), [])

    def test_says_that_the_programs_are_not_there(self):
        result = subprocess.run(
            [sys.executable, "-B", SPEED, "--programs", self.place], capture_output=True, text=True, timeout=60
        )
        self.assertEqual(result.returncode, 2)
        self.assertIn("batond", result.stderr)


class Verdict(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        sys.path.insert(0, str(SPEED))
        cls.addClassCleanup(sys.path.remove, str(SPEED))
        import measured
        import report
        import rows

        cls.report, cls.rows, cls.measured = report, rows, measured

    def entry(self, more_is_better: bool, numbers: list[float], allowance: float = 0) -> dict:
        row = self.rows.Row("name", lambda _: "what", "x", more_is_better, 2, 4 if more_is_better else 1, None)
        return self.report.entry(row, None, self.measured.Measured(numbers, allowance=allowance), "measured")

    def test_more_is_better(self):
        for value, expected in ((1.9, (False, False)), (2, (True, False)), (4, (True, True))):
            made = self.entry(True, [0, value, 9])
            self.assertEqual((made["reached"], made["reachedStretch"]), expected, value)

    def test_less_is_better(self):
        for value, expected in ((2.1, (False, False)), (2, (True, False)), (1, (True, True))):
            made = self.entry(False, [0, value, 9])
            self.assertEqual((made["reached"], made["reachedStretch"]), expected, value)

    def test_what_the_machine_costs_is_allowed(self):
        made = self.entry(False, [2.5], allowance=0.5)
        self.assertEqual((made["bar"], made["stretch"], made["reached"]), (2.5, 1.5, True))

    def test_a_row_without_a_bar_reaches_nothing_and_misses_nothing(self):
        row = self.rows.Row("name", lambda _: "what", "x", True, None, None, None)
        made = self.report.entry(row, None, self.measured.Measured([1.0]), "measured")
        self.assertEqual((made["measured"], made["reached"], made["reachedStretch"]), (1.0, None, None))
        self.assertEqual(self.report.verdict(made), "–")

    def test_a_row_that_is_skipped_or_failed_reaches_nothing_and_says_why(self):
        for state in ("skipped", "failed"):
            made = self.report.entry(self.rows.ROWS[0], self.report_sizes(), None, state, "no nginx")
            self.assertEqual((made["state"], made["reached"], made["why"]), (state, None, "no nginx"))
            self.assertIn("no nginx", self.report.cells(made))

    def report_sizes(self):
        import lab

        return lab.Sizes()
