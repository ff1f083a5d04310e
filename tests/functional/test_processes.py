"""Nothing that a run or a gate started survives it, whatever it did to get away."""

from harness import ESCAPE_UNKNOWN, CgroupRoot, ProcessCase, gate, is_alive, runtime, wait_until


class WhatARunLeaves(ProcessCase):
    def started(self, text: str):
        started = self.daemon(self.processes() + runtime("alpha", self.script("work.sh", text))).start()
        return started.client, self.create(started.client, kind="research")["id"], started

    def test_a_grandchild_with_a_session_of_its_own_ends_with_the_run(self):
        client, task, _ = self.started(self.escaping("daemonised") + "echo finished\n")
        self.answers(self.run_on(client, task), 200, ok=True, status="done")
        self.is_gone("daemonised")

    def test_one_without_the_environment_too(self):
        client, task, _ = self.started(self.escaping("nameless", ESCAPE_UNKNOWN) + "echo finished\n")
        self.answers(self.run_on(client, task), 200, ok=True, status="done")
        self.is_gone("nameless")

    def test_both_end_when_the_daemon_is_asked_to(self):
        text = self.escaping("daemonised") + self.escaping("nameless", ESCAPE_UNKNOWN) + "sleep 1000\n"
        client, task, started = self.started(text)
        self.in_background(lambda: self.run_on(client, task))
        self.pid("nameless")
        self.assertEqual(started.terminate(), 0)
        self.is_gone("daemonised")
        self.is_gone("nameless")

    def test_they_end_before_the_next_daemon_listens(self):
        client, task, started = self.started(self.escaping("daemonised") + "sleep 1000\n")
        self.in_background(lambda: self.run_on(client, task))
        self.pid("daemonised")
        started.kill()
        started.start()
        self.is_gone("daemonised")
        self.assertEqual(self.task(started.client, task)["status"], "todo")

    def test_another_runs_processes_are_spared(self):
        go = self.directory / "go"
        text = (
            "if [ \"$BATON_AGENT\" = ann ]; then\n"
            + self.escaping("first")
            + "exit 0\nfi\n"
            + self.escaping("second")
            + f"until [ -e {go} ]; do sleep 0.02; done\n"
        )
        client, one, started = self.started(text)
        other = self.create(client, kind="research")["id"]
        self.in_background(lambda: self.run_on(client, other, assigneeAgentId="bob"))
        second = self.pid("second")
        self.answers(self.run_on(client, one), 200, status="done")
        self.is_gone("first")
        self.assertTrue(is_alive(second))
        go.touch()
        wait_until(lambda: self.task(client, other)["status"] == "done", "the other run ends")
        self.is_gone("second")


class WhatAGateLeaves(ProcessCase):
    def judged(self, command: str):
        script = self.script("work.sh", "date > work.txt\n")
        started = self.daemon(self.processes() + gate(f"sh {self.script('gate.sh', command)}") + runtime("alpha", script)).start()
        task = self.create(started.client)["id"]
        user = self.repo()
        return started, task, lambda: self.run_on(started.client, task, repoPath=str(user.path))

    def test_it_ends_with_the_gate(self):
        started, task, run = self.judged(self.escaping("daemonised"))
        self.answers(run(), 200, status="done")
        self.is_gone("daemonised")

    def test_it_ends_when_the_daemon_is_asked_to(self):
        started, task, run = self.judged(self.escaping("daemonised") + "sleep 1000\n")
        self.in_background(run)
        self.pid("daemonised")
        self.assertEqual(started.terminate(), 0)
        self.is_gone("daemonised")

    def test_it_ends_before_the_next_daemon_listens(self):
        started, task, run = self.judged(self.escaping("daemonised") + "sleep 1000\n")
        self.in_background(run)
        self.pid("daemonised")
        started.kill()
        started.start()
        self.is_gone("daemonised")
        self.assertEqual(self.task(started.client, task)["status"], "todo")


class WithGroups:
    """The same, and more, where each run and each gate has a control group of its own."""

    def setUp(self):
        super().setUp()
        root = CgroupRoot.make()
        if root is None:
            self.skipTest("no control group (v2) can be made here")
        self.root = root
        self.addCleanup(root.remove)

    def processes(self) -> str:
        return self.root.config

    def test_no_group_is_left(self):
        self.no_group_is_left()


class WhatARunLeavesInAGroup(WithGroups, WhatARunLeaves):
    def no_group_is_left(self):
        client, task, started = self.started(self.escaping("daemonised"))
        self.answers(self.run_on(client, task), 200, status="done")
        self.assertEqual([path.parent for path in self.root.groups()], [self.root.directory])
        self.assertEqual(started.terminate(), 0)
        self.assertEqual(self.root.groups(), [])

    def test_the_group_says_whose_it_is(self):
        client, task, started = self.started(self.escaping("daemonised") + "sleep 1000\n")
        self.in_background(lambda: self.run_on(client, task))
        _, cell, place = self.root.of(self.pid("daemonised")).split("/")
        (row,) = client.get(f"/api/board/{task}/executions").json["executions"]
        self.assertTrue(cell.startswith(f"{task}+run-{row['id']}+"), cell)
        self.assertEqual(place, "1")
        ledger = (started.state / "processes.ledger").read_text()
        self.assertIn(str(self.root.directory), ledger)

    def test_a_killed_daemons_nameless_grandchild_ends_before_the_next_listens(self):
        client, task, started = self.started(self.escaping("nameless", ESCAPE_UNKNOWN) + "sleep 1000\n")
        self.in_background(lambda: self.run_on(client, task))
        self.pid("nameless")
        started.kill()
        (started.state / "processes.ledger").unlink()  # the groups alone must do
        started.start()
        self.is_gone("nameless")
        self.assertEqual(self.task(started.client, task)["status"], "todo")
        self.assertEqual([path.parent for path in self.root.groups()], [self.root.directory])

    def test_what_cannot_be_entered_is_told(self):
        started = self.daemon('[processes]\ncgroup = "/no/such/group"\n')
        ended = started.run()
        self.assertEqual(ended.returncode, 78)
        self.assertIn("/no/such/group", ended.stderr)


class WhatAGateLeavesInAGroup(WithGroups, WhatAGateLeaves):
    def no_group_is_left(self):
        started, task, run = self.judged(self.escaping("daemonised"))
        self.answers(run(), 200, status="done")
        self.assertEqual([path.parent for path in self.root.groups()], [self.root.directory])
