"""Bad input, route by route and field by field: refused in JSON that names the field, and nothing changed.

What is sent comes from the OpenAPI document that the daemon serves, so a new route is covered when it is served. After each batch
of refused requests every table of the database is as it was before.
"""

import itertools
import json
from collections.abc import Iterator
from urllib.parse import quote

from harness import DaemonCase, Reply, Session, read_responses, runtime
from harness.database import digest, digest_of_files
from harness.mistakes import (
    broken_texts,
    edges,
    huge_numbers,
    nul_texts,
    types_of,
    wrong_numbers,
    wrong_texts,
    wrong_types,
)
from harness.operations import Operation, operations

PARTS = ("/api/board", "/api/obs", "/api/team-chat", "/api/runtimes", "/api/echo", "/api/salvage", "/api/gc", "/api/plugins")
NO_JSON = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonx", "x", ""]
REFUSALS = {400, 404, 405, 409, 413, 415, 422, 431}
ODD = "\u007f\u0085\u202e\ufeff\U0001f600"  # characters that are odd, and fine
BODY_LIMIT = 2 * 1024 * 1024

NESTED_MISTAKES = {
    "timestamp": ["5", "true", "1.5"],
    "commands": ['{"init":5}', '{"verify":null}', '{"start":[]}'],
    "evidence": ['{"testResults":5}', '{"lintResults":{}}'],
    "roomCursor": ["{}", '{"roomId":"r"}', '{"roomId":5,"lastSeenSeq":1}']
    + [f'{{"roomId":"r","lastSeenSeq":{seq}}}' for seq in ("-1", "1.5", '"1"', "null", "true", "1e300")],
}

class BadInput(DaemonCase):
    """A board with a task, a second one, a running execution, and a runtime that does nothing."""

    def setUp(self):
        super().setUp()
        idle = self.script("idle.sh", "exit 0\n")
        off = '[[runtime]]\nid = "off"\nplugin = "org.baton.command"\nenabled = false\n'  # stays so, whatever is asked
        self.served = self.daemon(runtime("idle", idle) + off).start()
        self.client = self.served.client
        self.operations = list(operations(self.client.get("/api/openapi.json").json, PARTS))
        task, other = self.create(self.client, teamId="team")["id"], self.create(self.client, teamId="team")["id"]
        execution = self.client.post(f"/api/board/{task}/executions", {"executorType": "idle"}).json["execution"]["id"]
        repo = str(self.repo().path)
        self.answers(self.client.post(f"/api/board/{task}/workspace", {"repoPath": repo}), 200)
        self.ids = {"taskId": task, "dependsOnTaskId": other, "executionId": execution, "runtimeId": "idle", "n": "1", "instance": "off"}
        self.values = {"taskId": task, "dependsOnTaskId": other, "parentTaskId": other, "repoPath": repo}
        self.sent = 0

    # ---- requests ----

    def path(self, operation: Operation, **replaced: str) -> str:
        parts = operation.path.split("/")
        names = {part: part[1:-1] for part in parts if part.startswith("{")}
        return "/".join({**self.ids, **replaced}.get(names[part], "x") if part in names else part for part in parts)

    def good(self, operation: Operation, name: str) -> str:
        schema = operation.fields[name]
        samples = {"string": '"x"', "integer": "5", "number": "5", "boolean": "true", "array": "[]", "object": "{}"}
        if name in self.values:
            return json.dumps(self.values[name])
        return json.dumps(schema["enum"][0]) if "enum" in schema else next(samples[t] for t in samples if t in types_of(schema))

    def body(self, operation: Operation, name: str = "", literal: str | bytes | None = None) -> bytes:
        """A body that has what is required, with one field as it is given here; without it when there is no literal."""
        members = {key: self.good(operation, key).encode() for key in operation.required if key != name}
        if literal is not None:
            members[name] = literal if isinstance(literal, bytes) else literal.encode()
        return b"{" + b",".join(json.dumps(key).encode() + b":" + value for key, value in members.items()) + b"}"

    def refused(self, what: str, reply: Reply, *names: str, statuses: set[int] = REFUSALS) -> list[str]:
        """What is wrong with a refusal, in one line; nothing when nothing is."""
        self.sent += 1
        if reply.status not in statuses:
            return [f"{what}: {reply.status} {reply.body[:200]!r}"]
        is_json = reply.headers.get("content-type", "").startswith("application/json")
        if not is_json or not isinstance(reply.json.get("error"), str):
            return [f"{what}: {reply.status} without an error in JSON: {reply.body[:200]!r}"]
        named = reply.json.get("details", {}).get("fieldErrors", {})
        missing = [name for name in names if not any(key.partition("[")[0] == name and named[key] for key in named)]
        return [f"{what}: {missing} not named in {reply.body[:300]!r}"] if missing else []

    def unchanged(self, operation: Operation, requests) -> list[str]:
        """Runs a batch; its problems, and what it changed in the database and in the worktree."""
        before = self.everything()
        with Session(self.client) as session:
            problems = [problem for request in requests for problem in request(session)]
        after = self.everything()
        changed = [table for table in after if after[table] != before.get(table)]
        return problems + ([f"{operation.name}: changed {changed}"] if changed else [])

    def everything(self) -> dict[str, str]:
        return {**digest(self.served.state), "worktrees": digest_of_files(self.served.state / "worktrees")}

    def check(self, batch, wanted=lambda operation: True):
        """`batch(operation)` yields functions that send a request on a session and return its problems."""
        chosen = [operation for operation in self.operations if wanted(operation)]
        self.assertTrue(chosen)
        problems = [problem for operation in chosen for problem in self.unchanged(operation, batch(operation))]
        self.assertEqual(problems, [], "\n".join(problems[:40]))
        self.assertTrue(self.served.is_running())
        self.assertNotIn(" error ", self.served.log())
        print(f"{self._testMethodName}: {self.sent} refusals by {len(chosen)} operations", flush=True)

    def try_body(self, operation: Operation, what: str, body: bytes, *names: str, **more):
        def send(session: Session) -> list[str]:
            reply = session.request(operation.method, self.path(operation), body)
            return self.refused(f"{operation.name} {what}", reply, *names, **more)

        return send

    # ---- bodies ----

    def wrong_values(self, name: str, schema: dict) -> Iterator[str]:
        yield from itertools.chain(wrong_types(schema), wrong_texts(schema), wrong_numbers(schema))
        yield from NESTED_MISTAKES.get(name, [])
        yield from nul_texts(schema)
        yield from huge_numbers(schema)

    def test_a_wrong_field_is_named(self):
        def batch(operation: Operation):
            for name, schema in operation.fields.items():
                for literal in self.wrong_values(name, schema):
                    body = self.body(operation, name, literal)
                    yield self.try_body(operation, f"{name}={literal[:40]}", body, name, statuses={400})
                    twice = self.body(operation, name, self.good(operation, name))[:-1] + f',"{name}":{literal}}}'.encode()
                    yield self.try_body(operation, f"{name} twice, then {literal[:40]}", twice, name, statuses={400})
            for name in operation.required:
                yield self.try_body(operation, f"without {name}", self.body(operation, name), name, statuses={400})
            if len(operation.required) > 1:
                yield self.try_body(operation, "without anything", b"{}", *operation.required, statuses={400})

        self.check(batch, lambda operation: operation.fields)

    def test_a_field_that_is_no_text_at_all_is_refused(self):
        def batch(operation: Operation):
            for name, schema in operation.fields.items():
                for literal in broken_texts(schema):
                    yield self.try_body(operation, f"{name}={literal!r}", self.body(operation, name, literal), statuses={400})
                for literal in huge_numbers(schema):
                    yield self.try_body(operation, f"{name}={literal}", self.body(operation, name, literal), statuses={400})

        self.check(batch, lambda operation: operation.fields)

    def test_a_body_that_is_no_json_object_is_refused(self):
        def batch(operation: Operation):
            good = self.body(operation)
            bodies = [good[:cut] for cut in range(1, len(good))]
            bodies += [good + rest for rest in (b"x", b"}", b",{}", good, b"\x00", b"null")]
            bodies += [b"null", b"true", b"17", b'"text"', b"[]", b"[" + good + b"]", b"nul", b"NaN", b"{'a':1}", b"{a:1}", b"{,}"]
            bodies += [b"\xef\xbb\xbf" + good, b"\xff\xfe{}", good.decode().encode("utf-16"), b"\x00", b'{"x":\xff}', b"/**/{}"]
            bodies += [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 50_000 + b"]" * 50_000]
            bodies += [b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b'{"' + b"a" * 1_000_000]
            if operation.required:
                bodies += [b"", b" ", b"\r\n"]
            for body in bodies:
                yield self.try_body(operation, f"{body[:30]!r}…{len(body)}", body, statuses={400})

        self.check(batch, lambda operation: operation.fields)

    def test_a_body_beyond_the_limit_is_413(self):
        def batch(operation: Operation):
            def send(_: Session) -> list[str]:
                return self.refused(f"{operation.name} with 2 MiB + 1", self.sent_raw(operation), statuses={413})

            yield send

        self.check(batch)

    def sent_raw(self, operation: Operation) -> Reply:
        head = f"{operation.method} {self.path(operation)} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        body = b'{"x":"' + b"y" * (BODY_LIMIT + 1 - 8) + b'"}'
        with self.client.raw() as connection:
            try:
                connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before all of it was sent
            (reply,) = read_responses(connection, 1)
        return reply

    def test_a_body_that_is_not_said_to_be_json_is_415(self):
        def batch(operation: Operation):
            for content_type in NO_JSON:
                def send(session: Session, content_type=content_type) -> list[str]:
                    body = self.body(operation)
                    reply = session.request(operation.method, self.path(operation), body, {"Content-Type": content_type})
                    return self.refused(f"{operation.name} as {content_type!r}", reply, statuses={415})

                yield send

        self.check(batch, lambda operation: operation.fields)

    # ---- paths, queries, headers ----

    def test_a_path_that_names_nothing_is_refused(self):
        task = self.ids["taskId"]
        names = ["nope", "0", "-1", "*", ";", "%20", "%25", "%0A", "%2F", "%2e%2e", "%2E%2E%2Fboard", "'%20OR%201=1--"]
        names += ["%", "%zz", "%00", "a%00b", "%FF", "%ED%A0%80", quote("ä😀"), "x" * 10_000, "x" * 70_000]
        names += [task.upper(), task + "%20", task + "%00"]

        def batch(operation: Operation):
            body = self.body(operation) if operation.fields else None
            for parameter, name in itertools.product(operation.parameters, names):
                def send(session: Session, parameter=parameter, name=name) -> list[str]:
                    reply = session.request(operation.method, self.path(operation, **{parameter: name}), body)
                    return self.refused(f"{operation.name} {parameter}={name[:40]}", reply, statuses={400, 404, 431})

                yield send

        self.check(batch, lambda operation: operation.parameters)

    def test_another_method_is_405_and_an_unknown_one_501(self):
        served = {path: {o.method for o in self.operations if o.path == path} for path in {o.path for o in self.operations}}

        def batch(operation: Operation):
            for method in {"POST", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE", "get"} - served[operation.path]:
                def send(session: Session, method=method) -> list[str]:
                    reply = session.request(method, self.path(operation), b"{}")
                    unknown = method in ("TRACE", "NONSENSE", "get")
                    return self.refused(f"{method} {operation.path}", reply, statuses={400, 501} if unknown else {405})

                yield send

        self.check(batch)

    NUMBERS = ("limit", "afterSeq", "since", "sinceSeq")

    def test_a_wrong_query_is_refused_or_harmless(self):
        numbers = ["", "abc", "-1", "1.5", "1e2", "0x1", "+1", "%201", "99999999999999999999", "1;x", "1%20", "%C2%B9"]
        broken = ["%", "%zz", "%00", "a%00", "%FF", "%ED%A0%80"]
        harmless = ["", "nope", "%C3%A4", "x" * 5000, "%27%20OR%201=1", "a&%s=b", ",,,", "TRUE"]

        def batch(operation: Operation):
            for name in operation.query:
                strict = numbers if name in self.NUMBERS else ["x", "", "1", "9.9.9", "."] if name == "cursor" else []
                for value in strict:
                    yield self.try_query(operation, f"{name}={value}", {400}, name)
                for value in broken:
                    yield self.try_query(operation, f"{name}={value}", {400})
                if not strict:
                    for value in harmless:
                        yield self.try_query(operation, f"{name}={value.replace('%s', name)}", {200, 400})
            for rest in ("unknown=1", "=", "&&&", "?", "[limit]=1"):
                yield self.try_query(operation, rest, {200, 400})
            yield self.try_query(operation, "x=" + "y" * 70_000, {431})

        self.check(batch, lambda operation: operation.query)

    def try_query(self, operation: Operation, query: str, statuses: set[int], named: str = ""):
        def send(_: Session) -> list[str]:
            what = f"{operation.name}?{query[:60]}"
            reply = self.head_of_stream(f"{self.path(operation)}?{query}")
            if reply.status == 200:
                return [] if 200 in statuses else [f"{what}: accepted"]
            problems = self.refused(what, reply, statuses=statuses)
            return problems or ([f"{what}: not named in {reply.body!r}"] if named not in reply.json["error"] else [])

        return send

    def head_of_stream(self, path: str) -> Reply:
        """GET; of a stream that goes on for ever only the beginning."""
        connection = self.client.connection()
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            headers = {name.lower(): value for name, value in answer.getheaders()}
            is_stream = headers.get("content-type", "").startswith("text/event-stream")
            return Reply(answer.status, headers, b"" if is_stream else answer.read())
        finally:
            connection.close()

    def test_a_wrong_idempotency_key_is_refused(self):
        def batch(operation: Operation):
            for key in (b"", b" ", b"x" * 256, b"x" * 8000, "ä".encode(), b"\xff", b"a\tb", b"a\x01b", b"a\x00b", b"\x7f"):
                yield lambda _, key=key: self.try_key(operation, b"Idempotency-Key: " + key)
            yield lambda _: self.try_key(operation, b"Idempotency-Key: a", b"Idempotency-Key: a")
            yield lambda _: self.try_key(operation, b"Idempotency-Key: a", b"idempotency-key: b")

        self.check(batch, lambda operation: operation.name in ("createTask", "claimTask", "runTask"))

    def try_key(self, operation: Operation, *lines: bytes) -> list[str]:
        body = self.body(operation)
        head = [f"{operation.method} {self.path(operation)} HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
        head += [f"Content-Length: {len(body)}", "Connection: close"]
        with self.client.raw() as connection:
            connection.sendall(b"\r\n".join([line.encode() for line in head] + [*lines, b"", body]))
            (reply,) = read_responses(connection)
        return self.refused(f"{operation.name} {lines!r:.60}", reply, statuses={400})

    # ---- what is allowed ----

    def test_the_edges_of_the_schema_are_accepted(self):
        def left_out(operation: str, name: str, literal: str) -> bool:
            waits = name == "waitMs" and literal != "0"
            has_a_form = (operation, name) in (("runTask", "assigneeAgentId"), ("writeHandoff", "timestamp"))
            return waits or (has_a_form and not literal.startswith('"x'))

        def problem(operation: Operation, name: str, literal: str) -> list[str]:
            reply = self.client.request(operation.method, self.path(operation), self.body(operation, name, literal))
            named = reply.json.get("details", {}).get("fieldErrors", {}) if reply.body else {}
            fine = reply.status < 500 and name not in named
            return [] if fine else [f"{operation.name} {name}={literal[:40]}: {reply.status} {reply.body[:200]!r}"]

        problems = [
            line
            for operation in self.operations
            for name, schema in operation.fields.items()
            for literal in edges(schema)
            if not left_out(operation.name, name, literal)
            for line in problem(operation, name, literal)
        ]
        self.assertEqual(problems, [], "\n".join(problems))

    def test_odd_input_that_is_none_of_our_business_is_taken_as_it_is(self):
        for body, expected in {
            b'{"title":"x","nope":1,"id":"mine","dropped":1,"__proto__":{}}': {"title": "x", "dropped": 0},
            b'{"title":5,"title":"last"}': {"title": "last"},
            b' \r\n\t{"ti\\u0074le" : "\\u0061"} \n': {"title": "a"},
            b'{"title":" ","description":""}': {"title": " ", "description": ""},
            f'{{"title":"a\\nb\\t{ODD}"}}'.encode(): {"title": f"a\nb\t{ODD}"},
            b'{"title":"\\ud83d\\ude00"}': {"title": "\U0001f600"},
            b'{"title":"x","priority":1.0}': {"priority": 1},
            b'{"title":"x","priority":-9223372036854775808}': {"priority": -(2**63)},
            b'{"title":"x","priority":9223372036854775807}': {"priority": 2**63 - 1},
            b'{"title":"x","nope":' + b"[" * 500 + b"]" * 500 + b"}": {"title": "x"},
            b'{"title":"\'; DROP TABLE tasks; --"}': {"title": "'; DROP TABLE tasks; --"},
        }.items():
            with self.subTest(body=body[:60]):
                task = self.answers(self.client.request("POST", "/api/board", body), 200)["task"]
                read = self.task(self.client, task["id"])
                self.assertEqual({name: read[name] for name in expected}, expected)
                self.assertEqual({name: task[name] for name in expected}, expected)
