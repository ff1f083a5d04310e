"""What the daemon does for plugins, with a loop inside one: secrets, approvals, the store, tools in the worktree."""

import os
import shutil
from pathlib import Path

from harness import RunCase, gate, wait_until
from harness.daemon import ROOT

FIXTURES = Path(os.environ.get("BATON_FIXTURES", ROOT / "build/release/tests/unit/plugin/fixtures"))
KEY = "sk-guest-0123456789"


class Services(RunCase):
    def guest(self, approvals: str, source: str) -> str:
        """The configuration of a runtime that is the plugin `guest`."""
        plugins = self.directory / "plugins"
        if not plugins.exists():
            plugins.mkdir()
            shutil.copy(FIXTURES / "guest.so", plugins)
        return (
            f'[plugins]\ndirectories = ["{plugins}"]\n'
            f'[[runtime]]\nid = "guest"\nplugin = "test.guest"\napprovals = "{approvals}"\n'
            f'[runtime.secrets]\napi_key = "{source}"\n'
        )

    def key_file(self, mode: int = 0o600) -> str:
        path = self.directory / "guest.key"
        path.write_text(KEY + "\n")
        path.chmod(mode)
        return f"file:{path}"

    def instance(self):
        instances = self.answers(self.client.get("/api/plugins"), 200)["instances"]
        return next(one for one in instances if one["name"] == "guest")

    def everything_said(self) -> str:
        """All that people can read: the log, the runs, the events."""
        said = self.started.log_file.read_text() + str(self.executions())
        return said + str(self.client.get("/api/obs/events").json) + str(self.client.get("/api/plugins").json)

    def test_it_works_by_the_hosts_tools_when_it_may(self):
        self.begin(gate("./test.sh") + self.guest("allow", self.key_file()))
        self.answers(self.run_on("guest"), 200)
        self.assertEqual(self.status(), "done", self.executions())
        shown = self.user.git("show", f"{self.workspace()['workspace']['branch']}:greeting.txt")
        self.assertEqual(shown, "hello world")

    def test_its_key_is_nowhere_to_be_read(self):
        self.begin(gate("true") + self.guest("allow", self.key_file()))
        self.assertEqual(self.instance()["secrets"], [{"name": "api_key", "present": True}])
        self.answers(self.run_on("guest"), 200)
        printed = "plugin guest wrote to the daemon's standard output: my key is [secret]"
        wait_until(lambda: printed in self.started.log_file.read_text(), "what it printed is told")
        self.assertIn("warning plugin guest: [secret]", self.started.log_file.read_text())
        self.assertIn("key=[secret] [secret]", self.executions()[-1]["summary"])
        self.assertNotIn(KEY, self.everything_said())

    def test_a_key_that_others_may_read_is_not_given(self):
        self.begin(self.guest("deny", self.key_file(0o644)))
        self.assertEqual(self.instance()["secrets"], [{"name": "api_key", "present": False}])
        self.assertIn("chmod 600", self.started.log_file.read_text())
        self.assertNotIn(KEY, self.everything_said())

    def test_what_is_not_allowed_is_told_and_not_done(self):
        self.begin(gate("true") + self.guest("deny", "env:GUEST_KEY"))
        self.answers(self.run_on("guest"), 200)
        self.assertNotEqual(self.status(), "done")
        self.assertIn("it was not allowed", str(self.executions()))

    def test_what_it_has_learned_survives_the_daemon(self):
        config = gate("true") + self.guest("deny", "env:GUEST_KEY")
        self.begin(config)
        self.answers(self.run_on("guest"), 200)
        self.assertEqual(self.instance()["store"], {"keys": 1, "bytes": 5})
        self.started.end()
        store = self.started.state / "plugins" / ".stores" / "guest"
        self.assertTrue(store.read_bytes().endswith(b"\n4 1\nruns1\n"))
        self.client = self.started.start().client
        self.assertEqual(self.instance()["store"], {"keys": 1, "bytes": 5})


if __name__ == "__main__":
    import unittest

    unittest.main()
