"""The include lint, tested: it is silent about a good tree and names each kind of bad include."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

LINT = Path(__file__).with_name("check_layers.py")
LAYERS = "base:\nplugin-api:\nstore: base\nboard: base store\nhttp: base\napp: everything above\nplugins: plugin-api\n"


class CheckLayers(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.root = Path(self.directory.name)
        self.write("daemon/layers.txt", LAYERS)
        self.write("daemon/base/text.hpp", "#include <string>\n")
        self.write("plugins/one/plugin.cpp", '#include <baton/plugin.h>\n#include "lines.hpp"\n')
        self.write("plugins/one/lines.hpp", "")
        self.write("store/tx.hpp", '#include "base/text.hpp"\n')
        self.write("daemon/board/claim.cpp", '#include "board/claim.hpp"\n#include "store/tx.hpp"\n')
        self.write("daemon/app/main.cpp", '#include "board/claim.hpp"\n')

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def lint(self, *arguments):
        return subprocess.run(
            [sys.executable, LINT, "--root", self.root, *arguments], capture_output=True, text=True, timeout=60
        )

    def refuses(self, name, text, *words):
        self.write(name, text)
        result = self.lint()
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        for word in words:
            self.assertIn(word, result.stdout)

    def test_is_silent_about_a_good_tree(self):
        result = self.lint()
        self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)

    def test_refuses_a_layer_that_the_table_does_not_name(self):
        self.refuses("daemon/board/bad.cpp", '\n#include "http/server.hpp"\n', "daemon/board/bad.cpp:2:", "http")

    def test_refuses_an_include_upwards(self):
        self.refuses("daemon/base/bad.hpp", '#  include "board/claim.hpp"\n', "daemon/base/bad.hpp:1:", "board")

    def test_refuses_a_bare_file_name_in_the_daemon(self):
        self.refuses("daemon/board/bad.cpp", '#include "claim.hpp"\n', "does not begin with the name of a layer")

    def test_refuses_to_climb_out_of_a_folder(self):
        self.refuses("daemon/board/bad.cpp", '#include "../http/server.hpp"\n', "climbs out")

    def test_refuses_the_daemon_in_a_plugin(self):
        self.refuses("plugins/one/bad.cpp", '#include "base/text.hpp"\n', "plugins/one/bad.cpp:1:")

    def test_refuses_another_plugins_file(self):
        self.write("plugins/two/other.hpp", "")
        self.refuses("plugins/one/bad.cpp", '#include "two/other.hpp"\n', "plugins/one/bad.cpp:1:")

    def test_refuses_a_library_outside_its_folder(self):
        self.refuses("daemon/board/bad.cpp", "#include <sqlite3.h>\n", "board must not include <sqlite3.h>")

    def test_refuses_what_brings_boost_asio_in(self):
        self.refuses("daemon/http/bad.cpp", "#include <boost/beast.hpp>\n", "Boost.Asio")

    def test_refuses_a_folder_without_a_line(self):
        self.refuses("daemon/stray/bad.cpp", "", "daemon/stray: has sources and no line")

    def test_refuses_a_table_that_looks_downwards(self):
        self.refuses("daemon/layers.txt", "base: board\nboard:\n", "base names board, which has no line above it")

    def test_compares_its_table_with_the_builds(self):
        self.write("same.txt", "base:\nplugin-api:\nstore: base\nboard: base store\nhttp: base\n"
                   "app: base plugin-api store board http\nplugins: plugin-api\n")
        self.assertEqual(self.lint("--cmake", self.root / "same.txt").returncode, 0)
        self.write("other.txt", "base:\n")
        self.assertEqual(self.lint("--cmake", self.root / "other.txt").returncode, 1)


if __name__ == "__main__":
    unittest.main()
