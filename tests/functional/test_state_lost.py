"""What happens to the state from outside: its files removed or replaced under a daemon that runs."""

import os

from harness import DaemonCase, wait_until

EXIT_STATE = 74
EXIT_RUNNING = 75


class StateLost(DaemonCase):
    def setUp(self):
        super().setUp()
        self.started = self.daemon().start()
        self.create(self.started.client, "kept")

    def ends(self):
        code = wait_until(lambda: self.started.process.poll(), "the daemon notices and ends")
        self.assertEqual(code, EXIT_STATE, self.started.log())

    def refuses_to_write(self):
        try:
            reply = self.started.client.post("/api/board", {"title": "lost"})
        except OSError:
            return  # it has ended already
        self.answers(reply, 503)

    def test_a_write_after_the_database_was_removed_is_refused_and_the_daemon_ends(self):
        (self.started.state / "baton.db").unlink()
        self.refuses_to_write()
        self.ends()
        self.assertIn("was removed", self.started.log())

    def test_the_same_when_it_was_replaced(self):
        database = self.started.state / "baton.db"
        os.replace(self.copy_of(database), database)
        self.refuses_to_write()
        self.ends()
        self.assertIn("was replaced", self.started.log())

    def test_the_same_when_the_directory_was_moved_away(self):
        self.started.state.rename(self.directory / "away")
        self.refuses_to_write()
        self.ends()

    def test_a_log_without_its_database_is_not_opened(self):
        self.started.kill()
        (self.started.state / "baton.db").unlink()
        refused = self.started.run()
        self.assertEqual(refused.returncode, EXIT_STATE)
        self.assertIn("baton.db-wal is there", refused.stderr)
        self.assertTrue((self.started.state / "baton.db-wal").exists())

    def test_without_its_lock_file_it_still_is_the_only_one(self):
        (self.started.state / "batond.lock").unlink()
        refused = self.started.run()
        self.assertEqual(refused.returncode, EXIT_RUNNING, refused.stderr)
        self.create(self.started.client, "kept too")

    def copy_of(self, file):
        copy = file.with_suffix(".copy")
        copy.write_bytes(file.read_bytes())
        return copy
