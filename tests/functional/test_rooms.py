"""Rooms: the board tells a team what happens to its tasks, and agents talk; talk changes nothing."""

from harness import BoardCase

POST_FIELDS = {"id", "roomId", "teamId", "authorAgentId", "body", "kind", "createdAt", "seq"}


class Rooms(BoardCase):
    def room(self, query="teamId=red"):
        return self.answers(self.client.get(f"/api/team-chat?{query}"), 200)

    def say(self, body):
        return self.client.post("/api/team-chat", {"teamId": "red", "authorAgentId": "ann", "body": body})

    def test_a_post_is_kept(self):
        post = self.answers(self.say("Grüße 🚀"), 200, ok=True)["post"]
        self.assertEqual(set(post), POST_FIELDS)
        expected = {"roomId": "team:red", "teamId": "red", "authorAgentId": "ann", "body": "Grüße 🚀", "kind": "message"}
        self.assertEqual({name: post[name] for name in expected}, expected)
        self.assertEqual(self.room(), {"roomId": "team:red", "posts": [post], "nextSeq": post["seq"]})
        self.assertEqual(self.room("roomId=team:red")["posts"], [post])
        self.assertEqual(self.room("teamId=blue"), {"roomId": "team:blue", "posts": [], "nextSeq": 0})

    def test_pages_go_on_where_the_last_one_ended(self):
        for n in range(5):
            self.answers(self.say(f"p{n}"), 200)
        seen, since = [], 0
        while posts := (page := self.room(f"teamId=red&limit=2&sinceSeq={since}"))["posts"]:
            self.assertLessEqual(len(posts), 2)
            seen += [post["body"] for post in posts]
            since = page["nextSeq"]
        self.assertEqual(seen, [f"p{n}" for n in range(5)])
        self.assertEqual(self.room(f"teamId=red&sinceSeq={since}")["nextSeq"], since)

    def test_the_board_tells_the_team(self):
        blocker, task = self.create(self.client, "wait", teamId="red"), self.create(self.client, "work", teamId="red")
        self.create(self.client, "no team")
        path = f"/api/board/{task['id']}"
        self.answers(self.client.post(f"{path}/comments", {"body": "x" * 200, "authorAgentId": "ann"}), 200)
        self.answers(self.client.post(f"{path}/comments", {"body": "hi", "authorType": "user"}), 200)
        self.answers(self.link(task, blocker), 200)
        self.answers(self.claim(task["id"], "bob", ignoreDependencies=True), 200)
        self.answers(self.move(task["id"], "in_review"), 200)
        posts = self.room()["posts"]
        self.assertEqual({(post["authorAgentId"], post["kind"]) for post in posts}, {("clawboo", "system")})
        bodies = [post["body"] for post in posts]
        self.assertEqual(bodies[:2], [f'ann on "work": {"x" * 160}', 'user on "work": hi'])
        self.assertEqual(len(bodies), 5)
        self.assertTrue(all("work" in body for body in bodies))

    def test_talk_changes_no_task(self):
        task = self.create(self.client, teamId="red")
        self.answers(self.say(f'/done {task["id"]} {{"status":"done"}}'), 200)
        self.assertEqual(self.task(self.client, task["id"]), task)
        self.assertEqual(self.event_kinds(task["id"]), ["task_created"])

    def test_wrong_questions_are_400(self):
        for query in ("", "teamId=", "sinceSeq=1"):
            reply = self.client.get(f"/api/team-chat?{query}")
            self.assertEqual(self.answers(reply, 400), {"error": "teamId or roomId is required"})
        for query in ("teamId=blue", "limit=0", "limit=1001", "limit=x", "sinceSeq=-1", "sinceSeq=1.5"):
            self.answers(self.client.get(f"/api/team-chat?teamId=red&{query}"), 400)

    def test_wrong_posts_are_refused(self):
        for field, value in (
            ("teamId", ""),
            ("teamId", None),
            ("teamId", "x" * 201),
            ("authorAgentId", ""),
            ("authorAgentId", "x" * 201),
            ("authorAgentId", "clawboo"),
            ("body", ""),
            ("body", "x" * 20_001),
            ("body", {"text": "x"}),
        ):
            with self.subTest(field=field, value=str(value)[:10]):
                body = {"teamId": "red", "authorAgentId": "ann", "body": "x", field: value}
                self.refuses_field(self.client.post("/api/team-chat", body), field)
        self.assertEqual(self.room()["posts"], [])
