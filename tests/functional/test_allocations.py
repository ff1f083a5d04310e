"""What a request costs the heap, counted in the real process: the numbers are the same on every machine."""

import mmap
import os
import socket
import struct
import unittest
from pathlib import Path

from harness import DaemonCase, read_responses

COUNTER = os.environ.get("BATON_COUNT_ALLOCATIONS")  # the library, which a build with sanitizers has not
WARM_UP = 200  # until buffers, caches and statements are there
REQUESTS = 1000

PER_GET = 4
PER_CLAIM = 24


class Counters:
    """Allocations so far: of the thread that serves, and of the others."""

    def __init__(self, path: Path):
        with open(path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), 16)

    def read(self) -> tuple[int, int]:
        return struct.unpack("=QQ", self.map[:16])


@unittest.skipUnless(COUNTER, "BATON_COUNT_ALLOCATIONS names no library: a build with sanitizers has none")
class Allocations(DaemonCase):
    def setUp(self):
        super().setUp()
        shared = self.directory / "allocations"
        shared.write_bytes(bytes(16))
        running = self.daemon(LD_PRELOAD=COUNTER, BATON_ALLOCATIONS=str(shared)).start()
        self.counters = Counters(shared)
        self.addCleanup(self.counters.map.close)
        self.client = running.client
        self.connection = self.client.raw()
        self.addCleanup(self.connection.close)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def exchange(self, request: bytes):
        self.connection.sendall(request)
        (reply,) = read_responses(self.connection, 1)
        self.answers(reply, 200)

    def allocations_per(self, requests: list[bytes]) -> float:
        """The first WARM_UP requests do not count."""
        for request in requests[:WARM_UP]:
            self.exchange(request)
        before = self.counters.read()
        for request in requests[WARM_UP:]:
            self.exchange(request)
        served, others = (after - begin for after, begin in zip(self.counters.read(), before))
        count = len(requests) - WARM_UP
        print(f"\n{self.id()}: {served / count:.2f} where it is served, {others / count:.2f} elsewhere", flush=True)
        return (served + others) / count

    def test_a_get_of_one_task(self):
        task = self.create(self.client, "a task", description="d" * 100, teamId="red")["id"]
        request = f"GET /api/board/{task} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nUser-Agent: test\r\n\r\n"
        self.assertLessEqual(self.allocations_per([request.encode()] * (WARM_UP + REQUESTS)), PER_GET)

    def test_a_claim(self):
        body = b'{"assigneeAgentId":"ada-lovelace-the-first"}'
        head = "Host: localhost\r\nContent-Type: application/json\r\nContent-Length: "
        requests = []
        for number in range(WARM_UP + REQUESTS):
            task = self.create(self.client, f"task {number}", description="d" * 100, teamId="red")["id"]
            requests.append(f"POST /api/board/{task}/claim HTTP/1.1\r\n{head}{len(body)}\r\n\r\n".encode() + body)
        self.assertLessEqual(self.allocations_per(requests), PER_CLAIM)
