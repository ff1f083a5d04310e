"""Claim-next: the best ready task, once for each claimant, waited for without polling."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

from harness import BoardCase, wait_until


class Order(BoardCase):
    def next_title(self, **fields):
        reply = self.claim_next(**fields)
        return None if reply.status == 204 else self.answers(reply, 200, ok=True)["task"]["title"]

    def test_highest_priority_then_oldest(self):
        for title, priority in (("old", 0), ("urgent", 5), ("young", 0), ("least", -1)):
            self.create(self.client, title, priority=priority)
        self.assertEqual([self.next_title() for _ in range(5)], ["urgent", "old", "young", "least", None])

    def test_the_claimant_owns_it(self):
        made = self.create(self.client, kind="review", teamId="red")
        task = self.answers(self.claim_next("ann", assigneeRuntime="codex", leaseMs=5000), 200, ok=True)["task"]
        self.assertEqual((task["id"], task["status"]), (made["id"], "in_progress"))
        self.assertEqual((task["assigneeAgentId"], task["assigneeRuntime"]), ("ann", "codex"))
        self.assertEqual(task["leaseExpiresAt"], task["claimedAt"] + 5000)
        self.assertEqual(self.task(self.client, made["id"]), task)

    def test_none_is_204_without_a_body(self):
        reply = self.claim_next()
        self.assertEqual((reply.status, reply.body), (204, b""))
        self.assertNotIn("content-length", reply.headers)

    def test_team_and_kinds_narrow_it(self):
        self.create(self.client, "blue", teamId="blue", priority=9)
        self.create(self.client, "red review", teamId="red", kind="review")
        self.create(self.client, "red plain", teamId="red")
        self.assertIsNone(self.next_title(teamId="green"))
        self.assertIsNone(self.next_title(kinds=["research"]))
        self.assertEqual(self.next_title(teamId="red", kinds=["research", "code"]), "red plain")
        self.assertEqual(self.next_title(teamId="red"), "red review")
        self.assertEqual(self.next_title(kinds=[]), "blue")

    def test_what_cannot_be_claimed_is_passed_over(self):
        blocker, waiting = self.create(self.client, "blocker"), self.create(self.client, "waiting", priority=5)
        self.answers(self.link(waiting, blocker), 200)
        dropped = self.create(self.client, "dropped", priority=9)
        self.answers(self.client.delete(f"/api/board/{dropped['id']}"), 200)
        self.create(self.client, "backlog", status="backlog", priority=9)
        self.assertEqual(self.next_title(), "blocker")
        self.assertIsNone(self.next_title())

    def test_wrong_wishes_are_refused(self):
        self.create(self.client)
        for field, value in (
            ("assigneeAgentId", None),
            ("assigneeAgentId", ""),
            ("assigneeAgentId", "x" * 201),
            ("assigneeRuntime", 5),
            ("teamId", ""),
            ("kinds", "code"),
            ("kinds", [1]),
            ("kinds", [""]),
            ("kinds", ["x" * 101]),
            ("kinds", ["x"] * 33),
            ("kinds", {"a": 1}),
            ("leaseMs", 999),
            ("leaseMs", "5000"),
            ("waitMs", -1),
            ("waitMs", 60_001),
            ("waitMs", 1.5),
        ):
            with self.subTest(field=field, value=str(value)[:10]):
                body = {"assigneeAgentId": "ann", field: value}
                self.refuses_field(self.client.post("/api/board/claim-next", body), field)
        self.refuses_field(self.client.post("/api/board/claim-next", {}), "assigneeAgentId")
        self.assertEqual(len(self.titles("?ready=true")), 1)


class Races(BoardCase):
    def test_each_task_goes_to_exactly_one(self):
        made = {self.create(self.client, f"t{n}")["id"] for n in range(60)}
        barrier = threading.Barrier(12)

        def take_all(agent):
            barrier.wait()
            taken = []
            while (reply := self.claim_next(agent)).status == 200:
                taken.append(reply.json["task"]["id"])
            self.assertEqual(reply.status, 204, reply.body)
            return taken

        with ThreadPoolExecutor(12) as pool:
            taken = [task for tasks in pool.map(take_all, (f"a{n}" for n in range(12))) for task in tasks]
        self.assertEqual(len(taken), len(made))
        self.assertEqual(set(taken), made)

    def test_nobody_who_waits_starves(self):
        agents = [f"a{n}" for n in range(24)]
        with self.waiting(*agents) as replies:
            with ThreadPoolExecutor(4) as pool:
                made = set(pool.map(lambda n: self.create(self.client, f"t{n}")["id"], range(len(agents))))
            taken = [self.answers(reply.result(), 200, ok=True)["task"] for reply in replies]
        self.assertEqual({task["id"] for task in taken}, made)
        self.assertEqual([task["assigneeAgentId"] for task in taken], agents)
        self.waiters_are(0)

    def test_the_one_who_waited_longest_is_first(self):
        with self.waiting("ann", "bob", "eve") as replies:
            for n, reply in enumerate(replies):
                made = self.create(self.client)
                self.assertEqual(self.answers(reply.result(), 200)["task"]["id"], made["id"])
                self.waiters_are(len(replies) - n - 1)

    def test_queues_of_different_wishes_share_a_burst(self):
        with self.waiting("any") as first, self.waiting("red", teamId="red") as second:
            with self.waiting("review", kinds=["review"]) as third:
                with ThreadPoolExecutor(3) as pool:
                    list(pool.map(lambda n: self.create(self.client, teamId="red", kind="review"), range(3)))
                taken = {self.answers(r.result(), 200)["task"]["id"] for r in (*first, *second, *third)}
        self.assertEqual(len(taken), 3)


class Waking(BoardCase):
    def configuration(self):
        return "[board]\nsweep_s = 0.1\n"

    def wakes(self, task_id, act):
        """`act` makes the task ready, and the one who waits gets it."""
        with self.waiting("patient") as (reply,):
            act()
            task = self.answers(reply.result(), 200, ok=True)["task"]
        self.assertEqual((task["id"], task["assigneeAgentId"], task["status"]), (task_id, "patient", "in_progress"))

    def test_a_release(self):
        task = self.create(self.client)
        self.answers(self.claim(task["id"]), 200)
        self.wakes(task["id"], lambda: self.answers(self.release(task["id"]), 200))

    def test_a_move_to_todo(self):
        task = self.create(self.client, status="backlog")
        self.wakes(task["id"], lambda: self.answers(self.move(task["id"], "todo"), 200))

    def test_a_dependency_that_is_done(self):
        blocker, task = self.create(self.client, "blocker"), self.create(self.client, "task")
        self.answers(self.link(task, blocker), 200)
        self.answers(self.claim(blocker["id"]), 200)
        self.wakes(task["id"], lambda: self.answers(self.move(blocker["id"], "done"), 200))

    def test_a_dependency_that_is_unlinked(self):
        blocker, task = self.create(self.client, status="backlog"), self.create(self.client)
        self.answers(self.link(task, blocker), 200)
        path = f"/api/board/{task['id']}/deps/{blocker['id']}"
        self.wakes(task["id"], lambda: self.answers(self.client.delete(path), 200, removed=True))

    def test_a_dropped_task_that_is_restored(self):
        task = self.create(self.client)
        self.answers(self.client.delete(f"/api/board/{task['id']}"), 200)
        restore = {"dropped": False}
        self.wakes(task["id"], lambda: self.answers(self.client.patch(f"/api/board/{task['id']}", restore), 200))

    def test_a_sweep_of_a_silent_owner(self):
        task = self.create(self.client)
        self.answers(self.claim(task["id"], leaseMs=1000), 200)
        self.wakes(task["id"], lambda: None)
        self.assertEqual(self.task(self.client, task["id"])["fence"], 3)

    def test_nothing_else_does(self):
        with self.waiting("patient", teamId="red", kinds=["code"], waitMs=1500) as (reply,):
            self.create(self.client, teamId="blue")
            self.create(self.client, teamId="red", kind="review")
            later = self.create(self.client, teamId="red", status="backlog")
            self.answers(self.client.patch(f"/api/board/{later['id']}", {"title": "new"}), 200)
            self.assertEqual(reply.result().status, 204)


class Leaving(BoardCase):
    def starts_to_wait(self, agent):
        body = json.dumps({"assigneeAgentId": agent, "waitMs": 60_000}).encode()
        connection = self.client.raw()
        self.addCleanup(connection.close)
        head = (
            "POST /api/board/claim-next HTTP/1.1\r\nHost: localhost\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        before = self.client.get("/api/health").json["waiting"]
        connection.sendall(head.encode() + body)
        self.waiters_are(before + 1)
        return connection

    def test_who_has_gone_takes_no_task_along(self):
        self.starts_to_wait("gone").close()
        task = self.create(self.client)
        self.waiters_are(0)
        self.assertEqual(self.titles("?ready=true"), [task["title"]])
        self.assertEqual(self.event_kinds(task["id"]), ["task_created"])

    def test_the_next_one_gets_it(self):
        self.starts_to_wait("gone").close()
        with self.waiting("patient") as (reply,):
            task = self.create(self.client)
            self.assertEqual(self.answers(reply.result(), 200)["task"]["id"], task["id"])

    def test_many_who_have_gone_take_nothing_along(self):
        for connection in [self.starts_to_wait(f"gone{n}") for n in range(16)]:
            connection.close()
        with ThreadPoolExecutor(4) as pool:
            made = list(pool.map(lambda n: self.create(self.client, f"t{n}")["id"], range(16)))
        self.waiters_are(0)
        self.assertEqual([self.event_kinds(task_id) for task_id in made], [["task_created"]] * 16)

    def test_the_daemon_does_not_wait_for_them(self):
        with self.waiting("ann", "bob") as replies:
            self.started.process.terminate()
            wait_until(lambda: not self.started.is_running(), "the daemon has ended")
            self.assertEqual([reply.result().status for reply in replies], [204, 204])
        self.assertEqual(self.started.process.returncode, 0)
