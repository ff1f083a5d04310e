"""What the daemon does although nobody asks: silent owners lose their tasks, old events are forgotten."""

import json
import sqlite3
import threading
from contextlib import contextmanager

from harness import BoardCase, DaemonCase, gate, runtime, wait_until

HOUR_MS = 3_600_000
FAST_SWEEP = "sweep_s = 0.05\n"


class UpkeepCase(BoardCase):
    def owned(self, agent="ann", **fields):
        """A new task that is owned by `agent`."""
        task = self.create(self.client)
        return self.answers(self.claim(task["id"], agent, **fields), 200)["task"]

    def is_free(self, task):
        now = self.task(self.client, task["id"])
        return (now["status"], now["assigneeAgentId"]) == ("todo", None)

    def is_taken_back(self, task):
        wait_until(lambda: self.is_free(task), "the silent owner loses the task")

    def events(self, task):
        return self.client.get(f"/api/obs/events?taskId={task['id']}").json["events"]

    def executions(self, task):
        return self.client.get(f"/api/board/{task['id']}/executions").json["executions"]


class SilentOwners(UpkeepCase):
    def configuration(self):
        return "[board]\nstale_ttl_s = 0.3\n" + FAST_SWEEP

    def test_a_silent_owner_loses_the_task_and_the_log_says_why(self):
        task = self.owned()
        self.assertIsNotNone(task["leaseExpiresAt"])
        self.is_taken_back(task)
        now = self.task(self.client, task["id"])
        self.assertGreater(now["fence"], task["fence"])
        self.assertIsNone(now["leaseExpiresAt"])
        last = self.events(task)[-1]
        self.assertEqual(last["kind"], "status_changed")
        told = json.loads(last["data"])
        self.assertEqual(told["to"], "todo")
        self.assertIn("stale", told["reason"])
        self.answers(self.claim(task["id"], "bob"), 200)

    def test_an_owner_may_ask_for_more_time(self):
        patient = self.owned(leaseMs=HOUR_MS)
        self.is_taken_back(self.owned())
        self.assertEqual(self.task(self.client, patient["id"])["fence"], patient["fence"])

    def test_work_that_a_client_does_is_timed_out(self):
        task = self.owned()
        reply = self.client.post(f"/api/board/{task['id']}/executions", {"executorType": "codex"})
        self.answers(reply, 200, ok=True)
        self.is_taken_back(task)
        (row,) = self.executions(task)
        self.assertEqual(row["status"], "timed_out")
        self.assertTrue(row["error"])
        self.assertEqual(row["recoveryTombstone"], 0)
        self.assertIn("execution_completed", self.event_kinds(task["id"]))

    def test_a_task_moved_by_hand_is_taken_back_too(self):
        task = self.owned(leaseMs=HOUR_MS)
        self.answers(self.release(task["id"]), 200)
        self.answers(self.move(task["id"], "in_progress"), 200)
        wait_until(lambda: self.task(self.client, task["id"])["status"] == "todo", "nobody works on it")

    def test_a_task_that_was_in_progress_from_the_start_is_taken_back_too(self):
        task = self.create(self.client, status="in_progress")
        self.assertIsNotNone(task["leaseExpiresAt"])
        wait_until(lambda: self.task(self.client, task["id"])["status"] == "todo", "nobody works on it")

    def test_what_waits_for_judgement_is_left_alone(self):
        reviewed, blocked = self.owned(), self.owned()
        self.answers(self.move(reviewed["id"], "in_review"), 200)
        self.answers(self.move(blocked["id"], "blocked"), 200)
        for _ in range(2):  # more than one time of silence
            self.is_taken_back(self.owned())
        self.assertEqual(self.task(self.client, reviewed["id"])["status"], "in_review")
        self.assertEqual(self.task(self.client, blocked["id"])["status"], "blocked")


class LivingOwners(UpkeepCase):
    def configuration(self):
        return "[board]\nstale_ttl_s = 2\n" + FAST_SWEEP

    def test_each_sign_of_life_counts(self):
        beating, talking = self.owned("ann"), self.owned("bob")

        def live_on(other):
            self.answers(self.client.post(f"/api/board/{beating['id']}/heartbeat", {}), 200)
            body = {"body": "still here", "authorAgentId": "bob"}
            self.answers(self.client.post(f"/api/board/{talking['id']}/comments", body), 200)
            return self.is_free(other)

        for _ in range(2):  # both outlive two owners who are silent
            silent = self.owned("eve")
            wait_until(lambda: live_on(silent), "the silent owner loses the task")
        for task in (beating, talking):
            now = self.task(self.client, task["id"])
            self.assertEqual((now["status"], now["fence"]), ("in_progress", task["fence"]))


class RunsOfTheDaemon(UpkeepCase):
    def configuration(self):
        self.go = self.directory / "go"
        script = self.script("work.sh", f"until [ -e {self.go} ]; do sleep 0.05; done\n")
        return gate("true") + runtime("alpha", script) + "[board]\nstale_ttl_s = 0.3\n" + FAST_SWEEP

    def test_are_never_swept(self):
        task, repo, replies = self.create(self.client), self.repo(), []
        body = {"taskId": task["id"], "repoPath": str(repo.path)}
        thread = threading.Thread(target=lambda: replies.append(self.client.post("/api/runtimes/alpha/run", body)))
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(self.go.touch)
        wait_until(lambda: self.executions(task), "the run begins")
        for _ in range(2):
            self.is_taken_back(self.owned())
        self.assertEqual(self.task(self.client, task["id"])["status"], "in_progress")
        self.go.touch()
        thread.join()
        self.answers(replies[0], 200, ok=True)


class AfterAnAbsence(UpkeepCase):
    """The daemon was killed, and hours went by: the times in the database are set back while it is away."""

    def days_go_by(self, hours):
        with sqlite3.connect(self.started.state / "baton.db") as connection:
            past = hours * HOUR_MS
            connection.execute("UPDATE tasks SET updated_at = updated_at - ?, claimed_at = claimed_at - ?", (past, past))
            connection.execute("UPDATE events SET ts = ts - ?", (past,))
        connection.close()

    def restart(self, **environment):
        self.started.environment = environment
        self.started.start()
        self.client = self.started.client

    def test_owners_of_long_ago_lose_their_tasks(self):
        tasks = [self.owned(f"agent-{n}") for n in range(20)]
        self.answers(self.client.post(f"/api/board/{tasks[0]['id']}/executions", {"executorType": "codex"}), 200)
        self.started.kill()
        self.days_go_by(3)
        self.restart(CLAWBOO_BOARD_STALE_SWEEP_MS="50")
        for task in tasks:
            self.is_taken_back(task)
            self.assertEqual(self.event_kinds(task["id"])[-1], "status_changed")
        self.assertEqual(self.executions(tasks[0])[0]["status"], "timed_out")

    def test_a_review_whose_client_was_at_work_is_free_again(self):
        task = self.owned()
        self.answers(self.client.post(f"/api/board/{task['id']}/executions", {"executorType": "codex"}), 200)
        self.answers(self.move(task["id"], "in_review"), 200)
        self.started.kill()
        self.days_go_by(3)
        self.restart(CLAWBOO_BOARD_STALE_SWEEP_MS="50")
        self.is_taken_back(task)
        self.assertEqual(self.executions(task)[0]["status"], "timed_out")

    def test_a_kill_in_the_middle_of_the_sweep_loses_nobody(self):
        tasks = [self.owned() for _ in range(60)]
        self.started.kill()
        self.days_go_by(3)
        for _ in range(3):
            self.restart(BATON_BOARD_STALE_SWEEP_MS="1")
            self.started.kill()
        self.restart(BATON_BOARD_STALE_SWEEP_MS="1")
        for task in tasks:
            self.is_taken_back(task)
            self.assertEqual(self.event_kinds(task["id"]), ["task_created", "task_claimed", "status_changed"])

    def test_who_shows_up_in_time_keeps_the_task(self):
        alive, gone = self.owned("ann"), self.owned("eve")
        self.started.kill()
        self.days_go_by(3)
        self.restart(BATON_BOARD_STALE_SWEEP_MS="3000")
        self.answers(self.client.post(f"/api/board/{alive['id']}/heartbeat", {"fence": alive["fence"]}), 200)
        self.is_taken_back(gone)
        self.assertEqual(self.task(self.client, alive["id"])["fence"], alive["fence"])


class Retention(DaemonCase):
    ALWAYS_SWEPT = "[board]\nstale_ttl_s = 0.05\nsweep_s = 0.05\n"  # the sweep's queue holds nothing back

    def oldest(self, client):
        return client.get("/api/obs/events?limit=1").json["events"][0]["seq"]

    def all_events(self, client):
        return client.get("/api/obs/events?limit=5000").json["events"]

    def forgets_up_to(self, client, seq):
        wait_until(lambda: self.oldest(client) > seq, f"events up to {seq} are forgotten")

    @contextmanager
    def stream(self, client, last_seen):
        """The seqs that arrive, one by one."""
        connection = client.connection()
        connection.request("GET", "/api/obs/stream", headers={"Last-Event-ID": str(last_seen)})
        answer = connection.getresponse()
        try:
            yield (int(line[3:]) for line in iter(answer.readline, b"") if line.startswith(b"id:"))
        finally:
            connection.close()

    def test_by_age(self):
        client = self.daemon(self.ALWAYS_SWEPT + "[events]\nkeep_days = 1e-6\nkeep_mb = 0\n").start().client
        tasks = [self.create(client) for _ in range(5)]
        self.forgets_up_to(client, 4)
        (kept,) = self.all_events(client)  # the newest one stays, however old it is
        self.assertEqual((kept["seq"], kept["taskId"]), (5, tasks[-1]["id"]))
        self.assertEqual(len(client.get("/api/board").json["tasks"]), 5)

    def test_by_size(self):
        limits = "[events]\nkeep_days = 0.0001\nkeep_mb = 0.02\n"  # looked at every 2 s, but forgotten after 8 s
        client = self.daemon(self.ALWAYS_SWEPT + limits).start().client
        for n in range(100):
            self.create(client, f"{n} " + "x" * 400)
        self.forgets_up_to(client, 50)
        kept = self.all_events(client)
        self.assertEqual(kept[-1]["seq"], 100)
        self.assertEqual([event["seq"] for event in kept], list(range(kept[0]["seq"], 101)))

    def test_nothing_is_forgotten_without_a_limit(self):
        client = self.daemon(self.ALWAYS_SWEPT + "[events]\nkeep_days = 0\nkeep_mb = 0\n").start().client
        task = self.create(client)
        self.answers(client.post(f"/api/board/{task['id']}/claim", {"assigneeAgentId": "ann"}), 200)
        wait_until(lambda: self.task(client, task["id"])["status"] == "todo", "the sweep has passed")
        self.assertEqual(self.oldest(client), 1)

    def test_a_stream_from_before_the_oldest_gets_what_is_there(self):
        client = self.daemon(self.ALWAYS_SWEPT + "[events]\nkeep_days = 1e-6\nkeep_mb = 0\n").start().client
        for _ in range(5):
            self.create(client)
        self.forgets_up_to(client, 4)
        with self.stream(client, last_seen=1) as seqs:
            self.assertEqual(next(seqs), 5)
            self.create(client)
            self.assertEqual(next(seqs), 6)

    def test_numbers_are_never_given_twice(self):
        daemon = self.daemon(self.ALWAYS_SWEPT + "[events]\nkeep_days = 1e-6\n").start()
        for _ in range(5):
            self.create(daemon.client)
        self.forgets_up_to(daemon.client, 4)
        daemon.kill()
        client = daemon.start().client
        self.create(client)
        self.assertEqual(self.all_events(client)[-1]["seq"], 6)
