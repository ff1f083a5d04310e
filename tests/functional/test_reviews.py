"""A commit of a task, checked out for somebody who looks at it, apart from the worktree in which work goes on."""

from pathlib import Path

from harness import WorktreeCase


class Reviews(WorktreeCase):
    def open(self, **fields) -> dict:
        return self.answers(self.client.post(f"{self.path}/reviews", fields), 200, ok=True)["review"]

    def close(self, review: dict, status: int = 200):
        self.answers(self.client.delete(f"{self.path}/reviews/{review['id']}"), status)

    def worktrees(self) -> int:
        return len(self.user.git("worktree", "list").splitlines())

    def test_shows_a_commit_apart_from_the_work(self):
        self.write("src/sum.txt", "2\n")
        self.user.git("commit", "-qam", "by hand", cwd=self.tree)
        head = self.user.git("rev-parse", "HEAD", cwd=self.tree)
        review = self.open()
        path = Path(review["path"])
        self.assertEqual((review["commit"], review["detached"], review["id"]), (head, True, head[:12]))
        self.assertEqual(path.parent.parent, (self.daemons[0].state / "reviews").resolve())
        self.assertEqual((path / "src/sum.txt").read_text(), "2\n")
        self.assertEqual(self.user.git("status", "--porcelain", cwd=path), "")
        (path / "src/sum.txt").write_text("tried something\n")
        self.assertEqual((self.tree / "src/sum.txt").read_text(), "2\n")
        self.close(review)
        self.assertFalse(path.exists())
        self.assertEqual(self.worktrees(), 2)
        self.close(review, 404)

    def test_each_caller_has_one_of_its_own(self):
        one, two = self.open(commit="main"), self.open(commit="main")
        self.assertEqual(two["id"], one["id"] + ".2")
        self.close(one)
        self.assertTrue((Path(two["path"]) / "README.md").is_file())

    def test_refusals(self):
        self.answers(self.client.post(f"{self.path}/reviews", {"commit": "nope"}), 422, error="bad_ref")
        self.answers(self.client.post(f"{self.path}/reviews", {"commit": 5}), 400)
        self.answers(self.client.post("/api/board/none/workspace/reviews", {}), 404)
        for name in ("none", "..", "%2e%2e%2fworktrees", ".orphans"):
            self.assertEqual(self.client.delete(f"{self.path}/reviews/{name}").status, 404, name)
        for _ in range(16):
            self.open(commit="main")
        self.answers(self.client.post(f"{self.path}/reviews", {"commit": "main"}), 409, error="too_many_reviews")

    def test_none_outlives_the_daemon(self):
        path = Path(self.open()["path"])
        self.daemons[0].kill()
        self.client = self.daemons[0].start().client
        self.assertFalse(path.exists())
        self.assertEqual(self.worktrees(), 2)
        self.assertTrue((self.tree / "README.md").is_file())
