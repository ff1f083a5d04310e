"""The lint of the tree's shape, tested on small trees."""

import tempfile
import unittest
from pathlib import Path

from check_tree import check


class CheckTree(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.root = Path(self.directory.name)
        self.write("daemon/README.md", "map\n")
        self.write("daemon/board/README.md", "rules\n")
        self.write("daemon/board/claim.cpp", "int x;\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def test_is_silent_about_a_good_tree(self):
        self.write("build/release/made.cpp", "// TODO\n")
        self.assertEqual(check(self.root), ([], []))

    def test_refuses_a_file_that_is_too_long(self):
        self.write("daemon/board/claim.cpp", "\n" * 501)
        self.assertEqual(check(self.root)[0], ["daemon/board/claim.cpp: 501 lines, more than 500"])

    def test_mentions_a_long_file(self):
        self.write("daemon/board/claim.cpp", "\n" * 301)
        problems, remarks = check(self.root)
        self.assertEqual(problems, [])
        self.assertIn("daemon/board/claim.cpp: 301 lines", remarks[0])

    def test_refuses_a_folder_without_a_readme(self):
        self.write("daemon/http/server.cpp", "")
        self.assertEqual(check(self.root)[0], ["daemon/http: has no README.md"])

    def test_refuses_a_readme_that_is_too_long(self):
        self.write("daemon/board/README.md", "line\n" * 41)
        self.assertEqual(check(self.root)[0], ["daemon/board/README.md: 41 lines, more than 40"])

    def test_refuses_a_path_in_a_document_that_leads_nowhere(self):
        self.write("daemon/README.md", "`board/claim.cpp`, `daemon/board/claim.cpp`, `TASK.md`, `board/gone.cpp`\n")
        self.assertEqual(check(self.root)[0], ["daemon/README.md: there is no `board/gone.cpp`"])

    def test_refuses_what_is_left_to_do(self):
        self.write("daemon/board/claim.cpp", "int kTodo;\n// FIXME later\n")
        self.assertEqual(check(self.root)[0], ["daemon/board/claim.cpp:2: // FIXME later"])


if __name__ == "__main__":
    unittest.main()
