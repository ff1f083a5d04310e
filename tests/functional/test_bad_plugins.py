"""Plugins with one defect each, in the real daemon: named with a reason, their runs end with a class, the daemon lives.

The libraries are built from plugins/*.c and, those that never get past the probe, tests/unit/plugin/fixtures.
"""

import os
import shutil
import signal
import time
from pathlib import Path

from harness import BATOND, DaemonCase, runtime, wait_until

BUILD = Path(BATOND).resolve().parents[1]
BAD = Path(os.environ.get("BATON_BAD_PLUGINS", BUILD / "tests/functional/plugins/libraries"))
FIXTURES = Path(os.environ.get("BATON_FIXTURES", BUILD / "tests/unit/plugin/fixtures"))

SANITIZED = any(name.endswith("SAN_OPTIONS") for name in os.environ)


class PluginCase(DaemonCase):
    """A daemon with one bad plugin under the name `bad`, and a runtime that works."""

    plugins = ""  # of [plugins], beyond the directory

    def library(self, name: str) -> Path:
        source = next(path for path in (BAD / f"{name}.so", FIXTURES / f"{name}.so") if path.exists())
        directory = self.directory / "libraries"
        directory.mkdir(exist_ok=True)
        directory.chmod(0o755)
        copy = directory / f"{name}.so"
        shutil.copy(source, copy)
        copy.chmod(0o755)
        return copy

    def configured(self, name: str, more: str = "", plugin: str = "", **environment: str):
        """The runtime names the library by `plugin`; else by its file."""
        library = self.library(name)
        config = f'[plugins]\ndirectories = ["{library.parent}"]\n{self.plugins}'
        config += runtime("good", self.script("good.sh", "echo fine\n"))
        config += f'[[runtime]]\nid = "bad"\nplugin = "{plugin or library.name}"\n{more}'
        return self.daemon(config, **environment)

    def begin(self, name: str, more: str = "", **environment: str):
        self.served = self.configured(name, more, **environment).start()
        self.client = self.served.client

    # ---- what GET /api/plugins tells ----

    def plugin(self) -> dict:
        listed = self.answers(self.client.get("/api/plugins"), 200)
        return next(instance for instance in listed["instances"] if instance["name"] == "bad")

    def library_part(self) -> dict:
        listed = self.answers(self.client.get("/api/plugins"), 200)
        return next(part for part in listed["libraries"] if "/libraries/" in part["file"])

    def is_refused(self, code: str, text: str = "", state: str = "refused"):
        part = self.plugin()
        self.assertEqual((part["state"], part["refusal"]["code"]), (state, code), part)
        self.assertIn(text, part["refusal"]["text"])
        self.assertIn(f"runtime bad is refused ({code})", self.served.log())
        ids = [one["id"] for one in self.client.get("/api/runtimes").json["runtimes"]]
        self.assertEqual(ids, ["good"])
        self.answers(self.run_on("bad"), 503, reason="refused")
        self.assertIn(f"({code})", self.run_on("bad").json["error"])

    def counted(self, **counters: int):
        """At least so many of each, and nothing else but slow calls: a busy machine has those."""
        found = self.plugin()["misbehaviour"]
        for name, least in counters.items():
            self.assertGreaterEqual(found[name], least, found)
        others = {name: count for name, count in found.items() if count and name not in counters}
        self.assertEqual(set(others) - {"slowCall", "blockingCalls"}, set(), found)

    # ---- runs ----

    def run_on(self, name: str):
        task = self.create(self.client, kind="research")["id"]
        return self.client.post(f"/api/runtimes/{name}/run", {"taskId": task})

    def done_reason(self) -> str:
        return self.answers(self.run_on("bad"), 200)["doneReason"]

    def error_class(self) -> str:
        """Of the one execution: the first word of its error."""
        task = self.create(self.client, kind="research")["id"]
        self.client.post("/api/runtimes/bad/run", {"taskId": task})
        execution = self.client.get(f"/api/board/{task}/executions").json["executions"][-1]
        return execution["error"] or ""

    def lives(self):
        """The daemon answers, and another runtime works."""
        self.assertEqual(self.client.get("/api/health").status, 200)
        self.answers(self.run_on("good"), 200, doneReason="success")
        self.assertTrue(self.served.is_running())

    def ends_with(self, number: int) -> None:
        """The daemon ends by this signal."""
        self.assertEqual(self.served.process.wait(timeout=60), -number, self.served.log())


class BeforeTheDaemonIsReached(PluginCase):
    def refused(self, name: str, code: str, text: str):
        self.begin(name)
        part = self.library_part()
        self.assertEqual(part["refusal"]["code"], code)
        self.assertIn(text, part["refusal"]["text"])
        self.is_refused(code, text)
        self.lives()

    def test_no_entry(self):
        self.refused("bad_no_entry", "no_entry", "baton_plugin_entry_v1")

    def test_wrong_magic(self):
        self.refused("bad_magic", "bad_magic", "magic")

    def test_wrong_major(self):
        self.refused("bad_major", "major", "ABI 2")

    def test_needs_a_newer_minor(self):
        self.refused("bad_minor", "minor", "1.99")

    def test_crashes_in_a_static_constructor(self):
        self.refused("crashes_static", "probe_crash", "signal 6")

    def test_never_returns_from_loading(self):
        self.refused("bad_hang", "probe_timeout", "time")

    def test_never_returns_from_create(self):
        self.begin("never_creates")
        self.assertIsNone(self.library_part()["refusal"])
        self.is_refused("probe_timeout", "making an instance")
        self.lives()

    def test_crashes_in_create(self):
        self.begin("bad_create_crash")
        self.is_refused("probe_crash", "making an instance")
        self.lives()


class WhileItRuns(PluginCase):
    def throws(self, name: str):
        self.begin(name)
        self.assertEqual(self.done_reason(), "error")
        self.assertIn("out of run_start", self.error_class())
        self.counted()
        self.lives()

    def test_throws_through_the_wrapper(self):
        self.throws("throws")

    def test_throws_with_a_runtime_of_its_own(self):
        self.throws("throws_static")

    def test_blocks_the_thread_for_a_second(self):
        self.begin("blocks")
        self.assertEqual(self.done_reason(), "success")
        self.counted(slowCall=1)
        self.assertRegex(self.served.log(), r"plugin bad: run_start took (9|1\d)\d\d ms")
        self.lives()

    def test_finishes_twice(self):
        self.begin("finishes_twice")
        self.assertEqual(self.done_reason(), "success")
        self.counted(lateCall=1)
        self.lives()

    def test_never_finishes(self):
        self.served = self.configured("never_finishes")
        self.served.config.write_text("[run]\nsilence_s = 1\n" + self.served.config.read_text())
        self.client = self.served.start().client
        self.assertTrue(self.error_class().startswith("timeout"))
        self.counted(missingEnd=1)
        self.lives()

    def test_emits_after_finish(self):
        self.begin("emits_late")
        self.assertEqual(self.done_reason(), "success")
        self.counted(lateCall=1)
        self.lives()

    def test_uses_a_stale_handle(self):
        self.begin("stale_handle")
        self.assertEqual(self.done_reason(), "success")
        self.counted(staleHandle=1)
        self.lives()

    def test_emits_much(self):
        self.begin("emits_much")
        self.run_on("bad")
        before = self.peak_kib()
        self.assertTrue(self.error_class().startswith("protocol"))
        self.counted(eventFlood=2, lateCall=1)
        if not SANITIZED:
            self.assertLess(self.peak_kib() - before, 64 * 1024)
        self.lives()

    def peak_kib(self) -> int:
        status = Path(f"/proc/{self.served.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")))

    def test_sends_broken_text(self):
        self.begin("broken_text")
        self.assertEqual(self.done_reason(), "success")
        self.counted(brokenText=1)
        self.lives()

    def test_forks(self):
        self.begin("forks")
        self.assertEqual(self.done_reason(), "success")
        self.counted(strayChildren=1)
        pid = self.served.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children")
        self.assertEqual([child for child in children.read_text().split() if self.is_daemon(child)], [])
        self.lives()

    def is_daemon(self, pid: str) -> bool:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
            return state != "Z" and Path(f"/proc/{pid}/exe").resolve() == Path(BATOND).resolve()
        except OSError:
            return False

    def test_writes_to_stdout(self):
        self.begin("prints")
        self.assertEqual(self.done_reason(), "success")
        wait_until(lambda: self.plugin()["misbehaviour"]["stdoutWrites"] == 1, "the write is counted")
        self.counted(stdoutWrites=1)
        self.assertIn("plugin bad wrote to the daemon's standard output: hello from a plugin", self.served.log())
        self.lives()

    def begin_to_leave(self, name: str):
        self.begin(name, MALLOC_PERTURB_="170")  # what is freed is overwritten at once

    def uses_the_host(self):
        """The thread that was left goes on and on, and is served nothing."""
        file = self.served.state / "plugins" / "bad" / "rounds"

        def more_rounds():
            least = file.stat().st_size + 20
            wait_until(lambda: file.stat().st_size >= least, "the thread goes on")

        more_rounds()  # what it began before the end is over
        lines = self.served.log().count("plugin bad: still here")
        more_rounds()
        self.assertEqual(self.served.log().count("plugin bad: still here"), lines)
        self.lives()

    def test_leaves_a_thread(self):
        self.begin_to_leave("leaves_thread")
        for _ in range(2):  # who is switched on again finds a new instance
            self.assertEqual(self.done_reason(), "success")
            wait_until(lambda: "plugin bad: still here" in self.served.log(), "the thread is heard")
            self.answers(self.client.post("/api/plugins/bad/disable"), 200)
            self.assertEqual(self.plugin()["state"], "disabled")
            self.counted(strayThreads=1)
            self.assertIn("plugin bad: left 1 threads behind after destroy", self.served.log())
            self.uses_the_host()
            self.answers(self.client.post("/api/plugins/bad/enable"), 200)
            self.assertEqual(self.plugin()["state"], "ready")

    def test_leaves_a_thread_and_refuses_create(self):
        self.begin_to_leave("leaves_thread_in_create")
        self.is_refused("create_failed", "not here")
        self.counted(strayThreads=1)
        self.assertIn("plugin bad: left 1 threads behind after a create that failed", self.served.log())
        self.uses_the_host()

    def test_leaves_a_thread_and_refuses_caps(self):
        self.begin_to_leave("leaves_thread_before_caps")
        self.is_refused("create_failed", "caps")
        self.counted(strayThreads=1)
        self.assertIn("plugin bad: left 1 threads behind after destroy", self.served.log())
        self.uses_the_host()

    def test_too_much_of_it_is_quarantine(self):
        self.begin("finishes_twice", "misbehaviour_limit = 1\n")
        for _ in range(2):
            self.assertEqual(self.done_reason(), "success")
        part = self.plugin()
        self.assertEqual((part["state"], part["refusal"]["code"]), ("quarantined", "quarantined"))
        refused = self.answers(self.run_on("bad"), 200, doneReason="error")
        self.assertIn("misbehaviour_limit is 1; `baton plugin enable bad`", refused["summary"])
        self.assertIn("runtime bad is quarantined: it broke the rules", self.served.log())
        (shown,) = [one for one in self.client.get("/api/runtimes").json["runtimes"] if one["id"] == "bad"]
        self.assertNotEqual(shown["connectionState"], "ready")
        self.lives()
        self.answers(self.client.post("/api/plugins/bad/enable"), 200)
        self.assertEqual(self.done_reason(), "success")


class CrashCase(PluginCase):
    """What only another start can mend: it is written down who did it, and three times are too many."""

    def crash(self, call):
        try:
            call()
        except OSError:
            pass  # the daemon went away under it

    def restart(self):
        self.client = self.served.start().client

    def is_remembered(self, call: str, cause: str, times: int = 1):
        crashes = self.plugin()["crashes"]
        self.assertEqual([(one["call"], one["cause"]) for one in crashes], [(call, cause)] * times)
        self.assertLess(abs(crashes[-1]["at"] / 1000 - time.time()), 300)


class WhatEndsTheDaemon(CrashCase):
    def three_times(self, name: str, call: str):
        self.begin(name)
        for times in (1, 2, 3):
            self.assertEqual(self.plugin()["state"], "ready")
            self.crash(lambda: self.run_on("bad"))
            self.ends_with(signal.SIGABRT)
            self.restart()
            self.is_remembered(call, "signal-6", times)
        self.is_refused("quarantined", f"in {call} (signal-6)", "quarantined")
        self.lives()

    def test_aborts(self):
        self.three_times("aborts", "run_start")
        self.served.terminate()
        self.restart()
        self.is_refused("quarantined", "", "quarantined")
        self.answers(self.client.post("/api/plugins/bad/enable"), 200)
        self.assertEqual(self.plugin()["state"], "ready")
        self.assertEqual(self.plugin()["crashes"], [])

    def test_aborts_in_a_files_callback(self):
        self.three_times("aborts_in_file", "on_file")

    def test_throws_out_of_a_noexcept_function(self):
        self.three_times("throws_in_release", "run_release")

    def crashes_on_load(self, plugin: str):
        self.served = self.configured("crashes_on_load", plugin=plugin, BAD_ON_LOAD="1")
        for _ in range(3):
            self.assertRaises(AssertionError, self.served.start)
            self.ends_with(signal.SIGABRT)
        self.restart()
        self.is_refused("quarantined", "in dlopen", "quarantined")
        self.assertEqual(self.library_part()["refusal"]["code"], "quarantined")
        self.assertEqual([one["call"] for one in self.plugin()["crashes"]], ["dlopen"] * 3)
        self.lives()

    def test_a_library_that_crashes_only_in_the_daemon(self):
        self.crashes_on_load("crashes_on_load.so")

    def test_one_that_is_named_by_its_id(self):
        self.crashes_on_load("test.crashes-on-load")
        self.crash(lambda: self.client.post("/api/plugins/bad/enable"))  # it is pardoned, and does it again
        self.ends_with(signal.SIGABRT)

    def test_a_kill_is_nobodys_fault(self):
        self.begin("finishes_twice")
        self.served.kill()
        self.restart()
        self.assertEqual(self.plugin()["crashes"], [])


class WhatDoesNotComeBack(CrashCase):
    plugins = 'stall = "abort"\nstall_s = 0.5\n'

    def test_a_call_that_never_returns(self):
        self.begin("stalls")
        self.crash(lambda: self.run_on("bad"))
        self.ends_with(signal.SIGABRT)
        self.assertIn("plugin bad: run_start does not come back", self.served.log())
        self.restart()
        self.is_remembered("run_start", "stall")
        self.lives()

    def test_a_create_that_never_returns_here_only(self):
        self.served = self.configured("hangs_here")
        for _ in range(3):
            self.assertRaises(AssertionError, self.served.start)
            self.ends_with(signal.SIGABRT)
        self.restart()
        self.is_refused("quarantined", "in create (stall)", "quarantined")
        self.lives()

    def test_a_slow_call_is_none(self):
        self.plugins = 'stall = "abort"\nstall_s = 30\n'
        self.begin("blocks")
        self.assertEqual(self.done_reason(), "success")
        self.lives()


class WhatIsOnlyTold(PluginCase):
    plugins = "stall_s = 0.2\n"

    def test_a_stall_is_told_with_the_stack(self):
        self.begin("blocks")
        self.assertEqual(self.done_reason(), "success")
        log = self.served.log()
        self.assertIn("plugin bad: run_start does not come back", log)
        self.assertIn("batond", log.split("does not come back", 1)[1])
        self.assertEqual(log.count("does not come back"), 1)
        self.lives()
