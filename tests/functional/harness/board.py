"""A test case with one daemon whose board it uses."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from .case import DaemonCase
from .waiting import wait_until


class BoardCase(DaemonCase):
    def configuration(self) -> str:
        return ""

    def setUp(self):
        super().setUp()
        self.started = self.daemon(self.configuration()).start()
        self.client = self.started.client

    def claim(self, task_id, agent="ann", **fields):
        return self.client.post(f"/api/board/{task_id}/claim", {"assigneeAgentId": agent, **fields})

    def move(self, task_id, status, **fields):
        return self.client.patch(f"/api/board/{task_id}", {"status": status, **fields})

    def refuses_field(self, reply, field):
        details = self.answers(reply, 400, error="invalid body")["details"]
        self.assertIn(field, details["fieldErrors"])
        self.assertEqual(details["formErrors"], [])

    def titles(self, query=""):
        return [task["title"] for task in self.answers(self.client.get(f"/api/board{query}"), 200)["tasks"]]

    def release(self, task_id, **fields):
        return self.client.post(f"/api/board/{task_id}/release", fields)

    def link(self, task, depends_on):
        return self.client.post(f"/api/board/{task['id']}/deps", {"dependsOnTaskId": depends_on["id"]})

    def claim_next(self, agent="ann", **fields):
        return self.client.post("/api/board/claim-next", {"assigneeAgentId": agent, **fields})

    @contextmanager
    def waiting(self, *agents, **fields):
        """Claimants that wait for a task, first come first; gives their replies to be, in this order."""
        before = self.client.get("/api/health").json["waiting"]
        with ThreadPoolExecutor(len(agents)) as pool:
            replies = []
            for count, agent in enumerate(agents, 1):
                replies.append(pool.submit(self.claim_next, agent, **{"waitMs": 60_000, **fields}))
                self.waiters_are(before + count)
            yield replies

    def waiters_are(self, count):
        wait_until(lambda: self.client.get("/api/health").json["waiting"] == count, f"{count} claimants wait")

    def event_kinds(self, task_id):
        events = self.client.get(f"/api/obs/events?taskId={task_id}&limit=5000").json["events"]
        return [event["kind"] for event in events]
