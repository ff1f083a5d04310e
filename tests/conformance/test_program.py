"""The program around the checks: arguments, exit status, reports, and processes that end in an unusual way.

CHECK is baton-plugin-check, PLUGINS the directory with the plugins of this folder (environment variables)."""

import json
import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

CHECK = os.environ["CHECK"]
PLUGINS = Path(os.environ["PLUGINS"])
GOOD = str(PLUGINS / "good.so")


def run(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([CHECK, *arguments], capture_output=True, text=True, timeout=120, check=False)


def report(*arguments: str) -> dict:
    return json.loads(run(*arguments, "--json").stdout)


def only(finding: str, *arguments: str) -> dict:
    return report(*arguments, "--only", finding)["results"][0]


class Arguments(unittest.TestCase):
    def refused(self, word: str, *arguments: str) -> None:
        done = run(*arguments)
        self.assertEqual(done.returncode, 2, done)
        self.assertIn(word, done.stderr)
        self.assertEqual(done.stdout, "")

    def test_what_cannot_be_used_is_said(self) -> None:
        self.refused("FILE is missing")
        self.refused("No such file", "/no/such/library.so")
        self.refused("is not a file", "/tmp")
        self.refused("not a JSON object", GOOD, "--config", "[1]")
        self.refused("not a JSON object", GOOD, "--config", "{broken")
        self.refused("is not a directory", GOOD, "--transcripts", "/no/such/directory")
        self.refused("--seed", GOOD, "--seed", "-1")
        self.refused("--seed", GOOD, "--seed", "many")
        self.refused("--frobnicate", GOOD, "--frobnicate")
        self.refused("was not expected", GOOD, "second.so")

    def test_an_unknown_check_is_named_with_the_one_that_was_meant(self) -> None:
        self.refused('did you mean "quiesce-idle"', GOOD, "--only", "quiece-idle")
        self.refused('did you mean "bind-now"', GOOD, "--skip", "bind-nwo")
        self.refused('there is no check "nope"; --list says all', GOOD, "--only", "nope")

    def test_a_broken_transcript_is_named(self) -> None:
        for content in ("{", "[]", '{"pieces": 1}', '{"pieces": [{}]}', '{"pieces": [{"file": "absent"}]}',
                        '{"pieces": [{"text": "x", "stream": "stdin"}]}', '{"on_signal": {"KILL": {}}}',
                        '{"kind": "aproval"}', '{"kind": "approval"}', '{"foo": 1}'):
            with self.subTest(content=content), tempfile.TemporaryDirectory() as directory:
                (Path(directory) / "odd.json").write_text(content)
                self.refused("odd.json", GOOD, "--transcripts", directory)

    def test_help_names_every_option_but_the_hidden_ones(self) -> None:
        shown = run("--help").stdout
        for option in ("--config", "--only", "--skip", "--in-process", "--json", "--list", "--transcripts", "--seed"):
            self.assertIn(option, shown)
        self.assertNotIn("--child", shown)


    def test_the_version_is_said(self) -> None:
        done = run("--version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^baton-plugin-check \d+\.\d+")


class List(unittest.TestCase):
    def test_the_list_needs_no_file(self) -> None:
        done = run("--list")
        self.assertEqual(done.returncode, 0)
        listed = json.loads(run("--list", "--json").stdout)
        self.assertEqual(len(done.stdout.splitlines()), len(listed))
        for one in listed:
            self.assertRegex(one["id"], r"^[a-z0-9]+(-[a-z0-9]+)*$")
            self.assertIn(one["id"], done.stdout)
            self.assertLess(len(one["what"]), 120)


class Report(unittest.TestCase):
    def test_a_good_plugin(self) -> None:
        done = run(GOOD)
        self.assertEqual(done.returncode, 0, done.stdout)
        found = re.fullmatch(r"(\d+) of (\d+) checks ran, (\d+) skipped: (\d+) pass, (\d+) skip", done.stdout.splitlines()[-1])
        ran, number, skipped, passed, as_skipped = (int(one) for one in found.groups())
        self.assertEqual((ran, skipped, number), (passed, as_skipped, passed + as_skipped))

    def test_what_failed_is_said_again_at_the_end(self) -> None:
        lines = run(str(PLUGINS / "id-form.so"), "--only", "id-form", "--only", "bind-now").stdout.splitlines()
        self.assertEqual(lines[-1], "2 of 2 checks ran, 0 skipped: 1 pass, 1 fail")
        self.assertIn("Not good:", lines)
        self.assertTrue(lines[lines.index("Not good:") + 1].startswith("fail   id-form"), lines)

    def test_slow_calls_are_given_up_on(self) -> None:
        sleepy = str(PLUGINS / "sleeps-in-output.so")
        found = only("callback-budget", sleepy)
        self.assertEqual(found["result"], "fail")
        self.assertRegex(found["reason"], "on_output takes 2.. ms.*gave up")
        found = only("memory-steady", sleepy)
        self.assertEqual(found["result"], "skip")
        self.assertRegex(found["reason"], "on_output the most of it, too long for a thousand runs")

    def test_its_shape(self) -> None:
        made = report(GOOD, "--only", "id-form", "--only", "bind-now", "--seed", "5")
        self.assertEqual(set(made), {"file", "seed", "ok", "results", "summary"})
        self.assertEqual((made["file"], made["seed"], made["ok"]), (str(Path(GOOD).resolve()), 5, True))
        self.assertEqual([one["id"] for one in made["results"]], ["bind-now", "id-form"], "in the order of the list")
        for one in made["results"]:
            self.assertEqual(set(one), {"id", "group", "result", "reason", "ms", "output"})
        self.assertEqual(made["summary"], {"pass": 2, "warn": 0, "skip": 0, "fail": 0, "crash": 0})

    def test_what_is_skipped_is_not_in_it(self) -> None:
        listed = json.loads(run("--list", "--json").stdout)
        made = report(GOOD, "--skip", "id-form", "--skip", "bind-now")
        self.assertEqual(len(made["results"]), len(listed) - 2)

    def test_a_failing_seed_is_printed(self) -> None:
        done = run(str(PLUGINS / "id-form.so"), "--seed", "12345")
        self.assertEqual(done.returncode, 1)
        self.assertIn("--seed 12345", done.stdout)

    def test_a_configuration_that_does_not_fit_is_a_fault_of_one_check(self) -> None:
        made = report(GOOD, "--config", '{"greeting": 1}')
        self.assertEqual([one["id"] for one in made["results"] if one["result"] == "fail"], ["create-destroy"])

    def test_in_process(self) -> None:
        done = run(GOOD, "--in-process")
        self.assertEqual(done.returncode, 0, done)
        done = run(str(PLUGINS / "id-form.so"), "--in-process", "--only", "id-form")
        self.assertEqual(done.returncode, 1, done)

    def test_nothing_is_left_in_the_temporary_directory(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            subprocess.run([CHECK, GOOD], env={**os.environ, "TMPDIR": directory}, stdout=subprocess.DEVNULL,
                           timeout=120, check=True)
            self.assertEqual(os.listdir(directory), [])


class Ends(unittest.TestCase):
    """A plugin whose create does what the configuration says."""

    def ends(self, how: str, *arguments: str) -> dict:
        library = str(PLUGINS / "crash-in-create.so")
        return only("create-destroy", library, "--config", json.dumps({"greeting": how}, separators=(",", ":")),
                    *arguments)

    def test_a_signal_is_a_crash(self) -> None:
        found = self.ends("signal")
        self.assertEqual(found["result"], "crash")
        self.assertIn("signal 11", found["reason"])
        self.assertIn("the last words", found["output"])

    def test_leaving_in_the_middle_is_a_crash_whatever_the_status(self) -> None:
        for how in ("exit", "quit"):
            found = self.ends(how)
            self.assertEqual(found["result"], "crash", how)
            self.assertRegex(found["reason"], "exited with status [07] in the middle")

    def test_too_long_is_a_failure(self) -> None:
        found = self.ends("hang", "--limit", "1")
        self.assertEqual(found["result"], "fail")
        self.assertIn("did not end within 1 s", found["reason"])

    def test_a_crash_at_load_is_one_of_each_check_that_loads(self) -> None:
        made = report(str(PLUGINS / "crash-at-load.so"))
        results = {one["id"]: one["result"] for one in made["results"]}
        self.assertFalse(made["ok"])
        self.assertEqual((results["exports-only-entry"], results["bind-now"]), ("pass", "pass"))
        self.assertEqual({results[name] for name in ("load-twice", "id-form", "create-destroy")}, {"crash"})

    def test_the_reason_says_what_was_tried_last(self) -> None:
        found = only("host-table-cut", str(PLUGINS / "host-table-cut.so"))
        self.assertEqual(found["result"], "crash")
        self.assertTrue(re.search(r"while the table baton\.timer/1 ends", found["reason"]), found)


if __name__ == "__main__":
    unittest.main()
