"""A plugin that speaks HTTP in the real daemon: what its runtime was granted, and nothing else."""

import http.client
import os
import shutil
import threading
import unittest
from pathlib import Path

from harness import RunCase, gate, wait_until
from harness.daemon import BATOND
from harness.http_server import HttpServer

# Built with the unit tests: a runtime that fetches what the title of its task says, "get URL".
FIXTURE = Path(os.environ.get("BATON_FIXTURES", Path(BATOND).parents[1] / "tests/unit/plugin/fixtures")) / "http.so"


@unittest.skipUnless(FIXTURE.exists(), "the fixtures of the unit tests are not built")
class PluginHttp(RunCase):
    def setUp(self):
        super().setUp()
        self.server = HttpServer(self.directory / "server")
        self.addCleanup(self.server.end)
        plugins = self.directory / "plugins"
        plugins.mkdir()
        shutil.copy(FIXTURE, plugins / "http.so")

    def begin_with(self, network: str, title: str):
        config = [f'[plugins]\ndirectories = ["{self.directory}/plugins"]', gate("true")]
        if self.server.ca_file.exists():
            config.append(f'[http_client]\nca_file = "{self.server.ca_file}"')
        config.append(f'[[runtime]]\nid = "web"\nplugin = "test.http"\nnetwork = {network}\n')
        self.begin("\n".join(config))
        self.made = self.create(self.client, title)

    def requests(self) -> list[str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.server.ports["plain"], timeout=30)
        connection.request("GET", "/requests")
        lines = connection.getresponse().read().decode().split("\n")
        connection.close()
        return [line for line in lines if not line.endswith("/requests")]

    def instance(self):
        return self.answers(self.client.get("/api/plugins"), 200)["instances"][0]

    def test_what_was_granted_is_reached(self):
        port = self.server.ports["plain"]
        self.begin_with(f'["127.0.0.1:{port}"]', f"get http://127.0.0.1:{port}/ok/granted")
        self.answers(self.run_on("web"), 200)
        self.assertEqual(self.requests(), ["GET /ok/granted"])
        self.assertEqual(self.instance()["httpExchanges"], 0)

    def test_what_was_not_granted_is_not(self):
        port = self.server.ports["plain"]
        self.begin_with('["api.example.com", "127.0.0.1"]', f"get http://127.0.0.1:{port}/ok/denied")
        self.answers(self.run_on("web"), 200)
        self.assertEqual(self.requests(), [])
        self.assertEqual(sum(self.instance()["misbehaviour"].values()), 0)

    def test_https_with_an_authority_of_ones_own(self):
        if "good" not in self.server.ports:
            self.skipTest("no openssl command to make certificates with")
        port = self.server.ports["good"]
        self.begin_with(f'["localhost:{port}"]', f"get https://127.0.0.1:{port}/ok/secret")
        self.answers(self.run_on("web"), 200)
        events = self.client.get("/api/obs/events").body
        self.assertIn("fine secret", events if isinstance(events, str) else events.decode())

    def test_the_daemon_stops_while_a_server_is_silent(self):
        port = self.server.ports["plain"]
        self.begin_with(f'["127.0.0.1:{port}"]', f"get http://127.0.0.1:{port}/stall-in-body")
        caller = threading.Thread(target=self.run_quietly)
        caller.start()
        self.addCleanup(caller.join)
        wait_until(lambda: self.instance()["httpExchanges"] == 1 and self.requests(), "the exchange is under way")
        self.assertEqual(self.started.terminate(), 0)  # long before the plugin's time limits

    def run_quietly(self):
        try:
            self.run_on("web")
        except OSError:
            pass  # the daemon was ended

    def test_a_mistake_in_the_configuration_is_told(self):
        for config, what in (
            ('[[runtime]]\nid = "a"\nplugin = "p"\nnetwork = ["a b"]', "runtime.network"),
            ('[http_client]\nca_file = "/nowhere/ca.pem"', "http_client.ca_file"),
        ):
            refused = self.daemon(config, name=what).run("--check-config")
            self.assertNotEqual(refused.returncode, 0)
            self.assertIn(what, refused.stderr)


if __name__ == "__main__":
    unittest.main()
