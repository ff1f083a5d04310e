"""Idempotency-Key: what is repeated under its key is carried out once and answered each time, whatever happens between."""

import threading
from concurrent.futures import ThreadPoolExecutor

from harness import BoardCase, DaemonCase, runtime, wait_until

REPLAYED = "idempotent-replayed"


class Repeats(BoardCase):
    def same_answers(self, replies):
        """All are the first answer; exactly one is not a replay. Returns the body."""
        self.assertEqual({reply.status for reply in replies}, {200}, [reply.body for reply in replies])
        self.assertEqual(len({reply.body for reply in replies}), 1)
        self.assertEqual(sum(REPLAYED not in reply.headers for reply in replies), 1)
        return replies[0].json

    def in_parallel(self, count, call):
        barrier = threading.Barrier(count)

        def one(_):
            barrier.wait()
            return call()

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(one, range(count)))

    def test_32_parallel_creates_make_one_task(self):
        replies = self.in_parallel(32, lambda: self.client.post("/api/board", {"title": "one"}, Idempotency_Key="k"))
        task = self.same_answers(replies)["task"]
        self.assertEqual(self.titles(), ["one"])
        self.assertEqual(self.event_kinds(task["id"]), ["task_created"])

    def test_a_claim_is_won_once_and_told_again(self):
        task = self.create(self.client)
        path, body = f"/api/board/{task['id']}/claim", {"assigneeAgentId": "ann"}
        replies = self.in_parallel(8, lambda: self.client.post(path, body, Idempotency_Key="k"))
        claimed = self.same_answers(replies)["task"]
        self.answers(self.move(task["id"], "done"), 200)
        again = self.client.post(path, body, Idempotency_Key="k")
        self.assertEqual((again.json["task"], again.headers[REPLAYED]), (claimed, "true"))
        self.answers(self.client.post(path, body, Idempotency_Key="other"), 409, error="conflict")

    def test_claim_next_takes_one_task(self):
        for n in range(8):
            self.create(self.client, f"t{n}")
        for wait in (0, 60_000):

            def call(wait=wait):
                body = {"assigneeAgentId": "ann", "waitMs": wait}
                return self.client.post("/api/board/claim-next", body, Idempotency_Key=f"k{wait}")

            self.same_answers(self.in_parallel(8, call))
        self.assertEqual(len(self.titles("?status=in_progress")), 2)

    def test_a_repeat_that_waits_gets_the_same_task(self):
        body = {"assigneeAgentId": "ann", "waitMs": 60_000}
        with ThreadPoolExecutor(3) as pool:
            calls = []
            for count in (1, 2, 3):
                calls.append(pool.submit(self.client.post, "/api/board/claim-next", body, Idempotency_Key="k"))
                self.waiters_are(count)
            self.create(self.client)
            self.same_answers([call.result() for call in calls])

    def test_none_is_not_kept(self):
        body = {"assigneeAgentId": "ann"}
        self.assertEqual(self.client.post("/api/board/claim-next", body, Idempotency_Key="k").status, 204)
        self.create(self.client)
        self.answers(self.client.post("/api/board/claim-next", body, Idempotency_Key="k"), 200)

    def test_a_refusal_is_not_kept(self):
        task = self.create(self.client, status="backlog")
        path, body = f"/api/board/{task['id']}/claim", {"assigneeAgentId": "ann"}
        self.answers(self.client.post(path, body, Idempotency_Key="k"), 409, reason="status")
        self.answers(self.client.post(path, {}, Idempotency_Key="k"), 400)
        self.answers(self.move(task["id"], "todo"), 200)
        self.answers(self.client.post(path, body, Idempotency_Key="k"), 200)

    def test_a_key_stands_for_method_path_and_body(self):
        task = self.create(self.client)
        self.answers(self.client.post("/api/board", {"title": "one"}, Idempotency_Key="k"), 200)
        for path, body in (
            ("/api/board", {"title": "two"}),
            (f"/api/board/{task['id']}/claim", {"assigneeAgentId": "ann"}),
            ("/api/board/claim-next", {"assigneeAgentId": "ann"}),
            ("/api/board/claim-next", {"assigneeAgentId": "ann", "waitMs": 60_000}),
        ):
            reply = self.client.post(path, body, Idempotency_Key="k")
            self.answers(reply, 422, ok=False, error="idempotency_key_reused")
        self.assertEqual(len(self.titles("?ready=true")), 2)

    def test_a_key_is_1_to_255_printable_characters(self):
        for key in ("", "k" * 256, "a\tb", "\u00e9"):
            for path in ("/api/board", "/api/board/x/claim", "/api/board/claim-next"):
                reply = self.client.post(path, {"title": "t", "assigneeAgentId": "a"}, Idempotency_Key=key)
                self.answers(reply, 400, ok=False, error="invalid_idempotency_key")
        self.assertEqual(self.titles(), [])
        self.answers(self.client.post("/api/board", {"title": "t"}, Idempotency_Key="~ " + "k" * 253), 200)

    def test_the_document_names_the_header(self):
        paths = self.client.get("/api/openapi.json").json["paths"]
        for path in ("/api/board", "/api/board/{taskId}/claim", "/api/board/claim-next", "/api/runtimes/{runtimeId}/run"):
            headers = [p["name"] for p in paths[path]["post"]["parameters"] if p["in"] == "header"]
            self.assertEqual(headers, ["Idempotency-Key"], path)


class PowerCut(DaemonCase):
    def test_the_answer_survives_a_kill(self):
        daemon = self.daemon().start()
        first = daemon.client.post("/api/board", {"title": "one"}, Idempotency_Key="k")
        daemon.kill()
        again = daemon.start().client.post("/api/board", {"title": "one"}, Idempotency_Key="k")
        self.assertEqual((again.status, again.body, again.headers[REPLAYED]), (200, first.body, "true"))
        self.assertEqual(len(daemon.client.get("/api/board").json["tasks"]), 1)

    def test_who_repeats_until_answered_gets_each_task_once(self):
        daemon = self.daemon().start()
        count, workers = 400, 8
        answered = []
        up = threading.Event()
        up.set()

        def create(n):
            while True:
                up.wait()
                try:
                    reply = daemon.client.post("/api/board", {"title": f"t{n}"}, Idempotency_Key=f"k{n}")
                except OSError:
                    continue  # the daemon was killed under it
                except Exception as problem:  # half an answer
                    if type(problem).__module__ != "http.client":
                        raise
                    continue
                self.answers(reply, 200)
                answered.append(reply.json["task"]["id"])
                return

        with ThreadPoolExecutor(workers) as pool:
            calls = [pool.submit(create, n) for n in range(count)]
            for part in range(1, 4):
                wait_until(lambda part=part: len(answered) >= part * count // 4, "a quarter more is answered")
                up.clear()
                daemon.kill()
                daemon.start()
                up.set()
            for call in calls:
                call.result()
        tasks = daemon.client.get("/api/board").json["tasks"]
        self.assertEqual(sorted(task["title"] for task in tasks), sorted(f"t{n}" for n in range(count)))
        self.assertEqual({task["id"] for task in tasks}, set(answered))


class Runs(BoardCase):
    def configuration(self):
        self.go = self.directory / "go"
        script = self.script("work.sh", f"while [ ! -e {self.go} ]; do sleep 0.05; done; echo finished\n")
        return runtime("alpha", script)

    def run_task(self, task, **headers):
        return self.client.post("/api/runtimes/alpha/run", {"taskId": task["id"], "kind": "research"}, **headers)

    def executions(self, task):
        return self.client.get(f"/api/board/{task['id']}/executions").json["executions"]

    def is_running(self, task):
        wait_until(lambda: self.task(self.client, task["id"])["status"] == "in_progress", "the run has begun")

    def test_repeats_of_a_run_wait_for_its_one_end(self):
        task = self.create(self.client)
        with ThreadPoolExecutor(4) as pool:
            calls = [pool.submit(self.run_task, task, Idempotency_Key="k") for _ in range(4)]
            self.is_running(task)
            other = self.client.post("/api/runtimes/alpha/run", {"taskId": task["id"]}, Idempotency_Key="k")
            self.answers(other, 422, ok=False, reason="idempotency_key_reused")
            self.go.touch()
            replies = [call.result() for call in calls]
        replies.append(self.run_task(task, Idempotency_Key="k"))
        self.assertEqual({reply.status for reply in replies}, {200}, [reply.body for reply in replies])
        self.assertEqual(len({reply.body for reply in replies}), 1)
        self.assertEqual(sum(REPLAYED not in reply.headers for reply in replies), 1)
        self.assertEqual((replies[0].json["status"], replies[0].json["summary"]), ("done", "finished"))
        self.assertEqual(len(self.executions(task)), 1)
        self.started.kill()
        self.client = self.started.start().client
        again = self.run_task(task, Idempotency_Key="k")
        self.assertEqual((again.body, again.headers[REPLAYED]), (replies[0].body, "true"))

    def test_a_refused_run_frees_its_key(self):
        task = self.create(self.client)
        self.answers(self.claim(task["id"]), 200)
        self.answers(self.run_task(task, Idempotency_Key="k"), 409, reason="conflict", detail="claimed")
        self.answers(self.release(task["id"]), 200)
        self.go.touch()
        reply = self.run_task(task, Idempotency_Key="k")
        self.assertNotIn(REPLAYED, reply.headers)
        self.answers(reply, 200, ok=True, status="done")

    def test_a_run_that_died_with_the_daemon_is_not_begun_again(self):
        task = self.create(self.client)
        with ThreadPoolExecutor(1) as pool:
            call = pool.submit(self.run_task, task, Idempotency_Key="k")
            self.is_running(task)
            self.started.kill()
            self.assertIsNotNone(call.exception())
        self.client = self.started.start().client
        reply = self.run_task(task, Idempotency_Key="k")
        refused = self.answers(reply, 409, ok=False, reason="conflict", detail="run_interrupted")
        self.assertIn(f"/api/board/{task['id']}/executions", refused["message"])
        (row,) = self.executions(task)
        self.assertEqual((row["status"], row["recoveryTombstone"]), ("failed", 1))
        self.go.touch()
        self.answers(self.run_task(task, Idempotency_Key="another"), 200, status="done")

    def test_a_wrong_key_is_refused(self):
        task = self.create(self.client)
        self.answers(self.run_task(task, Idempotency_Key="k" * 256), 400, error="invalid_idempotency_key")
        self.assertEqual(self.task(self.client, task["id"])["status"], "todo")

    def test_a_run_takes_the_kind_of_its_task(self):
        self.go.touch()
        research, code = self.create(self.client, kind="research"), self.create(self.client)
        body = {"taskId": research["id"]}
        self.answers(self.client.post("/api/runtimes/alpha/run", body), 200, status="done", usedWorktree=False)
        refused = self.client.post("/api/runtimes/alpha/run", {"taskId": code["id"]})
        self.answers(refused, 422, reason="workspace_unavailable")
