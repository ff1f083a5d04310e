"""HTTP as the tests speak it: over TCP or the unix socket, one connection per call."""

import http.client
import json
import socket
from dataclasses import dataclass
from pathlib import Path

from .waiting import DEADLINE_S


@dataclass
class Reply:
    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout: float):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self.path))


class Client:
    """`address` is (host, port), or the path of a unix socket."""

    def __init__(self, address: tuple[str, int] | Path, timeout_s: float = 2 * DEADLINE_S):
        self.address = address
        self.timeout_s = timeout_s

    def connection(self) -> http.client.HTTPConnection:
        if isinstance(self.address, Path):
            return UnixConnection(self.address, self.timeout_s)
        return http.client.HTTPConnection(*self.address, timeout=self.timeout_s)

    def request(self, method: str, path: str, body=None, headers=None) -> Reply:
        """`body`: bytes are sent as they are, anything else as JSON."""
        connection = self.connection()
        try:
            return exchange(connection, method, path, body, headers)
        finally:
            connection.close()

    def get(self, path: str) -> Reply:
        return self.request("GET", path)

    def post(self, path: str, body=None, **headers: str) -> Reply:
        """Headers as keywords: Idempotency_Key="k"."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("POST", path, {} if body is None else body, named)

    def delete(self, path: str) -> Reply:
        return self.request("DELETE", path)

    def patch(self, path: str, body) -> Reply:
        return self.request("PATCH", path, body)

    def raw(self) -> socket.socket:
        """A bare connection, for requests that no client library would send."""
        assert not isinstance(self.address, Path)
        return socket.create_connection(self.address, timeout=self.timeout_s)


class Session(Client):
    """Sends its calls over one connection, and over the next one when the daemon said that it closes it."""

    def __init__(self, client: Client):
        super().__init__(client.address, client.timeout_s)
        self.kept = self.connection()

    def request(self, method: str, path: str, body=None, headers=None) -> Reply:
        return exchange(self.kept, method, path, body, headers)

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_) -> None:
        self.kept.close()


def exchange(connection: http.client.HTTPConnection, method: str, path: str, body, headers) -> Reply:
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **(headers or {})} if body is not None else headers or {}
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())


def read_responses(connection: socket.socket, count: int | None = None) -> list[Reply]:
    """The next `count` responses on a connection; without a count, all until the daemon closes it."""
    stream = connection.makefile("rb")
    replies: list[Reply] = []
    while count is None or len(replies) < count:
        try:
            status_line = stream.readline()
        except ConnectionResetError:
            break
        if not status_line:
            break
        headers = {}
        while (line := stream.readline().strip()) != b"":
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        replies.append(Reply(int(status_line.split()[1]), headers, read_body(stream, headers)))
    return replies


def read_body(stream, headers: dict[str, str]) -> bytes:
    if headers.get("transfer-encoding") != "chunked":
        return stream.read(int(headers.get("content-length", "0")))
    parts = []
    while size := int(stream.readline(), 16):
        parts.append(stream.read(size))
        stream.readline()
    stream.readline()
    return b"".join(parts)
