"""Nothing that a run or a gate started survives it, whatever it did to get away."""

import json
import os
import shutil
from pathlib import Path

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


class WhatARunLeavesInAGroup(WithGroups, WhatARunLeaves):
    def test_no_group_is_left(self):
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
        self.assertEqual(started.terminate(), 0)

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
    def test_no_group_is_left(self):
        started, task, run = self.judged(self.escaping("daemonised"))
        self.answers(run(), 200, status="done")
        self.assertEqual([path.parent for path in self.root.groups()], [self.root.directory])


class WhatTheDaemonKeepsToItself(ProcessCase):
    """Variables of the daemon's own environment, none of which may reach a child."""

    SECRETS = {
        "BATON_SECRET": "s3cret-1",
        "CLAWBOO_SECRET": "s3cret-2",
        "NOTIFY_SOCKET": "@s3cret-3",
        "CREDENTIALS_DIRECTORY": "/s3cret-4",
        "LISTEN_FDS": "s3cret-5",
        "LISTEN_PID": "s3cret-6",
        "GIT_DIR": "/s3cret-7",
        "OPENAI_API_KEY": "s3cret-8",
    }

    def names_in(self, path: Path) -> set[str]:
        text = wait_until(lambda: path.exists() and path.read_bytes(), f"{path.name} was written")
        self.assertNotIn(b"s3cret", text)
        return {entry.partition(b"=")[0].decode() for entry in text.split(b"\0") if entry}

    def test_nothing_of_it_reaches_a_run_a_gate_or_git(self):
        seen = {name: self.directory / f"{name}.environ" for name in ("run", "gate", "git")}
        tools = self.directory / "tools"
        tools.mkdir()
        self.script("tools/git", f"#!/bin/sh\ncat /proc/$$/environ > {seen['git']}\nexec {shutil.which('git')} \"$@\"\n")
        look = self.script("gate.sh", f"cat /proc/$$/environ > {seen['gate']}\n")
        work = self.script("work.sh", f"cat /proc/$$/environ > {seen['run']}\necho done > work.txt\n")
        path = f"{tools}:{os.environ['PATH']}"
        config = self.processes() + gate(f"sh {look}") + runtime("alpha", work)
        started = self.daemon(config, PATH=path, **self.SECRETS).start()
        task = self.create(started.client)["id"]
        self.answers(self.run_on(started.client, task, repoPath=str(self.repo().path)), 200, status="done")
        for name, file in seen.items():
            names = self.names_in(file)
            self.assertIn("PATH", names)
            # What the daemon tells a run of its task is meant for it; the rest of its names is not.
            told = {"BATON_SPAWN", "BATON_TASK", "BATON_AGENT", "BATON_ATTEMPT", "BATON_CWD"}
            ours = {one for one in names if one.startswith(("BATON_", "CLAWBOO_"))}
            self.assertLessEqual(ours, told if name == "run" else {"BATON_SPAWN"}, name)
            self.assertFalse(names & (set(self.SECRETS) - {"GIT_DIR"}), name)


class AKillWhileAProgramIsBeingStarted(ProcessCase):
    """Before its group and tag are used, before its pid is written, and right after."""

    POINTS = ("spawn.intended", "spawn.launched", "spawn.written")

    def test_the_next_daemon_ends_it(self):
        # Whatever became of the first start, its program would leave this behind.
        text = f"echo $$ >> {self.pid_file('all')}\n" + self.escaping("daemonised") + "sleep 1000\n"
        for point in self.POINTS:
            config = self.processes() + runtime("alpha", self.script("work.sh", text))
            doomed = self.daemon(config, name=point, BATON_FAULT_KILL=point).start()
            task = self.create(doomed.client, kind="research")["id"]
            self.in_background(lambda: self.run_on(doomed.client, task)).join()
            self.assertEqual(doomed.process.wait(timeout=60), -9, point)
            if point != "spawn.intended":
                self.pid("daemonised")
            doomed.environment = {}
            doomed.start()
            self.assertEqual(self.task(doomed.client, task)["status"], "todo", point)
            all_pids = self.pid_file("all")
            for pid in map(int, all_pids.read_text().split() if all_pids.exists() else []):
                self.assertFalse(is_alive(pid), point)
            if self.pid_file("daemonised").exists():
                self.is_gone("daemonised")
                self.pid_file("daemonised").unlink()
            self.assertEqual(doomed.terminate(), 0)


class AKillWhileAProgramIsBeingStartedInAGroup(WithGroups, AKillWhileAProgramIsBeingStarted):
    pass


class WhatGitLeaves(ProcessCase):
    def test_git_that_hangs_ends_with_the_daemon_and_all_it_started(self):
        tools = self.directory / "tools"
        tools.mkdir()
        hang = self.escaping("daemonised") + "sleep 1000\n"
        real = shutil.which("git")
        self.script("tools/git", f'#!/bin/sh\ncase "$*" in *"worktree add"*)\n{hang};; esac\nexec {real} "$@"\n')
        started = self.daemon(self.processes(), PATH=f"{tools}:{os.environ['PATH']}").start()
        task = self.create(started.client)["id"]
        path = f"/api/board/{task}/workspace"
        repo = str(self.repo().path)
        self.in_background(lambda: started.client.post(path, {"repoPath": repo}))
        self.pid("daemonised")
        self.assertEqual(started.terminate(), 0)
        self.is_gone("daemonised")


class Limits(WithGroups, ProcessCase):
    LIMITS = "memory_max_mb = 64\npids_max = 64\n"

    def run_with_limits(self, text: str):
        config = self.processes() + self.LIMITS + runtime("alpha", self.script("work.sh", text))
        started = self.daemon(config).start()
        task = self.create(started.client, kind="research")["id"]
        reply = self.run_on(started.client, task)
        return started, task, reply

    def test_what_no_controller_enforces_is_refused_by_the_log(self):
        if {"memory", "pids"} & set(self.root.controllers):
            self.skipTest("the controllers are there")
        started, _, reply = self.run_with_limits("echo finished\n")
        self.answers(reply, 200, status="done")
        self.assertIn("memory_max_mb is not in force", started.log())
        self.assertIn("pids_max is not in force", started.log())

    def test_want_of_memory_is_said_and_the_peak_is_kept(self):
        if "memory" not in self.root.controllers:
            self.skipTest("no memory controller in the v2 hierarchy")
        eat = "python3 -c 'x = bytearray(1 << 30)'\nexit 3\n"
        started, task, reply = self.run_with_limits(eat)
        self.assertEqual(reply.json["status"], "todo", reply.body)
        (row,) = started.client.get(f"/api/board/{task}/executions").json["executions"]
        self.assertIn("out of memory", row["error"])
        self.assertIn("64 MiB", row["error"])
        events = started.client.get(f"/api/obs/events?taskId={task}&limit=100").json["events"]
        (ended,) = [event for event in events if event["kind"] == "execution_completed"]
        self.assertGreater(json.loads(ended["data"])["memoryPeakBytes"], 0)
