"""Ten thousand clients that follow the event log on the daemon's one thread."""

import resource
import select
import socket
import threading
import unittest
from pathlib import Path

from harness import DaemonCase, wait_until

STREAMS = 10_000
SPARE_FILES = 300  # what the test and the daemon have open besides


def raise_file_limit():
    """As far as it may be; the daemon inherits it. SkipTest when that is not enough."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < STREAMS + SPARE_FILES:
        raise unittest.SkipTest(f"a process may open {hard} files here; this test needs {STREAMS + SPARE_FILES}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def resident_kib(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


class Crowd:
    """Many open streams, and what each has received."""

    def __init__(self, port: int):
        self.port = port
        self.poll = select.epoll()
        self.sockets: dict[int, socket.socket] = {}
        self.received: dict[int, bytes] = {}

    def open(self, path: str):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        connection.setblocking(False)
        self.sockets[connection.fileno()] = connection
        self.received[connection.fileno()] = b""
        self.poll.register(connection.fileno(), select.EPOLLIN)

    def receive(self):
        for number, _ in self.poll.poll(0.1, 1000):
            data = self.sockets[number].recv(65536)
            if not data:
                raise AssertionError("the daemon ended a stream")
            self.received[number] += data

    def all_have(self, text: bytes) -> bool:
        self.receive()
        return all(text in got for got in self.received.values())

    def close(self):
        for connection in self.sockets.values():
            connection.close()
        self.poll.close()


class Streams(DaemonCase):
    def setUp(self):
        super().setUp()
        before = resource.getrlimit(resource.RLIMIT_NOFILE)
        raise_file_limit()
        self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, before)
        self.running = self.daemon().start()
        self.client = self.running.client

    def crowd(self, paths) -> Crowd:
        crowd = Crowd(self.running.port)
        self.addCleanup(crowd.close)
        for number, path in enumerate(paths, 1):
            crowd.open(path)
            if number % 100 == 0:
                crowd.receive()  # as many as wait at once fit into the listen queue
        wait_until(lambda: crowd.all_have(b": connected"), "all streams are open")
        return crowd

    def test_ten_thousand_idle_streams_hear_of_a_claim_while_others_are_served(self):
        task = self.create(self.client, teamId="red")
        begin = self.client.get("/api/obs/events").json["nextSeq"]
        filters = ["", "", "&teamId=red", f"&taskId={task['id']}"]
        empty_kib = resident_kib(self.running.process.pid)
        crowd = self.crowd(f"/api/obs/stream?since={begin}{filters[n % 4]}" for n in range(STREAMS))
        idle_kib = resident_kib(self.running.process.pid)

        served = []
        lag = []
        done = threading.Event()

        def ask_meanwhile():
            while not done.is_set():
                served.append(self.client.get("/api/health").status)

        def measure_lag():
            lag.append(self.client.get("/api/obs/loop?ms=1000").json)

        threads = [threading.Thread(target=ask_meanwhile), threading.Thread(target=measure_lag)]
        for thread in threads:
            thread.start()
        try:
            self.answers(self.client.post(f"/api/board/{task['id']}/claim", {"assigneeAgentId": "ada"}), 200, ok=True)
            wait_until(lambda: crowd.all_have(b'"kind":"task_claimed"'), "every stream heard of the claim")
        finally:
            done.set()
            for thread in threads:
                thread.join()
        self.assertEqual(set(served), {200})
        self.assertTrue(lag[0]["ok"])
        for got in crowd.received.values():
            self.assertEqual(got.count(b"\nid: "), 1, got)
        per_stream = (idle_kib - empty_kib) / STREAMS
        print(
            f"\n{STREAMS} streams: {per_stream:.2f} KiB each, {len(served)} requests served meanwhile, "
            f"loop late by at most {lag[0]['maxUs']} us, p99 {lag[0]['p99Us']} us",
            flush=True,
        )

    def test_many_that_reconnect_get_what_they_missed(self):
        task = self.create(self.client)
        begin = self.client.get("/api/obs/events").json["nextSeq"]
        for number in range(250):  # more than one page
            self.answers(self.client.patch(f"/api/board/{task['id']}", {"priority": number + 1}), 200)
        crowd = self.crowd(f"/api/obs/stream?since={begin}" for _ in range(500))
        wait_until(lambda: crowd.all_have(b"\nid: %d\n" % (begin + 250)), "every stream has caught up")
        self.answers(self.client.get("/api/health"), 200)
        for got in crowd.received.values():
            self.assertEqual(got.count(b"\nid: "), 250)
