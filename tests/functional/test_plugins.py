"""The plugins as an operator meets them: GET /api/plugins, the switch of an instance, safe mode, `baton plugin`."""

import json
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from harness import BATON, PLUGINS, CliCase, runtime, wait_until
from harness.daemon import clean_environment


class OperatorCase(CliCase):
    def begin(self, config: str = "", *arguments: str, **environment: str):
        self.script("work.sh", "echo done\n")
        self.script("wait.sh", "sleep 1000\n")
        alpha = runtime("alpha", self.directory / "work.sh")
        beta = runtime("beta", self.directory / "wait.sh")
        self.served = self.daemon(config + alpha + beta, **environment).start(*arguments)
        self.client = self.served.client
        self.home = {"BATON_HOME": str(self.served.state)}

    def listed(self) -> dict:
        return self.answers(self.client.get("/api/plugins"), 200)

    def part(self, name: str = "alpha") -> dict:
        return next(one for one in self.listed()["instances"] if one["name"] == name)

    def runtimes(self) -> list[str]:
        return [one["id"] for one in self.client.get("/api/runtimes").json["runtimes"]]

    def turn(self, name: str, how: str):
        return self.client.post(f"/api/plugins/{name}/{how}")

    def run_on(self, name: str):
        task = self.create(self.client, kind="research")["id"]
        return self.client.post(f"/api/runtimes/{name}/run", {"taskId": task})


class Listed(OperatorCase):
    def test_libraries_and_instances(self):
        self.begin()
        listed = self.listed()
        self.assertFalse(listed["safeMode"])
        library = next(one for one in listed["libraries"] if one["id"] == "org.baton.command")
        self.assertTrue(library["loaded"])
        self.assertIsNone(library["refusal"])
        self.assertEqual((library["abiMinor"], library["abiMinorNeeded"]), (0, 0))
        self.assertFalse(library["probeCached"])
        self.assertGreater(library["probeMs"], 0)
        part = self.part()
        self.assertEqual((part["state"], part["plugin"], part["refusal"]), ("ready", "org.baton.command", None))
        self.assertIn("worktree", part["capabilities"])
        self.assertEqual(part["crashes"], [])
        self.assertIsNone(part["setup"])
        self.assertTrue(all(isinstance(count, int) for count in part["misbehaviour"].values()))

    def test_a_second_start_knows_the_library(self):
        self.begin()
        self.served.terminate()
        self.client = self.served.start().client
        library = next(one for one in self.listed()["libraries"] if one["id"] == "org.baton.command")
        self.assertTrue(library["probeCached"])
        self.assertEqual(self.part()["state"], "ready")

    def test_a_program_that_is_missing(self):
        self.begin('[[runtime]]\nid = "gone"\nplugin = "org.baton.command"\n[runtime.config]\nargv = ["no-such-program"]\n')
        part = self.part("gone")
        self.assertEqual(part["state"], "not_ready")
        self.assertIn("no-such-program", part["health"]["hint"])


class Switch(OperatorCase):
    def test_off_and_on(self):
        self.begin()
        off = self.answers(self.turn("alpha", "disable"), 200, ok=True)
        self.assertEqual((off["instance"]["state"], off["instance"]["refusal"]["code"]), ("disabled", "disabled"))
        self.assertEqual(self.runtimes(), ["beta"])
        self.assertIn("switched off", self.answers(self.run_on("alpha"), 503, reason="refused")["error"])
        self.answers(self.turn("alpha", "disable"), 200)
        on = self.answers(self.turn("alpha", "enable"), 200, ok=True)
        self.assertEqual(on["instance"]["name"], "alpha")
        self.assertEqual(self.runtimes(), ["alpha", "beta"])
        self.answers(self.run_on("alpha"), 200, doneReason="success")

    def test_off_lasts(self):
        self.begin()
        self.answers(self.turn("alpha", "disable"), 200)
        self.served.kill()
        self.client = self.served.start().client
        self.assertEqual(self.part()["state"], "disabled")
        self.assertEqual(self.runtimes(), ["beta"])
        self.answers(self.turn("alpha", "enable"), 200)
        self.served.terminate()
        self.client = self.served.start().client
        self.assertEqual(self.runtimes(), ["alpha", "beta"])

    def test_a_run_is_cancelled(self):
        self.begin()
        task = self.create(self.client, kind="research")["id"]
        process = subprocess.Popen(
            [BATON, "run", "beta", task],
            env=clean_environment(self.directory, **self.home),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait, 60)
        wait_until(lambda: self.part("beta")["processes"] == 1, "the run has its process")
        self.answers(self.turn("beta", "disable"), 200)
        self.assertNotEqual(process.wait(timeout=60), 0)
        wait_until(lambda: self.task(self.client, task)["status"] != "in_progress", "the task is not worked on any more")
        execution = self.client.get(f"/api/board/{task}/executions").json["executions"][0]
        self.assertEqual(execution["status"], "cancelled")
        self.assertEqual(self.part("beta")["state"], "disabled")

    def test_refusals(self):
        self.begin('[[runtime]]\nid = "off"\nplugin = "org.baton.command"\nenabled = false\n')
        for how in ("enable", "disable"):
            self.assertEqual(self.answers(self.turn("nobody", how), 404)["error"], "unknown_runtime")
        self.assertEqual(self.answers(self.turn("off", "enable"), 409)["error"], "disabled_by_configuration")
        self.assertEqual(self.client.get("/api/plugins/alpha/disable").status, 405)
        self.assertEqual(self.turn("alpha", "explode").status, 404)

    def test_one_that_is_refused_again(self):
        self.begin('[[runtime]]\nid = "gone"\nplugin = "org.example.gone"\n')
        self.assertEqual(self.answers(self.turn("gone", "enable"), 409)["error"], "not_found")

    def test_all_at_once(self):
        self.begin()
        with ThreadPoolExecutor(8) as several:
            replies = list(several.map(lambda n: self.turn("alpha", ("disable", "enable")[n % 2]), range(40)))
        self.assertLessEqual({reply.status for reply in replies}, {200, 409})
        self.assertLessEqual({reply.json["error"] for reply in replies if reply.status == 409}, {"busy"})
        self.answers(self.turn("alpha", "enable"), 200)
        self.assertEqual(self.runtimes(), ["alpha", "beta"])
        self.answers(self.run_on("alpha"), 200, doneReason="success")

    def test_a_stop_in_the_middle(self):
        self.begin()
        with ThreadPoolExecutor(4) as several:
            turns = [several.submit(self.quietly, n) for n in range(20)]
            self.assertEqual(self.served.terminate(), 0)
            for turn in turns:
                turn.result()

    def quietly(self, n: int):
        try:
            self.turn("alpha", ("disable", "enable")[n % 2])
        except (OSError, ValueError):
            pass  # the daemon went away under it


class SafeMode(OperatorCase):
    def check(self, *arguments: str, **environment: str):
        mine = self.directory / "mine"
        mine.mkdir(mode=0o755)
        shutil.copy(Path(PLUGINS) / "command.so", mine / "other.so")
        config = f'[plugins]\ndirectories = ["{mine}"]\n[[runtime]]\nid = "other"\nplugin = "other.so"\n'
        self.begin(config, *arguments, **environment)
        listed = self.listed()
        self.assertTrue(listed["safeMode"])
        self.assertEqual({Path(one["file"]).parent for one in listed["libraries"]}, {Path(PLUGINS)})
        self.assertEqual(self.part("other")["refusal"]["code"], "not_found")
        self.assertEqual(self.part("alpha")["state"], "ready")
        self.assertIn("safe mode", self.served.log())
        self.assertIn("safe mode", self.says("plugin", "list", **self.home))

    def test_by_option(self):
        self.check("--safe-mode", "--plugins", str(self.directory / "mine"))

    def test_by_environment(self):
        self.check(BATON_SAFE_MODE="1")


class Commands(OperatorCase):
    def test_list(self):
        self.begin('[[runtime]]\nid = "gone"\nplugin = "org.example.gone"\n')
        lines = self.says("plugin", "list", **self.home).splitlines()
        self.assertRegex(lines[0], r"^INSTANCE +PLUGIN +STATE +REASON$")
        self.assertRegex(lines[1], r"^gone +org\.example\.gone +refused +not_found: there is no plugin")
        self.assertRegex(lines[2], r"^alpha +org\.baton\.command +ready")
        self.assertEqual(json.loads(self.says("plugin", "list", "--json", **self.home)), self.listed())

    def test_a_refused_library(self):
        mine = self.directory / "mine"
        mine.mkdir(mode=0o755)
        (mine / "text.so").write_text("hello")
        self.begin("", "--plugins", str(mine))
        self.assertRegex(self.says("plugin", "list", **self.home), r"(?m)^refused: .*/text\.so: no_entry: ")

    def test_switch(self):
        self.begin()
        self.assertRegex(self.says("plugin", "disable", "alpha", **self.home), r"^alpha  disabled$")
        self.assertEqual(self.runtimes(), ["beta"])
        self.assertRegex(self.says("plugin", "enable", "alpha", **self.home), r"^alpha  (ready|starting)$")
        self.assertIn("nobody", self.refuses("plugin", "enable", "nobody", **self.home))
        told = json.loads(self.says("plugin", "disable", "alpha", "--json", **self.home))
        self.assertEqual(told["instance"]["state"], "disabled")

    def test_command_line(self):
        self.refuses("plugin", code=64)
        self.refuses("plugin", "enable", code=64)
        self.refuses("plugin", "list", "more", code=64)

    def test_check_is_the_validator_beside_it(self):
        directory = self.directory / "bin"
        directory.mkdir()
        baton = shutil.copy(BATON, directory / "baton")
        run = lambda *words: subprocess.run(  # noqa: E731
            [baton, "plugin", "check", *words],
            env=clean_environment(self.directory),
            capture_output=True,
            text=True,
            timeout=60,
        )
        missing = run("x.so")
        self.assertEqual(missing.returncode, 2)
        self.assertIn("baton-plugin-check", missing.stderr)
        self.assertIn("not installed", missing.stderr)
        check = directory / "baton-plugin-check"
        check.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\nexit 7\n')
        check.chmod(0o755)
        words = ["my plugin.so", "--json", "--seed", "5", "--config", '{"a": 1}', "--list"]
        passed = run(*words)
        self.assertEqual((passed.returncode, passed.stdout.splitlines()), (7, words))
