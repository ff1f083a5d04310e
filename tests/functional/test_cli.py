"""The `baton` command: a client like any other, and the demo that shows a task being passed on."""

import shutil
import subprocess
import time

from harness import BATON, DaemonCase, gate, runtime
from harness.daemon import clean_environment


class CliCase(DaemonCase):
    def baton(self, *arguments, **environment):
        return subprocess.run(
            [BATON, *map(str, arguments)],
            env=clean_environment(self.directory, **environment),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def says(self, *arguments, **environment) -> str:
        result = self.baton(*arguments, **environment)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.strip()

    def refuses(self, *arguments, **environment) -> str:
        """Its words on stderr."""
        result = self.baton(*arguments, **environment)
        self.assertNotEqual(result.returncode, 0, result.stdout)
        self.assertTrue(result.stderr.strip())
        return result.stderr


class Demo(CliCase):
    def test_passes_a_task_on_within_ten_seconds(self):
        begun = time.monotonic()
        lines = self.says("demo").splitlines()
        took = time.monotonic() - begun
        self.assertRegex(lines[-1], r"^demo: (\S+) -> (?!\1)\S+, task done, verified pass$")
        self.assertLess(took, 10)

    def test_leaves_nothing_behind(self):
        scratch = self.directory / "tmp"
        scratch.mkdir()
        self.says("demo", TMPDIR=str(scratch))
        self.assertEqual(list(scratch.iterdir()), [])

    def test_fails_without_a_daemon_to_start(self):
        alone = self.directory / "baton"
        shutil.copy(BATON, alone)
        environment = clean_environment(self.directory)
        result = subprocess.run([alone, "demo"], env=environment, capture_output=True, text=True, timeout=120)
        self.assertNotEqual(result.returncode, 0)
        self.assertNotIn("verified pass", result.stdout)


class Commands(CliCase):
    def setUp(self):
        super().setUp()
        script = self.script("work.sh", "echo x > x.txt\necho 'made x'\n")
        self.started = self.daemon(gate("true") + runtime("alpha", script)).start()
        self.home = {"BATON_HOME": str(self.started.state)}

    def test_finds_the_daemon_by_its_state_and_by_url(self):
        self.assertIn("alpha", self.says("status", **self.home))
        self.assertIn("alpha", self.says("--url", f"http://127.0.0.1:{self.started.port}", "status"))
        self.assertIn("alpha", self.says("--url", f"unix:{self.started.state}/batond.sock", "status"))

    def test_says_when_there_is_no_daemon(self):
        self.assertIn("batond.sock", self.refuses("status", BATON_HOME=str(self.directory)))
        self.started.terminate()
        self.refuses("--url", f"http://127.0.0.1:{self.started.port}", "status")
        self.refuses("--url", "nonsense", "status")

    def test_a_task_from_new_to_done(self):
        task = self.says("task", "new", "write x", "--description", "a file", **self.home)
        self.assertIn("write x", self.says("task", "list", **self.home))
        repo = self.repo()
        self.says("run", "alpha", task, "--repo", repo.path, **self.home)
        shown = self.says("task", "show", task, **self.home)
        self.assertIn("done", shown)
        self.assertIn("made x", shown)
        self.assertEqual(self.task(self.started.client, task)["status"], "done")

    def test_a_claim_is_won_once(self):
        task = self.says("task", "new", "mine", **self.home)
        self.says("task", "claim", task, "--agent", "ann", **self.home)
        self.assertIn("ann", self.refuses("task", "claim", task, "--agent", "bob", **self.home))

    def test_refusals_are_told(self):
        self.assertIn("nobody", self.refuses("task", "show", "nobody", **self.home))
        self.refuses("run", "omega", "nobody", **self.home)
        self.refuses("task", "new", "x" * 501, **self.home)
        self.refuses("fly", **self.home)
