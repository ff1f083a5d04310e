"""What cannot be ended keeps everybody else out of its task's tree, for as long as it lives."""

from harness import Freezer, ProcessCase, is_alive, runtime, wait_until


class UndeadCase(ProcessCase):
    def setUp(self):
        super().setUp()
        freezer = Freezer.make()
        if freezer is None:
            self.skipTest("no freezer controller (cgroup v1) to make a process that SIGKILL does not end")
        self.freezer = freezer
        # Runs before the daemon's end and before the harness ends what is left.
        self.addCleanup(self.thaw_and_remove)
        self.go = self.directory / "go"
        script = self.script(
            "work.sh",
            f"if [ -e {self.go} ]; then echo finished; exit 0; fi\n"
            + self.script_text(),
        )
        self.started = self.daemon(runtime("alpha", script)).start()
        self.user = self.repo()
        self.made = self.create(self.started.client)["id"]

    def script_text(self) -> str:
        """Of the first run: a process that says it is `frozen`."""
        return self.escaping("frozen") + f"until [ -e {self.directory}/leave ]; do sleep 0.02; done\n"

    def thaw_and_remove(self):
        self.freezer.thaw()
        pid = self.pid_file("frozen")
        if pid.exists() and pid.read_text().strip():
            self.ends_by_itself(self.pid("frozen"), "the frozen process")
        self.freezer.remove()

    def run_it(self):
        return self.run_on(self.started.client, self.made, repoPath=str(self.user.path))

    def begin_and_freeze(self):
        self.in_background(self.run_it)
        self.freezer.freeze(self.pid("frozen"))

    def is_blocked_with_the_reason(self):
        client = self.started.client
        task = wait_until(
            lambda: (found := self.task(client, self.made))["status"] == "blocked" and found, "the task is blocked"
        )
        self.assertIsNotNone(task)
        detail = client.get(f"/api/board/{self.made}").json
        self.assertIn(str(self.pid("frozen")), "\n".join(one["body"] for one in detail["comments"]))
        events = client.get(f"/api/obs/events?taskId={self.made}&limit=100").json["events"]
        self.assertTrue(any("undead_worker" in str(event) for event in events), events)

    def nobody_else_is_let_in(self):
        client = self.started.client
        self.answers(client.patch(f"/api/board/{self.made}", {"status": "todo"}), 409, error="undead_worker")
        claimed = client.post(f"/api/board/{self.made}/claim", {"assigneeAgentId": "external", "assigneeRuntime": "other"})
        self.assertGreaterEqual(claimed.status, 400)
        self.answers(self.run_it(), 409, detail="undead_worker")
        path = f"/api/board/{self.made}/workspace"
        self.answers(client.post(path, {"repoPath": str(self.user.path)}), 409, error="undead_worker")
        self.assertTrue(is_alive(self.pid("frozen")))

    def it_goes_on_once_that_is_gone(self):
        self.freezer.thaw()
        wait_until(lambda: not is_alive(self.pid("frozen")), "the thawed process dies of its KILL")
        self.go.touch()
        self.answers(self.started.client.patch(f"/api/board/{self.made}", {"status": "todo"}), 200)
        self.answers(self.run_it(), 200, status="done")


class Undead(UndeadCase):
    def test_a_run_that_leaves_one_blocks_its_task(self):
        self.begin_and_freeze()
        (self.directory / "leave").touch()
        self.is_blocked_with_the_reason()
        self.nobody_else_is_let_in()
        self.it_goes_on_once_that_is_gone()

    def test_so_does_one_that_a_killed_daemon_left(self):
        self.begin_and_freeze()
        self.started.kill()
        self.started.start()
        self.is_blocked_with_the_reason()
        self.nobody_else_is_let_in()
        self.it_goes_on_once_that_is_gone()

    def test_further_daemons_know_of_it(self):
        self.begin_and_freeze()
        self.started.kill()
        self.started.start()
        self.assertEqual(self.started.terminate(), 0)
        self.started.start()
        self.started.kill()
        self.started.start()
        self.is_blocked_with_the_reason()
        self.nobody_else_is_let_in()
        self.it_goes_on_once_that_is_gone()


class UndeadLeader(UndeadCase):
    """The program of the run itself is frozen, so its end is never seen."""

    def script_text(self) -> str:
        return f"echo $$ > {self.pid_file('frozen')}\nwhile :; do sleep 1000; done\n"

    def test_the_daemon_ends_in_time_and_blocks_its_task(self):
        self.begin_and_freeze()
        self.assertEqual(self.started.terminate(), 0)
        self.started.start()
        self.is_blocked_with_the_reason()
        self.nobody_else_is_let_in()
        self.it_goes_on_once_that_is_gone()
