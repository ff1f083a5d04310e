"""Repositories as users have them: a task lives in each, and the user's side of it stays as it was."""

import os
import subprocess
import time
from pathlib import Path

from harness import Repo
from harness.odd_repo import OddRepoCase

HOOKS = ("pre-commit", "commit-msg", "post-commit", "post-checkout", "prepare-commit-msg", "reference-transaction")
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "4d7a" * 16 + "\nsize 12345\n"
ODD_NAMES = [b"a b", b"it's", b'"quoted"', b"two\nlines", b"tab\tbed", b"not utf-8 \xff\xfe", b"-rf", b":(top)x", b"back\\slash"]


class Settings(OddRepoCase):
    def test_no_name_of_the_user(self):
        user = self.repo()
        user.git("config", "user.useConfigOnly", "true")
        self.lives(user.path)

    def test_commits_that_must_be_signed(self):
        user = self.repo()
        for name, value in (("commit.gpgsign", "true"), ("tag.gpgsign", "true"), ("gpg.program", "/bin/false")):
            user.git("config", name, value)
        self.lives(user.path)

    def test_hooks_that_fail(self):
        user = self.repo()
        for hook in HOOKS:
            script = user.path / ".git/hooks" / hook
            script.parent.mkdir(exist_ok=True)
            script.write_text(f"#!/bin/sh\ntouch {self.directory}/hook-ran\nexit 1\n")
            script.chmod(0o755)
        self.lives(user.path)
        self.assertFalse((self.directory / "hook-ran").exists())

    def test_line_ends_that_are_converted(self):
        user = self.repo()
        user.git("config", "core.autocrlf", "true")
        user.git("config", "core.safecrlf", "true")
        tree = self.lives(user.path)
        self.assertIn(b"\r\n", (tree / "README.md").read_bytes())  # what the repository asks for
        self.assertNotIn(b"\r", (tree / "init.sh").read_bytes())  # what a shell can run
        self.assertEqual(user.git("show", "HEAD:README.md", cwd=tree), "hello\nedited")

    def test_pointers_of_lfs_without_lfs(self):
        user = self.repo({"README.md": "hello\n", ".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "big.bin": POINTER})
        tree = self.lives(user.path)
        self.assertEqual((tree / "big.bin").read_text(), POINTER)
        self.assertEqual(user.git("show", "HEAD:big.bin", cwd=tree), POINTER.strip())


class Locks(OddRepoCase):
    def test_a_lock_left_in_the_users_index(self):
        user = self.repo()
        (user.path / ".git/index.lock").touch()
        self.lives(user.path)
        self.assertTrue((user.path / ".git/index.lock").exists())

    def lock_of(self, user: Repo, tree: Path) -> Path:
        return Path(user.git("rev-parse", "--absolute-git-dir", cwd=tree)) / "index.lock"

    def test_a_new_lock_in_the_worktree_is_respected(self):
        user = self.repo()
        tree = self.begin(user.path)
        (tree / "README.md").write_text("half done\n")
        self.lock_of(user, tree).touch()
        refused = self.act("pause", 409)
        self.assertEqual(refused["error"], "git_locked")
        self.assertEqual((tree / "README.md").read_text(), "half done\n")
        self.lock_of(user, tree).unlink()
        self.assertTrue(self.act("pause")["pause"]["committed"])

    def test_an_old_one_does_not_keep_the_work_from_being_saved(self):
        user = self.repo()
        tree = self.begin(user.path)
        (tree / "README.md").write_text("half done\n")
        lock = self.lock_of(user, tree)
        lock.touch()
        an_hour_ago = time.time() - 3600
        os.utime(lock, (an_hour_ago, an_hour_ago))
        self.assertTrue(self.act("pause")["pause"]["committed"])
        self.assertEqual((self.provision() / "README.md").read_text(), "half done\n")


class Shapes(OddRepoCase):
    def test_without_a_commit(self):
        path = self.directory / "unborn"
        path.mkdir()
        self.run_git(path, "init", "--quiet")
        task = self.create(self.client)
        reply = self.client.post(f"/api/board/{task['id']}/workspace", {"repoPath": str(path)})
        self.assertIn("no commit yet", self.answers(reply, 422, error="no_commits")["message"])
        self.assertEqual(self.run_git(path, "worktree", "list").count(b"\n"), 1)

    def test_bare(self):
        bare = self.directory / "bare.git"
        self.repo().git("clone", "--quiet", "--bare", ".", str(bare))
        self.lives(bare)

    def test_a_linked_worktree(self):
        user = self.repo()
        linked = self.directory / "linked"
        user.git("worktree", "add", "--quiet", "-b", "topic", str(linked))
        (linked / "README.md").write_text("the user is at work here\n")
        main = self.state_of(user.path)
        self.lives(linked)
        self.assertEqual(self.state_of(user.path), main)

    def with_submodule(self) -> Repo:
        inner = self.repo(name="inner")
        outer = self.repo({"README.md": "outer\n"}, name="outer")
        self.run_git(outer.path, "submodule", "--quiet", "add", str(inner.path), "lib/inner")
        outer.commit({}, "with a submodule")
        return outer

    def test_a_submodule(self):
        outer = self.with_submodule()
        before = self.state_of(outer.path)
        self.lives(outer.path / "lib/inner")
        self.assertEqual(self.state_of(outer.path), before)

    def test_with_submodules(self):
        outer = self.with_submodule()
        tree = self.lives(outer.path)
        self.assertEqual(list((tree / "lib/inner").iterdir()), [])
        self.assertEqual(outer.git("ls-tree", "HEAD", "lib/inner", cwd=tree).split()[1], "commit")

    def test_sparse(self):
        user = self.repo({"README.md": "hello\n", "kept/a.txt": "a\n", "left-out/b.txt": "b\n"})
        user.git("sparse-checkout", "set", "--cone", "kept")
        tree = self.lives(user.path, new="kept/new.txt")
        self.assertFalse((tree / "left-out").exists())
        self.assertEqual(user.git("show", "HEAD:left-out/b.txt", cwd=tree), "b")

    def test_work_where_a_sparse_checkout_does_not_look(self):
        user = self.repo({"README.md": "hello\n", "kept/a.txt": "a\n", "left-out/b.txt": "b\n"})
        user.git("sparse-checkout", "set", "--cone", "kept")
        tree = self.begin(user.path)
        (tree / "elsewhere").mkdir()
        (tree / "elsewhere/new.txt").write_text("brand new\n")
        self.act("pause")
        self.provision()
        detail = self.detail()  # it is left out of the checkout, as the user's own would be, not of the work
        self.assertEqual((detail["diffStat"]["filesChanged"], "+brand new" in detail["diff"]), (1, True))
        self.assertEqual(user.git("show", "HEAD:elsewhere/new.txt", cwd=tree), "brand new")

    def test_sparse_without_our_names(self):
        user = self.repo({"README.md": "hello\n", "left-out/b.txt": "b\n"})
        user.git("sparse-checkout", "set", "--no-cone", "/README.md")
        before = self.state_of(user.path)
        tree = self.begin(user.path)
        self.assertTrue((tree / "TASK.md").is_file() and (tree / "init.sh").is_file())
        (tree / "README.md").write_text("edited\n")
        self.act("pause")
        self.provision()
        self.assertEqual(self.detail()["diffStat"]["filesChanged"], 1)
        self.assertEqual(user.git("show", "HEAD:left-out/b.txt", cwd=tree), "b")
        self.assertEqual(self.state_of(user.path), before)

    def test_fifty_thousand_files(self):
        path = self.directory / "large"
        path.mkdir()
        self.run_git(path, "init", "--quiet", "--initial-branch=main")
        files = "".join(f"M 100644 inline d{n % 500}/f{n}\ndata 2\n{n % 10}\n" for n in range(50_000))
        stream = f"commit refs/heads/main\ncommitter u <u@localhost> 1 +0000\ndata 1\nx\n{files}M 100644 inline README.md\ndata 6\nhello\n"
        subprocess.run(["git", "fast-import", "--quiet"], cwd=path, input=stream.encode(), check=True, timeout=60)
        self.run_git(path, "reset", "--quiet", "--hard")
        self.lives(path)


class Names(OddRepoCase):
    def test_a_path_with_blanks_quotes_and_a_newline(self):
        for name in ("two words", "it's \"quoted\"", "two\nlines", "-dash", "back\\slash $HOME `x` *"):
            with self.subTest(name=name):
                self.lives(self.repo(name=name).path)

    def test_a_path_that_json_cannot_carry(self):
        odd = os.fsencode(self.directory) + b"/not utf-8 \xff"
        os.rename(self.repo(name="plain").path, odd)
        task = self.create(self.client)
        body = b'{"repoPath":"' + odd + b'"}'
        for literal in (body, body.replace(b"\xff", b"\\udcff")):
            reply = self.client.request("POST", f"/api/board/{task['id']}/workspace", literal)
            self.answers(reply, 400, error="invalid body")
        link = self.directory / "link"  # the way to work there
        link.symlink_to(os.fsdecode(odd))
        self.lives(link)

    def test_odd_names_of_files(self):
        user = self.repo()
        for name in ODD_NAMES:
            Path(os.fsdecode(os.fsencode(user.path) + b"/" + name)).write_bytes(b"theirs\n")
        user.commit({}, "odd names")
        tree = self.begin(user.path)
        for name in ODD_NAMES:
            Path(os.fsdecode(os.fsencode(tree) + b"/" + name)).write_bytes(b"theirs\nedited\n")
            Path(os.fsdecode(os.fsencode(tree) + b"/new-" + name)).write_bytes(b"brand new \xff\n")
        detail = self.detail()
        self.assertEqual(detail["diffStat"]["filesChanged"], 2 * len(ODD_NAMES), detail["diff"])
        self.assertEqual(detail["diff"].count("+edited"), len(ODD_NAMES))
        self.assertEqual(detail["diff"].count("+brand new"), len(ODD_NAMES))
        self.act("pause")
        self.provision()
        for name in ODD_NAMES:
            self.assertEqual(Path(os.fsdecode(os.fsencode(tree) + b"/" + name)).read_bytes(), b"theirs\nedited\n")
            self.assertEqual(Path(os.fsdecode(os.fsencode(tree) + b"/new-" + name)).read_bytes(), b"brand new \xff\n")
        self.assertEqual(self.detail()["diffStat"]["filesChanged"], 2 * len(ODD_NAMES))
        self.assertEqual(self.act("complete")["taskStatus"], "done")
