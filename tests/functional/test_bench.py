"""baton-bench: it measures a real daemon, and it catches a server that breaks its promises."""

import json
import re
import socket
import subprocess
import threading
import uuid
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from harness import BATOND, DaemonCase, wait_until
from harness.daemon import clean_environment

BATON_BENCH = str(Path(BATOND).with_name("baton-bench"))


class Board(BaseHTTPRequestHandler):
    """A server of the three routes as the contract has them. Subclasses break one promise each."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def answer(self, status: int, body: dict):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_POST(self):
        fields = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            if self.path == "/api/board":
                return self.create(fields)
            if self.path == "/api/board/claim-next":
                return self.claim_next(fields["assigneeAgentId"])
            self.claim(self.server.tasks[self.path.split("/")[3]], fields["assigneeAgentId"])

    def do_GET(self):
        self.answer(200, {"task": self.server.tasks[self.path.split("/")[3]], "comments": [], "ancestors": []})

    def create(self, fields: dict):
        task = {"id": str(uuid.uuid4()), "title": fields["title"], "status": "todo", "assigneeAgentId": None}
        self.server.tasks[task["id"]] = task
        self.answer(200, {"task": task})

    def ready(self) -> list[dict]:
        return [task for task in self.server.tasks.values() if task["status"] == "todo"]

    def claim_next(self, agent: str):
        ready = self.ready()
        if ready:
            return self.give(ready[0], agent)
        self.send_response(204)
        self.end_headers()

    def claim(self, task: dict, agent: str):
        if task["status"] != "todo":
            return self.answer(409, {"ok": False, "error": "conflict"})
        self.give(task, agent)

    def give(self, task: dict, agent: str):
        task.update(status="in_progress", assigneeAgentId=agent)
        self.answer(200, {"ok": True, "task": task})


class OneAnswerPerConnection(Board):
    protocol_version = "HTTP/1.0"


class LetsTwoWin(Board):
    def claim(self, task, agent):
        task["claims"] = task.get("claims", 0) + 1
        if task["claims"] > 2:
            return self.answer(409, {"ok": False, "error": "conflict"})
        self.give(task, agent)


class ForgetsClaims(Board):
    def claim(self, task, agent):
        won = {**task, "status": "in_progress", "assigneeAgentId": agent}
        self.answer(200, {"ok": True, "task": won})


class GivesToAnother(Board):
    def give(self, task, agent):
        super().give(task, "somebody else")


class GivesItAgain(Board):
    def ready(self):
        return list(self.server.tasks.values())


class RefusesAll(Board):
    def claim(self, task, agent):
        self.answer(409, {"ok": False, "error": "conflict"})


class FailsNowAndThen(Board):
    def claim(self, task, agent):
        task["claims"] = task.get("claims", 0) + 1
        if task["claims"] == 2:
            return self.answer(500, {"error": "the disk is gone"})
        super().claim(task, agent)


class HangsUp(Board):
    def claim(self, task, agent):
        self.close_connection = True


class NeverAnswers(Board):
    def claim(self, task, agent):
        self.server.ended.wait()


class BenchCase(DaemonCase):
    command = "claims"

    def bench(self, url: str, *arguments) -> subprocess.CompletedProcess:
        return subprocess.run(
            [BATON_BENCH, self.command, "--url", url, *map(str, arguments)],
            env=clean_environment(self.directory),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def reports(self, exit_code: int, url: str, *arguments) -> dict:
        result = self.bench(url, "--json", *arguments)
        self.assertEqual(result.returncode, exit_code, result.stderr + result.stdout)
        return json.loads(result.stdout)


class RealDaemon(BenchCase):
    def passes(self, url: str, tasks: int, claimants: int, *arguments) -> dict:
        report = self.reports(0, url, "--tasks", tasks, "--claimants", claimants, *arguments)
        self.assertTrue(report["ok"])
        self.assertEqual(report["violations"]["total"], 0, report)
        self.assertEqual(report["examples"], [])
        self.assertEqual(report["create"]["answered"], tasks)
        self.assertEqual(report["claim"]["answered"], tasks * claimants)
        self.assertEqual(report["claim"]["won"], tasks)
        self.assertEqual(report["claim"]["refused"], tasks * (claimants - 1))
        self.assertEqual(report["readBack"]["answered"], tasks)
        self.assertGreater(report["claim"]["claimsPerSecond"], 0)
        for latency in (report["claim"]["latencyMs"], report["claim"]["wonLatencyMs"]):
            steps = [latency[name] for name in ("p50", "p99", "p999", "max")]
            self.assertGreater(steps[0], 0)
            self.assertEqual(steps, sorted(steps))
        return report

    def test_each_claim_wins_when_nobody_races(self):
        daemon = self.daemon().start()
        self.passes(f"http://127.0.0.1:{daemon.port}", 300, 1, "--clients", 16)
        claimed = daemon.client.get("/api/board?status=in_progress").json["tasks"]
        self.assertEqual(len(claimed), 300)

    def test_one_of_eight_claimants_wins(self):
        daemon = self.daemon().start()
        self.passes(f"http://127.0.0.1:{daemon.port}", 300, 8, "--clients", 16)

    def test_pipelined_and_over_the_unix_socket(self):
        daemon = self.daemon().start()
        self.passes(f"unix:{daemon.state}/batond.sock", 200, 4, "--clients", 3, "--pipeline", 8)

    def test_tasks_that_are_there_already(self):
        daemon = self.daemon().start()
        tasks = [self.create(daemon.client)["id"] for _ in range(5)]
        report = self.reports(0, f"http://127.0.0.1:{daemon.port}", "--ids", self.script("ids", "\n".join(tasks[:3])))
        self.assertEqual((report["tasks"], report["create"]["answered"], report["claim"]["won"]), (3, 0, 3))
        status = [self.task(daemon.client, task)["status"] for task in tasks]
        self.assertEqual(status, 3 * ["in_progress"] + 2 * ["todo"])

    def test_a_file_without_tasks_is_no_success(self):
        daemon = self.daemon().start()
        url = f"http://127.0.0.1:{daemon.port}"
        report = self.reports(1, url, "--ids", self.script("ids", "\n"))
        self.assertEqual(report["violations"]["unfinished"], 1, report)
        report = self.reports(1, url, "--ids", self.script("ids", "a task / no id\n"))
        self.assertEqual(report["violations"]["unexpectedAnswer"], 1, report)

    def test_more_clients_than_requests(self):
        daemon = self.daemon().start()
        self.passes(f"http://127.0.0.1:{daemon.port}", 2, 1, "--clients", 20)

    def test_a_daemon_that_dies_in_the_middle(self):
        daemon = self.daemon().start()
        url = f"http://127.0.0.1:{daemon.port}"
        command = [BATON_BENCH, "claims", "--url", url, "--json", "--tasks", "1000000", "--clients", "4"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as bench:
            try:
                wait_until(lambda: daemon.client.get("/api/board?limit=1").json["tasks"], "tasks are being created")
            finally:
                daemon.kill()  # which ends the harness, whatever came before
            report = json.loads(bench.communicate(timeout=60)[0])
        self.assertEqual(bench.returncode, 1, report)
        self.assertGreater(report["create"]["answered"], 0)
        self.assertGreater(report["violations"]["unfinished"], 0)
        self.assertIn("the server is gone", report["examples"][-1])

    def test_says_it_to_people(self):
        daemon = self.daemon().start()
        result = self.bench(f"http://127.0.0.1:{daemon.port}", "--tasks", 20, "--clients", 4)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout, re.compile(r"^ +20 won: \d+ claims/s, 0 refused$", re.MULTILINE))
        self.assertTrue(result.stdout.endswith("violations none\n"), result.stdout)


class ServedCase(BenchCase):
    @contextmanager
    def serving(self, board):
        server = ThreadingHTTPServer(("127.0.0.1", 0), board)
        server.tasks, server.lock, server.ended = {}, threading.Lock(), threading.Event()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.ended.set()
            server.shutdown()
            server.server_close()
            thread.join()


class OtherServers(ServedCase):
    def catches(self, board, kind: str, count: int, *arguments) -> dict:
        """Twelve tasks with three claimants each show just this violation."""
        with self.serving(board) as url:
            report = self.reports(1, url, "--tasks", 12, "--claimants", 3, "--clients", 4, *arguments)
        self.assertFalse(report["ok"])
        self.assertEqual(report["violations"][kind], count, report)
        self.assertEqual(report["violations"]["total"], count, report)
        self.assertTrue(report["examples"])
        return report

    def test_any_server_of_the_contract_passes(self):
        with self.serving(Board) as url:
            report = self.reports(0, url, "--tasks", 12, "--claimants", 3, "--clients", 4)
        self.assertEqual((report["claim"]["won"], report["claim"]["refused"]), (12, 24))

    def test_a_server_may_close_after_each_answer(self):
        with self.serving(OneAnswerPerConnection) as url:
            report = self.reports(0, url, "--tasks", 12, "--claimants", 3, "--clients", 4)
        self.assertEqual((report["claim"]["won"], report["claim"]["refused"]), (12, 24))

    def test_two_winners(self):
        # The second winner of a task also takes it from the first, so the first one's claim may be gone in the end.
        with self.serving(LetsTwoWin) as url:
            report = self.reports(1, url, "--tasks", 12, "--claimants", 3, "--clients", 4)
        self.assertEqual(report["violations"]["severalWinners"], 12, report)
        self.assertEqual(report["claim"]["won"], 12)

    def test_an_acknowledged_claim_that_is_gone(self):
        with self.serving(ForgetsClaims) as url:
            report = self.reports(1, url, "--tasks", 12, "--clients", 4)
        self.assertEqual(report["violations"]["missingClaim"], 12, report)
        self.assertEqual(report["violations"]["total"], 12, report)

    def test_a_winner_who_is_told_that_another_has_it(self):
        with self.serving(GivesToAnother) as url:
            report = self.reports(1, url, "--tasks", 12, "--clients", 4)
        self.assertEqual(report["violations"]["unexpectedAnswer"], 12, report)
        self.assertEqual(report["violations"]["missingClaim"], 12, report)

    def test_no_winner(self):
        self.catches(RefusesAll, "noWinner", 12)

    def test_an_answer_that_is_neither_won_nor_refused(self):
        report = self.catches(FailsNowAndThen, "unexpectedAnswer", 12)
        self.assertEqual(report["claim"]["won"], 12)
        self.assertIn("500", report["examples"][0])

    def test_a_connection_that_ends_without_an_answer(self):
        self.catches(HangsUp, "lostRequest", 36)

    def test_a_server_that_does_not_answer_in_time(self):
        report = self.catches(NeverAnswers, "unfinished", 36, "--timeout", 2)
        self.assertIn("time was up", report["examples"][0])

    def test_nobody_listens(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # and does not listen
            result = self.bench(f"http://127.0.0.1:{taken.getsockname()[1]}", "--json")
        self.assertEqual(result.returncode, 2, result.stderr)
        self.assertIn("nothing answers", result.stderr)
        self.assertEqual(result.stdout, "")

    def test_a_wrong_command_line(self):
        for arguments in (["--url", "ftp://here"], ["--url", "http://localhost:1", "--clients", "0"], []):
            with self.subTest(arguments=arguments):
                result = subprocess.run([BATON_BENCH, "claims", *arguments], capture_output=True, text=True, timeout=60)
                self.assertEqual(result.returncode, 64, result.stderr)
                self.assertIn("--", result.stderr)


class Next(ServedCase):
    command = "claim-next"

    @contextmanager
    def with_tasks(self, board, count: int):
        with self.serving(board) as url:
            subprocess.run([BATON_BENCH, "repeat", "--url", url, "--path", "/api/board", "--body", '{"title":"one"}']
                           + ["--requests", str(count)], check=True, stdout=subprocess.DEVNULL, timeout=60)  # fmt: skip
            yield url

    def test_each_task_is_given_once_and_then_none(self):
        with self.with_tasks(Board, 12) as url:
            report = self.reports(0, url, "--requests", 20, "--clients", 4)
        self.assertEqual((report["claimNext"]["given"], report["claimNext"]["empty"]), (12, 8), report)

    def test_a_task_that_is_given_twice(self):
        with self.with_tasks(GivesItAgain, 1) as url:
            report = self.reports(1, url, "--requests", 5, "--clients", 2)
        self.assertEqual(report["violations"]["severalWinners"], 4, report)

    def test_a_task_that_is_given_to_another(self):
        with self.with_tasks(GivesToAnother, 3) as url:
            report = self.reports(1, url, "--requests", 3, "--clients", 2)
        self.assertEqual(report["violations"]["unexpectedAnswer"], 3, report)


class Repeat(BenchCase):
    command = "repeat"

    def test_a_request_of_any_kind(self):
        url = f"http://127.0.0.1:{self.daemon().start().port}"
        for words in (["--path", "/api/board?limit=1"], ["--path", "/api/echo", "--body", '{"a":1}']):
            with self.subTest(words=words):
                report = self.reports(0, url, "--requests", 50, "--clients", 4, *words)
                self.assertEqual(report["repeat"]["answered"], 50)

    def test_another_status_than_expected(self):
        url = f"http://127.0.0.1:{self.daemon().start().port}"
        words = ("--requests", 7, "--path", "/api/board/none")
        self.assertEqual(self.reports(1, url, *words)["violations"]["unexpectedAnswer"], 7)
        self.reports(0, url, *words, "--expect", 404)

    def test_a_path_that_is_none(self):
        for path in ("api", "/a b", "/a\r\nX: y", ""):
            with self.subTest(path=path):
                result = self.bench("http://127.0.0.1:1", "--path", path)
                self.assertEqual(result.returncode, 64, result.stderr)
