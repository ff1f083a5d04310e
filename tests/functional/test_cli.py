"""The `baton` command: a client like any other, and the demo that shows a task being passed on."""

import json
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from harness import BATON, CliCase, gate, runtime, wait_until
from harness.daemon import clean_environment


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
        self.assertIn("batond.sock", self.refuses("status", BATON_HOME=str(self.directory), code=2))
        self.started.terminate()
        self.refuses("--url", f"http://127.0.0.1:{self.started.port}", "status", code=2)
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
        for wrong in (("fly",), ("task",), ("task", "claim"), ("task", "claim", "id", "--lease", "-1")):
            self.refuses(*wrong, code=64, **self.home)


class Verbs(CliCase):
    """Each verb of `baton task`, in words and as JSON."""

    def setUp(self):
        super().setUp()
        self.started = self.daemon().start()
        self.client = self.started.client
        self.home = {"BATON_HOME": str(self.started.state)}

    def new(self, title="a task", *options) -> str:
        return self.says("task", "new", title, *options, **self.home)

    def says_json(self, *arguments):
        return json.loads(self.says("task", *arguments, "--json", **self.home))

    def now(self, task):
        return self.task(self.client, task)

    def test_claim_with_a_lease(self):
        task = self.new()
        owned = self.says_json("claim", task, "--agent", "ann", "--runtime", "codex", "--lease", "60")["task"]
        self.assertEqual((owned["assigneeAgentId"], owned["assigneeRuntime"]), ("ann", "codex"))
        self.assertEqual(owned["leaseExpiresAt"], owned["claimedAt"] + 60_000)

    def test_a_refused_claim_says_why_who_and_since_when(self):
        task = self.new()
        self.says("task", "claim", task, "--agent", "ann", **self.home)
        refused = self.refuses("task", "claim", task, "--agent", "bob", **self.home)
        since = time.strftime("%Y-%m-%dT%H:%M", time.gmtime(self.now(task)["claimedAt"] / 1000))
        for word in ("409", "claimed", "ann", since):
            self.assertIn(word, refused)
        result = self.baton("task", "claim", task, "--agent", "bob", "--json", **self.home)
        self.assertEqual(result.returncode, 1)
        self.assertEqual(json.loads(result.stdout)["holder"], "ann")

    def test_claim_next_takes_the_best_and_says_when_there_is_none(self):
        self.refuses("task", "claim-next", code=3, **self.home)
        self.new("later", "--team", "t", "--kind", "research")
        best = self.new("first", "--team", "t", "--priority", "5")
        self.assertIn(best, self.says("task", "claim-next", "--team", "t", **self.home))
        self.refuses("task", "claim-next", "--kind", "code", "--team", "t", code=3, **self.home)
        taken = self.says_json("claim-next", "--kind", "code", "--kind", "research", "--agent", "ann")["task"]
        self.assertEqual((taken["title"], taken["assigneeAgentId"]), ("later", "ann"))

    def test_claim_next_waits(self):
        with ThreadPoolExecutor(1) as pool:
            told = pool.submit(self.says, "task", "claim-next", "--wait", "100", **self.home)
            wait_until(lambda: self.client.get("/api/health").json["waiting"] == 1, "the command waits")
            self.assertIn(self.new(), told.result())
        self.refuses("task", "claim-next", "--wait", "0.05", code=3, **self.home)

    def test_release_assign_and_heartbeat(self):
        task = self.new()
        self.says("task", "assign", task, "ann", **self.home)
        fence = self.now(task)["fence"]
        self.says("task", "heartbeat", task, "--fence", fence, "--lease", "10", **self.home)
        self.assertIn("claimed", self.refuses("task", "assign", task, "bob", **self.home))
        self.says("task", "assign", task, "bob", "--fence", fence, **self.home)
        self.assertEqual(self.now(task)["assigneeAgentId"], "bob")
        self.assertIn("stale_fence", self.refuses("task", "release", task, "--fence", fence, **self.home))
        self.says("task", "release", task, "--reason", "lunch", **self.home)
        self.assertEqual(self.now(task)["status"], "todo")
        self.assertIn("not_claimed", self.refuses("task", "heartbeat", task, **self.home))

    def test_drop_and_restore(self):
        task = self.new()
        self.says("task", "drop", task, **self.home)
        self.assertEqual(self.says("task", "list", **self.home), "")
        self.assertIn(task, self.says("task", "list", "--dropped", **self.home))
        self.says("task", "restore", task, **self.home)
        self.assertIn(task, self.says("task", "list", "--ready", **self.home))
        self.assertIn("stale_fence", self.refuses("task", "drop", task, "--fence", "99", **self.home))

    def test_link_why_and_unlink(self):
        task, blocker = self.new("build"), self.new("design")
        self.says("task", "link", task, blocker, **self.home)
        said = self.says("task", "why", task, **self.home)
        self.assertIn("design", said)
        self.assertIn(blocker, said)
        self.assertEqual(self.says_json("why", task)["reason"], "dependencies")
        self.assertIn(blocker, self.says("task", "show", task, **self.home))
        self.assertIn("cycle", self.refuses("task", "link", blocker, task, **self.home))
        self.assertIn("no longer", self.says("task", "unlink", task, blocker, **self.home))
        self.assertIn("did not", self.says("task", "unlink", task, blocker, **self.home))
        self.assertTrue(self.says_json("why", task)["ready"])

    def test_edit_and_move(self):
        task = self.new("draft")
        self.says("task", "edit", task, "--title", "final", "--priority", "7", **self.home)
        self.says("task", "move", task, "blocked", **self.home)
        read = self.task(self.client, task)
        self.assertEqual((read["title"], read["priority"], read["status"]), ("final", 7, "blocked"))
        self.assertIn("illegal", self.refuses("task", "move", task, "done", **self.home))
        self.assertIn("status", self.refuses("task", "move", task, "finished", **self.home))
        self.assertIn("stale_fence", self.refuses("task", "edit", task, "--title", "x", "--fence", "99", **self.home))
        self.refuses("task", "edit", task, code=64, **self.home)
        self.assertEqual(self.task(self.client, task)["title"], "final")

    def test_cancel_dependents(self):
        task, blocker = self.new("build"), self.new("design")
        self.assertIn("nothing", self.says("task", "cancel-dependents", blocker, **self.home))
        self.says("task", "link", task, blocker, **self.home)
        self.assertEqual(self.says("task", "cancel-dependents", blocker, **self.home), f"{task}  build")
        self.assertEqual(self.task(self.client, task)["status"], "cancelled")

    def test_the_url_may_stand_behind_the_command(self):
        task = self.new("here")
        self.assertIn(task, self.says("task", "list", "--url", f"http://127.0.0.1:{self.started.port}"))
        self.refuses("task", "list", "--nonsense", code=64, **self.home)

    def test_comment(self):
        task = self.new()
        self.says("task", "comment", task, "looks good", **self.home)
        self.says("task", "comment", task, "I agree", "--agent", "ann", **self.home)
        comments = self.client.get(f"/api/board/{task}").json["comments"]
        self.assertEqual([c["authorType"] for c in comments], ["user", "agent"])
        self.assertIn("looks good", self.says("task", "show", task, **self.home))

    def test_lists_as_json_line_by_line(self):
        tasks = [self.new(f"task {n}") for n in range(3)]
        lines = self.says("task", "list", "--json", **self.home).splitlines()
        self.assertEqual([json.loads(line)["id"] for line in lines], tasks[::-1])


class Events(CliCase):
    def setUp(self):
        super().setUp()
        self.started = self.daemon().start()
        self.home = {"BATON_HOME": str(self.started.state)}

    def test_lists_what_happened(self):
        tasks = [self.create(self.started.client)["id"] for _ in range(3)]
        said = self.says("events", **self.home)
        self.assertEqual(said.count("task_created"), 3)
        self.assertLess(said.index(tasks[0]), said.index(tasks[2]))
        (line,) = self.says("events", "--task", tasks[1], "--json", **self.home).splitlines()
        self.assertEqual(json.loads(line)["taskId"], tasks[1])
        self.assertEqual(self.says("events", "--since", "2", **self.home).count("task_created"), 1)
        self.assertEqual(self.says("events", "--kinds", "task_claimed", **self.home), "")

    def test_follows_until_the_daemon_ends(self):
        environment = clean_environment(self.directory, **self.home)
        arguments = [BATON, "events", "--follow", "--json"]
        with subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True) as process:
            for _ in range(2):
                task = self.create(self.started.client)["id"]
                self.assertEqual(json.loads(process.stdout.readline())["taskId"], task)
            self.started.terminate()
            self.assertIn(process.wait(timeout=60), (0, 2))
