"""What `GET …/workspace/detail` says was done: committed or not, tracked or not, of any kind and size."""

from harness import WorktreeCase


class Diff(WorktreeCase):
    def detail(self) -> tuple[dict, str]:
        body = self.answers(self.client.get(f"{self.path}/detail"), 200)
        return body["diffStat"], body["diff"]

    def stat(self, files: int, insertions: int, deletions: int) -> dict:
        return {"filesChanged": files, "insertions": insertions, "deletions": deletions, "dirty": files > 0}

    def test_nothing_is_nothing(self):
        self.assertEqual(self.detail(), (self.stat(0, 0, 0), ""))

    def test_committed_uncommitted_and_untracked_count_alike(self):
        self.write("src/sum.txt", "2\n")
        self.user.git("commit", "-qam", "by hand", cwd=self.tree)
        self.write("README.md", "hello\nthere\n")
        self.write("new.txt", "new\n")
        stat, text = self.detail()
        self.assertEqual(stat, self.stat(3, 3, 1))
        for line in ("+2", "-1", "+there", "+new", "+++ b/new.txt"):
            self.assertIn(line, text)

    def test_each_file_of_an_untracked_tree(self):
        for number in range(30):
            self.write(f"made/{number % 3}/deep/{number}.txt", f"file {number}\n")
        stat, text = self.detail()
        self.assertEqual(stat, self.stat(30, 30, 0))
        for number in range(30):
            self.assertIn(f"+file {number}\n", text)

    def test_a_binary_one_is_named(self):
        self.write("picture.bin", bytes(range(256)) * 10)
        stat, text = self.detail()
        self.assertEqual(stat, self.stat(1, 0, 0))
        self.assertIn("Binary files /dev/null and b/picture.bin differ", text)

    def test_a_large_one_is_cut_with_a_mark(self):
        self.write("large.txt", "a line of some length\n" * 500_000)
        stat, text = self.detail()
        self.assertEqual(stat, self.stat(1, 500_000, 0))
        self.assertLess(len(text), 1024 * 1024 + 200)
        self.assertRegex(text, r"\n\[the diff is longer than \d+ bytes: cut here\]\n$")

    def test_a_link_is_shown_and_not_followed(self):
        secret = self.directory / "secret"
        secret.write_text("not for the diff\n")
        (self.tree / "link").symlink_to(secret)
        stat, text = self.detail()
        self.assertEqual(stat, self.stat(1, 1, 0))
        self.assertIn(f"+{secret}", text)
        self.assertNotIn("not for the diff", text)

    def test_a_name_with_a_newline(self):
        self.write("two\nlines.txt", "odd\n")
        stat, text = self.detail()
        self.assertEqual(stat, self.stat(1, 1, 0))
        self.assertIn('"b/two\\nlines.txt"', text)

    def test_bytes_that_are_no_text(self):
        self.write("latin.txt", b"caf\xe9\n")
        stat, text = self.detail()
        self.assertEqual(stat, self.stat(1, 1, 0))
        self.assertIn("+caf\ufffd", text)

    def test_what_a_killed_daemon_was_about_to_write_is_no_work(self):
        for name in ("AGENT_HANDOFF.json", "VERIFICATION.md"):
            self.write(f".baton-new-{name}", "half")
        self.assertEqual(self.detail(), (self.stat(0, 0, 0), ""))
        self.assertEqual(list(self.tree.glob(".baton*")), [])

    def test_detached_is_told(self):
        again = {"repoPath": str(self.user.path)}
        self.assertFalse(self.answers(self.client.post(self.path, again), 200)["worktree"]["detached"])
        self.user.git("checkout", "-q", "--detach", cwd=self.tree)
        self.assertTrue(self.answers(self.client.post(self.path, again), 200)["worktree"]["detached"])
