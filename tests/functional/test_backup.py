"""`baton backup`, `baton restore` and `baton db check`, beside a daemon that writes and without one."""

import os
import sqlite3
import threading
import unittest

from harness import CliCase, Daemon, wait_until


class BackupCase(CliCase):
    def setUp(self):
        super().setUp()
        self.started = self.daemon().start()
        self.state = self.started.state
        self.copy = self.directory / "copy.db"

    def titles(self, daemon: Daemon):
        return sorted(task["title"] for task in daemon.client.get("/api/board").json["tasks"])

    def restored(self, copy, name="two") -> Daemon:
        """A daemon on a new state that was restored from `copy`."""
        daemon = self.daemon(name=name)
        self.says("restore", copy, "--state", daemon.state)
        return daemon.start()

    def damage(self, database):
        """Overwrites the middle of every page but the first, as a broken disk would."""
        page = 4096
        with open(database, "r+b") as file:
            for offset in range(page, database.stat().st_size, page):
                file.seek(offset + page // 2)
                file.write(b"\xff" * 64)


class Backup(BackupCase):
    def test_beside_a_running_daemon_and_without_one(self):
        self.create(self.started.client, "kept")
        said = self.says("backup", self.copy, "--state", self.state)
        self.assertIn(str(self.state / "baton.db"), said)
        self.assertIn("1 tasks", said)
        self.started.terminate()
        second = self.directory / "second.db"
        self.says("backup", second, BATON_HOME=str(self.state))
        for number, copy in enumerate((self.copy, second)):
            self.assertEqual(self.titles(self.restored(copy, f"restored-{number}")), ["kept"])

    def test_holds_what_was_answered_before_it(self):
        answered, stop = [], threading.Event()

        def write():
            client = self.started.client
            while not stop.is_set():
                answered.append(self.create(client)["id"])

        writers = [threading.Thread(target=write) for _ in range(4)]
        for writer in writers:
            writer.start()
        try:
            wait_until(lambda: len(answered) > 50, "the writers are under way")
            for number in range(3):
                before = list(answered)
                copy = self.directory / f"copy-{number}.db"
                self.says("backup", copy, "--state", self.state)
                wait_until(lambda: len(answered) > len(before), "nobody waits for the backup")
        finally:
            stop.set()
            for writer in writers:
                writer.join()
        self.assertIn("is fine", self.says("db", "check", copy))
        daemon = self.restored(copy)
        for task in before:
            self.assertEqual(self.task(daemon.client, task)["status"], "todo")
        events = daemon.client.get("/api/obs/events?limit=5000").json["events"]
        self.assertEqual([event["seq"] for event in events], list(range(1, len(events) + 1)))
        self.assertLessEqual(set(before), {event["taskId"] for event in events})

    def test_goes_on_from_where_the_copy_was_made(self):
        client = self.started.client
        task = self.create(client, "claimed")
        claimed = self.answers(client.post(f"/api/board/{task['id']}/claim", {"assigneeAgentId": "ann"}), 200)["task"]
        self.says("backup", self.copy, "--state", self.state)
        daemon = self.restored(self.copy)
        self.assertEqual(self.task(daemon.client, task["id"]), claimed)
        body = {"fence": claimed["fence"]}
        self.answers(daemon.client.post(f"/api/board/{task['id']}/release", body), 200)

    def test_never_replaces_a_file(self):
        self.copy.write_text("precious")
        self.assertIn(str(self.copy), self.refuses("backup", self.copy, "--state", self.state))
        self.assertEqual(self.copy.read_text(), "precious")

    def test_says_what_it_cannot_do_and_leaves_nothing(self):
        nowhere = self.directory / "nowhere"
        self.assertIn(str(nowhere), self.refuses("backup", self.copy, "--state", nowhere, code=2))
        self.refuses("backup", nowhere / "copy.db", "--state", self.state, code=2)
        self.assertFalse(nowhere.exists())
        self.assertEqual([path.name for path in self.directory.glob("copy*")], [])


class Restore(BackupCase):
    def test_is_refused_while_a_daemon_runs_and_its_pid_is_named(self):
        self.create(self.started.client, "kept")
        self.says("backup", self.copy, "--state", self.state)
        self.create(self.started.client, "newer")
        refused = self.refuses("restore", self.copy, "--state", self.state)
        self.assertIn(str(self.started.process.pid), refused)
        self.assertEqual(self.titles(self.started), ["kept", "newer"])

    def test_keeps_the_former_database_and_says_where(self):
        self.create(self.started.client, "kept")
        self.says("backup", self.copy, "--state", self.state)
        self.create(self.started.client, "newer")
        self.started.kill()  # what it wrote last is in the log beside the file only
        said = self.says("restore", self.copy, "--state", self.state)
        self.assertEqual(self.titles(self.started.start()), ["kept"])
        (kept,) = self.state.glob("*before-restore*")
        self.assertIn(str(kept), said)
        self.assertEqual(self.titles(self.restored(kept)), ["kept", "newer"])

    def test_a_start_after_one_that_was_killed_half_way_is_refused(self):
        self.create(self.started.client, "kept")
        self.started.terminate()
        database = self.state / "baton.db"
        former = self.state / "baton.db.before-restore-20260102T030405Z"
        database.rename(former)
        refused = self.started.run()
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn(str(former), refused.stderr)
        self.assertFalse(database.exists())
        former.rename(database)
        self.assertEqual(self.titles(self.started.start()), ["kept"])

    def test_a_run_that_was_under_way_is_recovered(self):
        task = self.create(self.started.client)
        self.started.terminate()
        with sqlite3.connect(self.state / "baton.db") as connection:  # as the daemon's own executor writes it
            connection.execute("UPDATE tasks SET status = 'in_progress', assignee_agent_id = 'ann', fence = 1")
            connection.execute(
                "INSERT INTO execution_processes (id, task_id, executor_type, status, claimed_at, started_at, created_at,"
                " recovery_tombstone, lease_fence) VALUES ('run', ?, 'alpha', 'running', 1, 1, 1, 0, 1)",
                (task["id"],),
            )
        connection.close()
        self.says("backup", self.copy, "--state", self.state)
        now = self.task(self.restored(self.copy).client, task["id"])
        self.assertEqual((now["status"], now["assigneeAgentId"]), ("todo", None))

    def test_a_bad_copy_changes_nothing(self):
        self.create(self.started.client, "kept")
        self.says("backup", self.copy, "--state", self.state)
        self.started.terminate()
        self.damage(self.copy)
        letter = self.directory / "letter.txt"
        letter.write_text("this is a letter, not a database\n" * 200)
        for bad in (self.copy, letter, self.directory / "nowhere.db", self.directory):
            with self.subTest(bad=bad.name):
                result = self.baton("restore", bad, "--state", self.state)
                self.assertIn(result.returncode, (1, 2), result.stdout)
                self.assertIn(bad.name, result.stderr)
        self.assertEqual(list(self.state.glob("*before-restore*")), [])
        self.assertEqual(self.titles(self.started.start()), ["kept"])

    @unittest.skipIf(os.geteuid() != 0, "only root can give files away")
    def test_by_root_the_database_is_the_state_owners(self):
        self.says("backup", self.copy, "--state", self.state)
        state = self.directory / "theirs"
        state.mkdir()
        os.chown(state, 4711, 4712)
        self.says("restore", self.copy, "--state", state)
        for name in ("baton.db", "batond.lock"):
            owner = (state / name).stat()
            self.assertEqual((owner.st_uid, owner.st_gid), (4711, 4712), name)


class Check(BackupCase):
    def test_a_good_database_is_fine_also_while_it_is_written(self):
        self.create(self.started.client)
        self.assertIn("is fine", self.says("db", "check", "--state", self.state))
        self.says("backup", self.copy, "--state", self.state)
        self.assertIn("1 tasks", self.says("db", "check", self.copy))

    def test_problems_are_listed(self):
        for n in range(50):
            self.create(self.started.client, "x" * 300)
        self.says("backup", self.copy, "--state", self.state)
        self.damage(self.copy)
        result = self.baton("db", "check", self.copy)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertTrue(result.stdout.strip())
        self.assertIn(str(self.copy), result.stderr)

    def test_a_broken_rule_of_the_board_is_a_problem(self):
        task = self.create(self.started.client)
        self.says("backup", self.copy, "--state", self.state)
        with sqlite3.connect(self.copy) as connection:
            connection.execute("UPDATE tasks SET unmet_blockers = 3")
        connection.close()
        result = self.baton("db", "check", self.copy)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn(task["id"], result.stdout)

    def test_what_cannot_be_read_is_2(self):
        letter = self.directory / "letter.txt"
        letter.write_text("this is a letter, not a database\n" * 200)
        for bad in (letter, self.directory / "nowhere.db", self.directory):
            with self.subTest(bad=bad.name):
                self.assertIn(bad.name, self.refuses("db", "check", bad, code=2))
        self.assertEqual(letter.read_text(), "this is a letter, not a database\n" * 200)
