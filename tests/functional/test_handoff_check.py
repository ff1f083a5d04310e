"""The format of a hand-off, for others: the published JSON Schema, and `baton handoff check`."""

import json
import subprocess

from harness import BATON, CliCase
from harness.daemon import clean_environment

GOOD = {"handoffFrom": "ann", "runtime": "human", "nextBestStep": "fix the sum"}
BAD = {"runtime": 5, "commands": {"init": None}, "warnings": ["a", 1]}


class Check(CliCase):
    def file(self, content) -> str:
        path = self.directory / "AGENT_HANDOFF.json"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return str(path)

    def check(self, *arguments, given: bytes = b""):
        command = [BATON, "handoff", "check", *arguments]
        return subprocess.run(command, input=given, env=clean_environment(self.directory), capture_output=True, timeout=60)

    def test_a_good_one(self):
        self.assertIn("is a good hand-off", self.says("handoff", "check", self.file(GOOD)))
        self.assertEqual(json.loads(self.says("handoff", "check", "--json", self.file(GOOD))), {"ok": True, "problems": []})

    def test_each_problem_with_its_place(self):
        checked = self.check(self.file(BAD))
        self.assertEqual(checked.returncode, 1)
        places = [line.split(": ", 1)[0] for line in checked.stdout.decode().splitlines()]
        self.assertEqual(places, ["/handoffFrom", "/runtime", "/commands/init", "/warnings/1"])
        self.assertIn(b"4 problems", checked.stderr)
        found = json.loads(self.check("--json", self.file(BAD)).stdout)
        self.assertFalse(found["ok"])
        self.assertEqual([problem["path"] for problem in found["problems"]], places)

    def test_standard_input(self):
        self.assertEqual(self.check("-", given=json.dumps(GOOD).encode()).returncode, 0)
        self.assertEqual(self.check("-", given=b"").returncode, 1)

    def test_what_is_no_hand_off_at_all(self):
        for content in (b"", b"{", b"[]", b"\xff\xfe", b" " * (1024 * 1024 + 1), b"\x00" * 100):
            with self.subTest(content=content[:10]):
                self.assertEqual(self.check(self.file(content)).returncode, 1)

    def test_what_cannot_be_read(self):
        for name in ("missing.json", "."):
            self.assertEqual(self.check(str(self.directory / name)).returncode, 2)
        self.assertEqual(self.check().returncode, 64)


class Schema(CliCase):
    def test_is_served_and_describes_each_field(self):
        reply = self.daemon().start().client.get("/api/schemas/agent-handoff.json")
        self.assertEqual((reply.status, reply.headers["content-type"]), (200, "application/schema+json"))
        schema = reply.json
        self.assertEqual(schema["$schema"], "https://json-schema.org/draft/2020-12/schema")
        self.assertEqual(schema["required"], ["handoffFrom", "runtime"])
        self.assertEqual(schema["properties"]["roomCursor"]["properties"]["lastSeenSeq"]["minimum"], 0)

    def test_takes_what_the_daemon_writes_and_refuses_what_it_refuses(self):
        try:
            from jsonschema import Draft202012Validator
        except ImportError:
            self.skipTest("no jsonschema for this Python")
        schema = self.daemon().start().client.get("/api/schemas/agent-handoff.json").json
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        self.assertTrue(validator.is_valid(GOOD))
        for wrong in (BAD, [], {}, {**GOOD, "timestamp": True}, {**GOOD, "handoffFrom": ""}, {**GOOD, "roomCursor": {}}):
            self.assertFalse(validator.is_valid(wrong), wrong)
        self.assertTrue(validator.is_valid({**GOOD, "timestamp": None, "whyBlocked": None, "roomCursor": None}))
