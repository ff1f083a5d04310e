"""The board over HTTP: tasks, claims, transitions, comments, executions, dependencies."""

import threading
from concurrent.futures import ThreadPoolExecutor

from harness import BoardCase, DaemonCase

STATUSES = ("backlog", "todo", "in_progress", "in_review", "blocked", "done", "cancelled")

# From -> where it may go, besides staying.
MOVES = {
    "backlog": {"todo", "blocked", "cancelled"},
    "todo": {"in_progress", "blocked", "backlog", "cancelled"},
    "in_progress": {"in_review", "done", "blocked", "todo", "cancelled"},
    "in_review": {"done", "in_progress", "blocked", "cancelled"},
    "blocked": {"todo", "in_progress", "backlog", "cancelled"},
    "done": set(),
    "cancelled": set(),
}

TASK_FIELDS = {
    "id", "title", "description", "status", "priority", "teamId", "assigneeAgentId", "assigneeRuntime", "parentTaskId",
    "sourceDelegationId", "worktreeRef", "branchRef", "costUsd", "parentSessionId", "dropped", "tenantId", "verification",
    "scheduledBy", "createdAt", "updatedAt", "completedAt", "fence", "claimedAt", "unmetBlockers", "kind", "leaseExpiresAt",
}  # fmt: skip


class Create(BoardCase):
    def test_a_new_task_has_every_field_and_its_default(self):
        task = self.create(self.client, "first")
        self.assertLessEqual(TASK_FIELDS, set(task))
        expected = {"title": "first", "status": "todo", "priority": 0, "costUsd": 0, "dropped": 0, "scheduledBy": "manual"}
        self.assertEqual(expected, {name: task[name] for name in expected})
        for name in ("description", "teamId", "assigneeAgentId", "parentTaskId", "verification", "completedAt"):
            self.assertIsNone(task[name], name)
        self.assertEqual(self.task(self.client, task["id"]), task)

    def test_keeps_what_it_is_given(self):
        parent = self.create(self.client, "parent")
        given = {
            "title": "Grüße\n\"quoted\" \\ 🚀",
            "description": "",
            "status": "backlog",
            "priority": -3,
            "teamId": "team",
            "assigneeRuntime": "codex",
            "parentTaskId": parent["id"],
            "sourceDelegationId": "d",
            "tenantId": "t",
        }
        task = self.answers(self.client.post("/api/board", given), 200)["task"]
        self.assertEqual({name: task[name] for name in given}, given)

    def test_a_wrong_body_names_the_field_and_leaves_no_task(self):
        for field, value in (
            ("title", ""),
            ("title", "x" * 501),
            ("title", None),
            ("title", 5),
            ("description", "x" * 20_001),
            ("status", "open"),
            ("priority", 1.5),
            ("priority", "high"),
            ("teamId", ""),
        ):
            with self.subTest(field=field, value=str(value)[:10]):
                self.refuses_field(self.client.post("/api/board", {"title": "x", field: value}), field)
        self.refuses_field(self.client.post("/api/board", {}), "title")
        self.assertEqual(self.titles(), [])

    def test_a_title_is_measured_in_utf16_units(self):
        self.create(self.client, "🚀" * 250)
        self.refuses_field(self.client.post("/api/board", {"title": "🚀" * 251}), "title")

    def test_an_array_is_not_a_body(self):
        details = self.answers(self.client.post("/api/board", []), 400, error="invalid body")["details"]
        self.assertEqual(len(details["formErrors"]), 1)

    def test_an_unknown_parent_is_404(self):
        self.answers(self.client.post("/api/board", {"title": "x", "parentTaskId": "nobody"}), 404)
        self.assertEqual(self.titles(), [])


class Read(BoardCase):
    def test_a_task_comes_with_comments_and_ancestors(self):
        grandparent = self.create(self.client, "grandparent")
        parent = self.create(self.client, "parent", parentTaskId=grandparent["id"])
        child = self.create(self.client, "child", parentTaskId=parent["id"])
        for body in ("one", "two", "three"):
            self.answers(self.client.post(f"/api/board/{child['id']}/comments", {"body": body}), 200)
        detail = self.answers(self.client.get(f"/api/board/{child['id']}"), 200)
        self.assertEqual([c["body"] for c in detail["comments"]], ["one", "two", "three"])
        ancestors = {a["title"]: a for a in detail["ancestors"]}
        self.assertEqual(set(ancestors), {"parent", "grandparent"})
        self.assertEqual(set(ancestors["parent"]), {"id", "parent_task_id", "title", "status"})
        self.assertEqual(ancestors["parent"]["parent_task_id"], grandparent["id"])

    def test_a_missing_task_is_404(self):
        self.answers(self.client.get("/api/board/nobody"), 404, error="task not found")

    def test_lists_newest_first_and_filters(self):
        for title, team in (("a", "red"), ("b", "blue"), ("c", "red")):
            self.create(self.client, title, teamId=team)
        self.create(self.client, "d", status="backlog", teamId="red")
        self.assertEqual(self.titles(), ["d", "c", "b", "a"])
        self.assertEqual(self.titles("?teamId=red"), ["d", "c", "a"])
        self.assertEqual(self.titles("?teamId=red&status=todo"), ["c", "a"])
        self.assertEqual(self.titles("?status=nonsense"), [])

    def test_ready_ones_come_by_priority(self):
        for title, priority in (("low", -1), ("high", 9), ("middle", 0)):
            self.create(self.client, title, priority=priority)
        self.create(self.client, "later", status="backlog")
        self.assertEqual(self.titles("?ready=true"), ["high", "middle", "low"])

    def test_pages_cover_the_list_once(self):
        titles = [f"t{n}" for n in range(7)]
        for title in titles:
            self.create(self.client, title)
        seen, cursor = [], ""
        while True:
            page = self.answers(self.client.get(f"/api/board?limit=3{cursor}"), 200)
            self.assertLessEqual(len(page["tasks"]), 3)
            seen += [task["title"] for task in page["tasks"]]
            if "nextCursor" not in page:
                break
            cursor = f"&cursor={page['nextCursor']}"
        self.assertEqual(seen, titles[::-1])

    def test_a_wrong_page_is_400(self):
        for query in ("limit=0", "limit=x", "limit=501", "cursor=x", "cursor=1.", "limit=99999999999999999999"):
            self.answers(self.client.get(f"/api/board?{query}"), 400)


class Transitions(BoardCase):
    def test_all_pairs(self):
        for before in STATUSES:
            for after in STATUSES:
                with self.subTest(before=before, after=after):
                    task = self.create(self.client, status=before)
                    reply = self.move(task["id"], after)
                    if after in MOVES[before]:
                        self.assertEqual(self.answers(reply, 200, ok=True)["task"]["status"], after)
                    elif after == before:
                        self.assertEqual(self.answers(reply, 200, ok=True)["task"], task)
                    else:
                        self.answers(reply, 409, ok=False, error="illegal_transition")
                        self.assertEqual(self.task(self.client, task["id"]), task)

    def test_todo_frees_the_task(self):
        task = self.create(self.client)
        self.answers(self.claim(task["id"], assigneeRuntime="codex"), 200)
        freed = self.answers(self.move(task["id"], "todo"), 200)["task"]
        self.assertIsNone(freed["assigneeAgentId"])
        self.assertIsNone(freed["assigneeRuntime"])
        self.answers(self.claim(task["id"], "bob"), 200)

    def test_the_end_is_stamped_and_stays(self):
        task = self.create(self.client, status="in_progress")
        done = self.answers(self.move(task["id"], "done"), 200)["task"]
        self.assertGreaterEqual(done["completedAt"], task["createdAt"])
        self.assertEqual(self.answers(self.move(task["id"], "done"), 200)["task"], done)

    def test_a_refused_status_leaves_the_other_fields_alone(self):
        task = self.create(self.client)
        self.answers(self.move(task["id"], "done", title="changed", priority=7), 409)
        self.assertEqual(self.task(self.client, task["id"]), task)

    def test_texts_and_priority_change_together(self):
        task = self.create(self.client)
        change = {"title": "new", "description": "words", "priority": 4}
        edited = self.answers(self.client.patch(f"/api/board/{task['id']}", change), 200, ok=True)["task"]
        self.assertEqual({name: edited[name] for name in change}, change)
        self.assertEqual(edited["createdAt"], task["createdAt"])

    def test_a_wrong_edit_is_400(self):
        task = self.create(self.client)
        path = f"/api/board/{task['id']}"
        self.refuses_field(self.client.patch(path, {"status": "finished"}), "status")
        self.refuses_field(self.client.patch(path, {"title": ""}), "title")
        self.refuses_field(self.client.patch(path, {"priority": "1"}), "priority")
        self.answers(self.client.patch(path, {}), 400, error="invalid body")
        self.answers(self.client.patch(path, {"unknown": 1}), 400, error="invalid body")
        self.assertEqual(self.task(self.client, task["id"]), task)

    def test_a_missing_task_is_404(self):
        self.answers(self.move("nobody", "done"), 404, ok=False, error="not_found")
        self.answers(self.client.patch("/api/board/nobody", {"title": "x"}), 404, error="task not found")


class Claim(BoardCase):
    def test_the_winner_owns_the_task(self):
        task = self.create(self.client)
        claimed = self.answers(self.claim(task["id"], "ann", assigneeRuntime="codex"), 200, ok=True)["task"]
        self.assertEqual(
            (claimed["status"], claimed["assigneeAgentId"], claimed["assigneeRuntime"]), ("in_progress", "ann", "codex")
        )
        self.assertEqual(self.task(self.client, task["id"]), claimed)

    def test_404_and_409_are_told_apart_and_say_why(self):
        self.answers(self.claim("nobody"), 404, ok=False, error="not_found")
        task = self.create(self.client)
        self.answers(self.claim(task["id"], "ann"), 200)
        again = self.answers(self.claim(task["id"], "ann"), 409, ok=False, error="conflict", reason="claimed")
        self.assertIn("ann", again["message"])
        backlog = self.create(self.client, status="backlog")
        self.answers(self.claim(backlog["id"]), 409, ok=False, error="conflict", reason="status")

    def test_needs_an_agent(self):
        task = self.create(self.client)
        path = f"/api/board/{task['id']}/claim"
        self.refuses_field(self.client.post(path, {}), "assigneeAgentId")
        self.refuses_field(self.client.post(path, {"assigneeAgentId": ""}), "assigneeAgentId")
        self.assertEqual(self.task(self.client, task["id"])["status"], "todo")

    def test_one_of_four_at_once_wins(self):
        agents = [f"agent-{n}" for n in range(4)]
        for round_number in range(10):
            task = self.create(self.client, f"race {round_number}")
            barrier = threading.Barrier(len(agents))

            def race(agent, task_id=task["id"], barrier=barrier):
                barrier.wait()
                return agent, self.claim(task_id, agent)

            with ThreadPoolExecutor(len(agents)) as pool:
                replies = list(pool.map(race, agents))
            winners = [agent for agent, reply in replies if reply.status == 200]
            self.assertEqual(len(winners), 1, [reply.body for _, reply in replies])
            for agent, reply in replies:
                if agent not in winners:
                    self.answers(reply, 409, ok=False, error="conflict", reason="claimed")
            self.assertEqual(self.task(self.client, task["id"])["assigneeAgentId"], winners[0])

    def test_a_new_owner_has_a_higher_fence_and_an_old_fence_is_refused(self):
        task = self.create(self.client)
        first = self.answers(self.claim(task["id"], "ann"), 200)["task"]["fence"]
        self.answers(self.move(task["id"], "todo"), 200)
        second = self.answers(self.claim(task["id"], "bob"), 200)["task"]["fence"]
        self.assertGreater(second, first)
        self.answers(self.move(task["id"], "done", fence=first), 409, error="stale_fence")
        self.answers(self.move(task["id"], "done", fence=second), 200)


class Comments(BoardCase):
    def test_a_comment_is_kept(self):
        task = self.create(self.client)
        path = f"/api/board/{task['id']}/comments"
        comment = self.answers(self.client.post(path, {"body": "hi", "authorAgentId": "ann"}), 200, ok=True)["comment"]
        self.assertEqual(
            set(comment), {"id", "taskId", "authorAgentId", "authorType", "body", "tenantId", "createdAt"}
        )
        self.assertEqual((comment["taskId"], comment["authorType"]), (task["id"], "agent"))
        self.assertEqual(self.client.get(f"/api/board/{task['id']}").json["comments"], [comment])

    def test_a_wrong_one_is_refused(self):
        path = f"/api/board/{self.create(self.client)['id']}/comments"
        self.refuses_field(self.client.post(path, {"body": ""}), "body")
        self.refuses_field(self.client.post(path, {"body": "x" * 20_001}), "body")
        self.refuses_field(self.client.post(path, {"body": "x", "authorType": "robot"}), "authorType")

    def test_a_missing_task_is_404(self):
        self.answers(self.client.post("/api/board/nobody/comments", {"body": "x"}), 404, error="task not found")


class Executions(BoardCase):
    def test_opened_listed_closed_once(self):
        task = self.create(self.client)
        path = f"/api/board/{task['id']}/executions"
        opened = self.answers(self.client.post(path, {"executorType": "mine", "runReason": "why"}), 200)["execution"]
        self.assertEqual((opened["status"], opened["executorType"], opened["recoveryTombstone"]), ("running", "mine", 0))
        close = f"/api/board/executions/{opened['id']}"
        end = {"status": "succeeded", "summary": "fine", "inputTokens": 5, "costUsd": 0.25, "afterCommit": "abc"}
        self.answers(self.client.patch(close, end), 200, ok=True)
        self.answers(self.client.patch(close, {"status": "failed"}), 404, error="execution not found")
        (row,) = self.answers(self.client.get(path), 200, ok=True)["executions"]
        self.assertEqual({name: row[name] for name in end}, end)
        self.assertIsNone(row["outputTokens"])
        self.assertIsNotNone(row["completedAt"])
        self.assertEqual(self.task(self.client, task["id"])["status"], "todo")

    def test_an_old_fence_closes_nothing(self):
        task = self.answers(self.claim(self.create(self.client)["id"], "ann"), 200)["task"]
        opened = self.client.post(f"/api/board/{task['id']}/executions", {"executorType": "mine"}).json["execution"]
        close = f"/api/board/executions/{opened['id']}"
        late = {"status": "failed", "fence": task["fence"] - 1}
        self.assertEqual(self.answers(self.client.patch(close, late), 409, error="stale_fence")["fence"], task["fence"])
        self.answers(self.client.patch(close, {"status": "succeeded", "fence": task["fence"]}), 200, ok=True)

    def test_wrong_ones_are_refused(self):
        path = f"/api/board/{self.create(self.client)['id']}/executions"
        self.refuses_field(self.client.post(path, {}), "executorType")
        self.refuses_field(self.client.post(path, {"executorType": "x" * 101}), "executorType")
        self.answers(self.client.post(path, {"executorType": "x", "workspaceId": "nothing"}), 404)
        self.answers(self.client.post("/api/board/nobody/executions", {"executorType": "x"}), 404, error="task not found")
        self.answers(self.client.get("/api/board/nobody/executions"), 404, error="task not found")
        self.answers(self.client.patch("/api/board/executions/none", {"status": "failed"}), 404)
        opened = self.client.post(path, {"executorType": "x"}).json["execution"]
        self.refuses_field(self.client.patch(f"/api/board/executions/{opened['id']}", {"status": "running"}), "status")


class Dependencies(BoardCase):
    def test_a_task_is_ready_when_its_blockers_are_done(self):
        first, second = self.create(self.client, "first"), self.create(self.client, "second")
        self.answers(self.link(second, first), 200, ok=True)
        self.answers(self.link(second, first), 200, ok=True)
        self.assertEqual(self.titles("?ready=true"), ["first"])
        self.answers(self.claim(second["id"]), 409, error="conflict", reason="dependencies")
        self.answers(self.claim(first["id"]), 200)
        self.answers(self.move(first["id"], "done"), 200)
        self.assertEqual(self.titles("?ready=true"), ["second"])
        self.answers(self.claim(second["id"]), 200)

    def test_a_cycle_is_refused(self):
        a, b, c = (self.create(self.client, title) for title in "abc")
        self.answers(self.link(a, b), 200)
        self.answers(self.link(b, c), 200)
        self.answers(self.link(c, a), 409, ok=False, error="task_dependency_cycle")
        self.answers(self.link(a, a), 409, ok=False, error="task_dependency_cycle")
        self.assertEqual(self.titles("?ready=true"), ["c"])

    def test_both_ends_must_be_there(self):
        a, nobody = self.create(self.client), {"id": "nobody"}
        self.answers(self.link(a, nobody), 404, error="task not found")
        self.answers(self.link(nobody, a), 404, error="task not found")
        self.refuses_field(self.client.post(f"/api/board/{a['id']}/deps", {}), "dependsOnTaskId")

    def test_cancels_what_waits_and_has_not_begun(self):
        root, begun, waiting, behind = (self.create(self.client, t) for t in ("root", "begun", "waiting", "behind"))
        for task, depends_on in ((begun, root), (waiting, root), (behind, begun)):
            self.answers(self.link(task, depends_on), 200)
        self.answers(self.move(begun["id"], "in_progress"), 200)
        reply = self.client.post(f"/api/board/{root['id']}/cancel-dependents")
        cancelled = self.answers(reply, 200)["cancelled"]
        self.assertEqual({(c["id"], c["title"]) for c in cancelled}, {(t["id"], t["title"]) for t in (waiting, behind)})
        self.assertEqual(self.task(self.client, begun["id"])["status"], "in_progress")
        self.assertEqual(self.task(self.client, root["id"])["status"], "todo")
        self.answers(self.client.post("/api/board/nobody/cancel-dependents"), 404, error="task not found")


class Durability(DaemonCase):
    def test_what_was_answered_survives_a_kill(self):
        daemon = self.daemon(name="kill").start()
        task = self.create(daemon.client, "kept")
        daemon.client.post(f"/api/board/{task['id']}/claim", {"assigneeAgentId": "ann"})
        daemon.kill()
        kept = self.task(daemon.start().client, task["id"])
        self.assertEqual((kept["title"], kept["assigneeAgentId"], kept["status"]), ("kept", "ann", "in_progress"))
