"""HTTP itself: what is malformed, too large, unknown, pipelined, chunked or smuggled; the document of the routes.

Every refusal is JSON with an "error". A request whose end two readers could disagree about is refused and its connection closed, so that
what follows it is never taken for a request.
"""

import json
import socket

from harness import DaemonCase, read_responses

BODY_LIMIT = 2 * 1024 * 1024


class HttpCase(DaemonCase):
    def setUp(self):
        super().setUp()
        self.client = self.daemon().start().client

    def exchange(self, data: bytes, count: int | None = None):
        """Sends bytes as they are. Without a count the daemon has to close the connection."""
        with self.client.raw() as connection:
            connection.sendall(data)
            return read_responses(connection, count)

    def titles(self):
        return [task["title"] for task in self.client.get("/api/board").json["tasks"]]


def get(path: str = "/api/board", *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: localhost", *headers, "", ""]).encode()


def post(body: bytes, *headers: str, path: str = "/api/board") -> bytes:
    head = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", *headers, "", ""]
    return "\r\n".join(head).encode() + body


class Bodies(HttpCase):
    def test_malformed_json_is_400_json_and_changes_nothing(self):
        for body in (b"{", b'{"title":', b'{"title":"x"} trailing', b'"text"', b"17", b"\xff\xfe", b'{"title":"\xff"', b"\x00"):
            with self.subTest(body=body):
                self.answers(self.client.request("POST", "/api/board", body), 400)
        self.assertEqual(self.titles(), [])

    def test_an_absent_body_names_the_missing_field(self):
        details = self.answers(self.client.request("POST", "/api/board", b""), 400, error="invalid body")["details"]
        self.assertIn("title", details["fieldErrors"])

    def test_deep_nesting_is_refused_without_harm(self):
        self.answers(self.client.request("POST", "/api/board", b'{"title":' + b"[" * 100_000), 400)
        self.answers(self.client.get("/api/board"), 200)

    def test_a_body_at_the_limit_is_read_and_one_beyond_is_413(self):
        frame = len(json.dumps({"title": "x", "ignored": ""}))
        fits = json.dumps({"title": "x", "ignored": "y" * (BODY_LIMIT - frame)}).encode()
        self.assertEqual(len(fits), BODY_LIMIT)
        self.answers(self.client.request("POST", "/api/board", fits), 200)
        (reply,) = self.exchange(post(fits + b" ", f"Content-Length: {BODY_LIMIT + 1}"))
        self.assertIn("error", self.answers(reply, 413))
        self.assertEqual(self.titles(), ["x"])

    def test_an_announced_giant_is_refused_before_it_is_sent(self):
        (reply,) = self.exchange(post(b"", f"Content-Length: {10**12}"))
        self.answers(reply, 413)

    def test_a_chunked_body_is_read(self):
        body = b'9\r\n{"title":\r\n5;extension=1\r\n"abc"\r\n1\r\n}\r\n0\r\nTrailer: x\r\n\r\n'
        (reply,) = self.exchange(post(body, "Transfer-Encoding: chunked"), 1)
        self.assertEqual(self.answers(reply, 200)["task"]["title"], "abc")

    def test_a_chunked_body_beyond_the_limit_is_413(self):
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        with self.client.raw() as connection:
            try:
                connection.sendall(post(chunk * (BODY_LIMIT // 0x10000 + 1), "Transfer-Encoding: chunked"))
            except (BrokenPipeError, ConnectionResetError):
                pass  # refused before all of it was sent
            (reply,) = read_responses(connection, 1)
        self.answers(reply, 413)

    def test_expect_100_continue_is_heard(self):
        with self.client.raw() as connection:
            body = b'{"title":"later"}'
            connection.sendall(post(b"", f"Content-Length: {len(body)}", "Expect: 100-continue"))
            stream = connection.makefile("rb")
            self.assertEqual(stream.readline().split()[1], b"100")
            self.assertEqual(stream.readline().strip(), b"")
            connection.sendall(body)
            self.assertEqual(stream.readline().split()[1], b"200")
        self.assertEqual(self.titles(), ["later"])


class Paths(HttpCase):
    def test_an_unknown_path_is_a_json_404(self):
        for path in ("/", "/api", "/api/nothing", "/api/board/x/nothing", "/API/board", "/api/../etc/passwd", "/api/board//"):
            with self.subTest(path=path):
                self.assertIn("error", self.answers(self.client.get(path), 404))
        self.answers(self.client.post("/api/nothing"), 404)

    def test_another_method_is_405_and_says_which_are_allowed(self):
        reply = self.client.request("DELETE", "/api/board")
        self.answers(reply, 405)
        self.assertEqual({m.strip() for m in reply.headers["allow"].split(",")}, {"GET", "HEAD", "POST", "OPTIONS"})
        self.answers(self.client.request("PUT", "/api/board", b"{}"), 405)
        self.answers(self.client.get("/api/board/x/claim"), 405)

    def test_a_trailing_slash_is_accepted(self):
        self.answers(self.client.get("/api/board/"), 200)

    def test_head_is_get_without_its_body(self):
        with self.client.raw() as connection:
            connection.sendall(get().replace(b"GET", b"HEAD", 1) + get())
            stream = connection.makefile("rb")
            self.assertEqual(stream.readline().split()[1], b"200")
            while stream.readline().strip():
                pass
            self.assertEqual(stream.readline().split()[1], b"200")  # no body lay between

    def test_percent_encoding_is_undone_once(self):
        self.answers(self.client.get("/api/%62oard"), 200)
        self.answers(self.client.get("/api/board/%2e%2e"), 404, error="task not found")
        self.answers(self.client.get("/api/board/%zz"), 400)


class Connections(HttpCase):
    def test_one_connection_serves_many_requests(self):
        connection = self.client.connection()
        self.addCleanup(connection.close)
        socket_used = None
        for _ in range(3):
            connection.request("GET", "/api/board")
            self.assertEqual(connection.getresponse().read(), b'{"tasks":[]}')
            self.assertIn(socket_used, (None, connection.sock))
            socket_used = connection.sock
            self.assertIsNotNone(socket_used)

    def test_connection_close_is_honoured(self):
        (reply,) = self.exchange(get("/api/board", "Connection: close"))
        self.answers(reply, 200)

    def test_http_1_0_is_answered_and_closed(self):
        (reply,) = self.exchange(b"GET /api/board HTTP/1.0\r\n\r\n")
        self.answers(reply, 200)

    def test_pipelined_requests_are_answered_in_order(self):
        batch = b"".join(
            post(body, f"Content-Length: {len(body)}") for body in (b'{"title":"%d"}' % n for n in range(20))
        )
        replies = self.exchange(batch + get("/api/nothing") + get(), 22)
        titles = [reply.json["task"]["title"] for reply in replies[:20]]
        self.assertEqual(titles, [str(n) for n in range(20)])
        self.answers(replies[20], 404)
        self.assertEqual(len(replies[21].json["tasks"]), 20)

    def test_a_request_in_single_bytes_is_understood(self):
        body = b'{"title":"slow"}'
        with self.client.raw() as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for byte in post(body, f"Content-Length: {len(body)}"):
                connection.sendall(bytes([byte]))
            (reply,) = read_responses(connection, 1)
        self.answers(reply, 200)

    def test_a_client_that_hangs_up_in_mid_request_harms_nobody(self):
        for data in (b"GET /api", post(b'{"ti', "Content-Length: 500"), post(b"5\r\nab", "Transfer-Encoding: chunked")):
            with self.client.raw() as connection:
                connection.sendall(data)
        self.assertEqual(self.titles(), [])


class Smuggling(HttpCase):
    """Each begins a request that could hide a second one; only refusals may come back."""

    HIDDEN = post(b'{"title":"smuggled"}', "Content-Length: 20")

    def refuses(self, data: bytes, *statuses: int):
        replies = self.exchange(data + self.HIDDEN)
        self.assertEqual(len(replies), 1, replies)
        self.assertIn(replies[0].status, statuses or (400,))
        self.assertIn("error", replies[0].json)
        self.assertEqual(self.titles(), [])

    def test_two_ways_to_end_a_body(self):
        self.refuses(post(b"0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: chunked"))
        self.refuses(post(b"0\r\n\r\n", "Transfer-Encoding: chunked", "Content-Length: 5"))
        self.refuses(post(b"{}", "Content-Length: 2", "Content-Length: 3"))

    def test_transfer_codings_that_are_not_chunked(self):
        for coding in ("xchunked", "chunked, identity", "identity", "gzip, chunked", "chunked;q=1"):
            with self.subTest(coding=coding):
                self.refuses(post(b"0\r\n\r\n", f"Transfer-Encoding: {coding}"), 400, 501)
        self.refuses(post(b"0\r\n\r\n", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), 400, 501)

    def test_lengths_that_are_not_numbers(self):
        for length in ("+2", "-1", "2 2", "0x2", "two", "", "99999999999999999999999"):
            with self.subTest(length=length):
                self.refuses(post(b"{}", f"Content-Length: {length}"), 400, 413)

    def test_hosts(self):
        self.refuses(b"GET /api/board HTTP/1.1\r\n\r\n")
        self.refuses(b"GET /api/board HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")

    def test_a_folded_header(self):
        self.refuses(get("/api/board", "X-One: a", " b"))

    def test_a_space_before_the_colon(self):
        self.refuses(get("/api/board", "Content-Length : 5"))

    def test_what_is_no_http_at_all(self):
        for data in (b"hello\r\n\r\n", b"GET\r\n\r\n", b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n"):
            with self.subTest(data=data):
                self.refuses(data, 400, 505)

    def test_a_chunk_size_that_is_none(self):
        self.refuses(post(b"xyz\r\nabc\r\n0\r\n\r\n", "Transfer-Encoding: chunked"))

    def test_a_head_without_end(self):
        (reply,) = self.exchange(get("/api/board", "X-Long: " + "x" * 200_000))
        self.assertIn("error", self.answers(reply, 431))


class Strangers(HttpCase):
    """A page of the web that makes the user's browser talk to the daemon."""

    def test_a_foreign_host_or_origin_is_403(self):
        for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            with self.subTest(headers=headers):
                self.assertIn("error", self.answers(self.client.request("GET", "/api/board", headers=headers), 403))

    def test_the_own_names_are_fine(self):
        for headers in ({"Host": "localhost"}, {"Host": "127.0.0.1:18790"}, {"Host": "[::1]:1"}, {"Sec-Fetch-Site": "same-origin"}):
            with self.subTest(headers=headers):
                self.answers(self.client.request("GET", "/api/board", headers=headers), 200)


class OpenApi(HttpCase):
    EXPECTED = {
        "/api/board": {"get", "post"},
        "/api/board/claim-next": {"post"},
        "/api/board/{taskId}": {"get", "patch", "delete"},
        "/api/board/{taskId}/why": {"get"},
        "/api/board/{taskId}/claim": {"post"},
        "/api/board/{taskId}/release": {"post"},
        "/api/board/{taskId}/assign": {"post"},
        "/api/board/{taskId}/heartbeat": {"post"},
        "/api/board/{taskId}/comments": {"post"},
        "/api/board/{taskId}/executions": {"get", "post"},
        "/api/board/executions/{executionId}": {"patch"},
        "/api/board/{taskId}/deps": {"get", "post"},
        "/api/board/{taskId}/deps/{dependsOnTaskId}": {"delete"},
        "/api/board/{taskId}/cancel-dependents": {"post"},
        "/api/board/{taskId}/workspace": {"get", "post", "patch"},
        "/api/board/{taskId}/workspace/detail": {"get"},
        "/api/board/{taskId}/workspace/handoff": {"post"},
        "/api/team-chat": {"get", "post"},
        "/api/runtimes": {"get"},
        "/api/runtimes/{runtimeId}/run": {"post"},
    }

    def test_lists_every_route(self):
        document = self.answers(self.client.get("/api/openapi.json"), 200)
        self.assertTrue(document["openapi"].startswith("3.1"))
        served = {path: set(item) & {"get", "post", "patch", "put", "delete"} for path, item in document["paths"].items()}
        for path, methods in self.EXPECTED.items():
            self.assertEqual(served.get(path), methods, path)

    def test_each_operation_is_described(self):
        document = self.client.get("/api/openapi.json").json
        operations = [
            operation
            for item in document["paths"].values()
            for method, operation in item.items()
            if method in ("get", "post", "patch", "put", "delete")
        ]
        names = [operation["operationId"] for operation in operations]
        self.assertEqual(len(names), len(set(names)))
        for operation in operations:
            self.assertTrue(operation["summary"])
            self.assertTrue(operation["responses"])

    def test_every_documented_path_is_served(self):
        document = self.client.get("/api/openapi.json").json
        for path, item in document["paths"].items():
            if "get" in item and "stream" not in path:
                reply = self.client.get(path.replace("{", "").replace("}", ""))
                self.assertNotEqual(reply.json.get("error"), "not found", path)
