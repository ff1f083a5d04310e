"""What owners and those who decide about owners do: release, assign, heartbeat, drop, unlink; and why a task waits."""

from harness import BoardCase, wait_until


class OwnerCase(BoardCase):
    def claimed(self, agent="ann", **fields):
        return self.answers(self.claim(self.create(self.client)["id"], agent, **fields), 200)["task"]

    def post(self, task, what, **fields):
        return self.client.post(f"/api/board/{task['id']}/{what}", fields)

    def unchanged(self, task):
        self.assertEqual(self.task(self.client, task["id"]), task)


class Release(OwnerCase):
    def test_the_task_is_free_and_the_fence_is_over(self):
        task = self.claimed()
        freed = self.answers(self.release(task["id"], fence=task["fence"], reason="lunch"), 200, ok=True)["task"]
        self.assertEqual((freed["status"], freed["assigneeAgentId"], freed["leaseExpiresAt"]), ("todo", None, None))
        self.assertGreater(freed["fence"], task["fence"])
        late = self.answers(self.release(task["id"], fence=task["fence"]), 409, ok=False, error="stale_fence")
        self.assertEqual(late["fence"], freed["fence"])
        self.answers(self.claim(task["id"], "bob"), 200)

    def test_refusals_change_nothing(self):
        self.answers(self.release("nobody"), 404, ok=False, error="not_found")
        free = self.create(self.client)
        self.answers(self.release(free["id"]), 409, error="not_claimed")
        self.unchanged(free)
        task = self.claimed()
        self.refuses_field(self.release(task["id"], fence="1"), "fence")
        self.refuses_field(self.release(task["id"], reason="x" * 501), "reason")
        self.unchanged(task)
        reviewed = self.answers(self.move(task["id"], "in_review"), 200)["task"]
        self.answers(self.release(task["id"]), 409, error="illegal_transition")
        self.unchanged(reviewed)


class Assign(OwnerCase):
    def test_a_free_task_as_by_a_claim(self):
        task = self.create(self.client)
        reply = self.post(task, "assign", assigneeAgentId="ann", assigneeRuntime="codex", leaseMs=5000)
        owned = self.answers(reply, 200, ok=True)["task"]
        self.assertEqual((owned["status"], owned["assigneeAgentId"]), ("in_progress", "ann"))
        self.assertEqual((owned["assigneeRuntime"], owned["leaseExpiresAt"]), ("codex", owned["claimedAt"] + 5000))

    def test_from_owner_to_owner_in_one_step(self):
        task = self.claimed("ann")
        held = self.answers(self.post(task, "assign", assigneeAgentId="bob"), 409, error="conflict", reason="claimed")
        self.assertEqual(held["holder"], "ann")
        passed = self.answers(self.post(task, "assign", assigneeAgentId="bob", fence=task["fence"]), 200)["task"]
        self.assertEqual((passed["assigneeAgentId"], passed["status"]), ("bob", "in_progress"))
        self.assertGreater(passed["fence"], task["fence"])
        late = self.post(task, "assign", assigneeAgentId="eve", fence=task["fence"])
        self.answers(late, 409, ok=False, error="stale_fence")
        self.unchanged(passed)
        self.assertEqual(self.event_kinds(task["id"]), ["task_created", "task_claimed", "task_assigned"])

    def test_refusals_change_nothing(self):
        self.answers(self.client.post("/api/board/nobody/assign", {"assigneeAgentId": "ann"}), 404, error="not_found")
        task = self.create(self.client)
        self.refuses_field(self.post(task, "assign"), "assigneeAgentId")
        self.refuses_field(self.post(task, "assign", assigneeAgentId="ann", leaseMs=1), "leaseMs")
        self.unchanged(task)
        backlog = self.create(self.client, status="backlog")
        self.answers(self.post(backlog, "assign", assigneeAgentId="ann"), 409, error="conflict", reason="status")
        blocker, waiting = self.create(self.client), self.create(self.client)
        self.answers(self.link(waiting, blocker), 200)
        refused = self.answers(self.post(waiting, "assign", assigneeAgentId="ann"), 409, reason="dependencies")
        self.assertEqual([each["id"] for each in refused["blockedBy"]], [blocker["id"]])


class Heartbeat(OwnerCase):
    def configuration(self):
        return "[board]\nsweep_s = 0.1\n"

    def test_the_lease_begins_anew(self):
        task = self.claimed(leaseMs=10_000)
        beat = self.answers(self.post(task, "heartbeat", fence=task["fence"], leaseMs=20_000), 200, ok=True)["task"]
        self.assertGreaterEqual(beat["leaseExpiresAt"], task["claimedAt"] + 20_000)
        self.assertEqual(beat["fence"], task["fence"])
        self.assertEqual(self.event_kinds(task["id"]), ["task_created", "task_claimed"])

    def test_who_is_silent_loses_the_task_and_comes_too_late(self):
        task = self.claimed(leaseMs=1000)
        wait_until(lambda: self.task(self.client, task["id"])["status"] == "todo", "the silent owner loses the task")
        self.answers(self.post(task, "heartbeat", fence=task["fence"]), 409, error="stale_fence")
        self.answers(self.post(task, "heartbeat"), 409, error="not_claimed")

    def test_refusals(self):
        self.answers(self.client.post("/api/board/nobody/heartbeat", {}), 404, ok=False, error="not_found")
        task = self.claimed()
        for field, value in (("fence", 1.5), ("leaseMs", 999), ("leaseMs", 604_800_001), ("leaseMs", None)):
            self.refuses_field(self.post(task, "heartbeat", **{field: value}), field)
        self.answers(self.move(task["id"], "in_review"), 200)
        self.answers(self.post(task, "heartbeat"), 409, error="status")


class Drop(OwnerCase):
    def test_dropped_is_off_the_lists_and_comes_back(self):
        task = self.create(self.client, "t")
        path = f"/api/board/{task['id']}"
        dropped = self.answers(self.client.delete(path), 200, ok=True)["task"]
        self.assertEqual(dropped["dropped"], 1)
        self.assertEqual((self.titles(), self.titles("?includeDropped=true")), ([], ["t"]))
        self.answers(self.claim(task["id"]), 409, error="conflict", reason="dropped")
        self.assertEqual(self.answers(self.client.delete(path), 200)["task"], dropped)
        self.answers(self.client.patch(path, {"status": "in_progress"}), 409, ok=False, error="dropped")
        restored = self.answers(self.client.patch(path, {"dropped": False}), 200, ok=True)["task"]
        self.assertEqual((restored["dropped"], self.titles("?ready=true")), (0, ["t"]))
        self.answers(self.client.patch(path, {"dropped": True}), 200)
        self.assertEqual(self.titles(), [])

    def test_an_owner_loses_it_but_not_to_an_old_fence(self):
        task = self.claimed()
        path = f"/api/board/{task['id']}"
        self.answers(self.client.delete(f"{path}?fence={task['fence'] + 1}"), 409, error="stale_fence")
        self.unchanged(task)
        dropped = self.answers(self.client.delete(f"{path}?fence={task['fence']}"), 200)["task"]
        self.assertIsNone(dropped["assigneeAgentId"])

    def test_refusals(self):
        self.answers(self.client.delete("/api/board/nobody"), 404, ok=False, error="not_found")
        task = self.create(self.client)
        for fence in ("x", "", "1.5", "99999999999999999999"):
            self.answers(self.client.delete(f"/api/board/{task['id']}?fence={fence}"), 400)
        self.refuses_field(self.client.patch(f"/api/board/{task['id']}", {"dropped": 1}), "dropped")
        self.answers(self.client.patch(f"/api/board/{task['id']}", {"fence": 0}), 400, error="invalid body")
        self.unchanged(task)


class Links(OwnerCase):
    def test_both_directions_are_listed(self):
        a, b, c = (self.create(self.client, title) for title in "abc")
        self.answers(self.link(b, a), 200)
        self.answers(self.link(c, b), 200)
        links = self.answers(self.client.get(f"/api/board/{b['id']}/deps"), 200, ok=True)
        self.assertEqual((links["dependsOn"], links["dependents"]), ([a["id"]], [c["id"]]))
        self.answers(self.client.get("/api/board/nobody/deps"), 404, error="task not found")

    def test_an_unlinked_task_is_ready(self):
        blocker, task = self.create(self.client, status="backlog"), self.create(self.client, "t")
        self.answers(self.link(task, blocker), 200)
        path = f"/api/board/{task['id']}/deps/{blocker['id']}"
        self.answers(self.client.delete(path), 200, ok=True, removed=True)
        self.answers(self.client.delete(path), 200, ok=True, removed=False)
        self.assertEqual(self.titles("?ready=true"), ["t"])
        self.answers(self.client.delete(f"/api/board/nobody/deps/{blocker['id']}"), 404, error="task not found")


class Why(OwnerCase):
    def why(self, task, **fields):
        return self.answers(self.client.get(f"/api/board/{task['id']}/why"), 200, ok=True, taskId=task["id"], **fields)

    def test_a_free_task_is_ready(self):
        task = self.create(self.client)
        found = self.why(task, ready=True, reason="ready", holder=None, blockedBy=[], fence=task["fence"], eventSeq=1)
        self.assertTrue(found["sentence"])

    def test_a_held_one_names_its_holder(self):
        task = self.claimed("ann", assigneeRuntime="codex", leaseMs=5000)
        found = self.why(task, ready=False, reason="claimed", fence=task["fence"])
        since = task["claimedAt"]
        holder = {"agentId": "ann", "runtime": "codex", "since": since, "until": since + 5000, "executionId": None}
        self.assertEqual(found["holder"], holder)
        self.assertIn("'ann'", found["sentence"])

    def test_a_waiting_one_names_what_it_waits_for_and_when_that_is_hopeless(self):
        blocker, task = self.create(self.client, "the blocker"), self.create(self.client)
        self.answers(self.link(task, blocker), 200)
        expected = {"id": blocker["id"], "title": "the blocker", "status": "todo", "dropped": False, "hopeless": False}
        self.assertEqual(self.why(task, ready=False, reason="dependencies")["blockedBy"], [expected])
        detail = self.answers(self.client.get(f"/api/board/{task['id']}"), 200)
        self.assertEqual(detail["blockedBy"], [expected])
        self.answers(self.move(blocker["id"], "cancelled"), 200)
        (found,) = self.why(task, reason="dependencies")["blockedBy"]
        self.assertEqual((found["status"], found["hopeless"]), ("cancelled", True))
        self.assertIn("dep_cancelled", self.event_kinds(task["id"]))

    def test_the_reason_is_the_one_of_a_refused_claim(self):
        backlog, dropped = self.create(self.client, status="backlog"), self.create(self.client)
        self.answers(self.client.delete(f"/api/board/{dropped['id']}"), 200)
        for task in (backlog, dropped, self.claimed()):
            refused = self.answers(self.claim(task["id"], "eve"), 409, error="conflict")
            self.why(task, ready=False, reason=refused["reason"])
        self.answers(self.client.get("/api/board/nobody/why"), 404, error="task not found")


class Kinds(OwnerCase):
    def test_a_kind_is_kept_and_filtered_by(self):
        self.assertEqual(self.create(self.client, "r", kind="review")["kind"], "review")
        self.assertIsNone(self.create(self.client, "plain")["kind"])
        self.assertEqual((self.titles("?kind=review"), self.titles("?kind=code")), (["r"], ["plain"]))
        self.assertEqual(self.titles("?kind=review&ready=true"), ["r"])
        for kind in ("", "x" * 101, 5):
            self.refuses_field(self.client.post("/api/board", {"title": "x", "kind": kind}), "kind")
