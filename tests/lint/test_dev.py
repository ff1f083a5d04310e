"""The set-up of ./dev, with stand-ins for dpkg-query, apt-get and sudo that note how they were called."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# Everything is installed but what $MISSING names; $EXTRA is there besides.
DPKG_QUERY = """#!/bin/bash
package=${!#}
if [[ $package == *'*'* ]]; then
  [[ -n ${EXTRA:-} ]] && echo "installed $EXTRA"
  exit 0
fi
[[ " ${MISSING:-} " == *" $package "* ]] && exit 1
echo -n installed
"""
NOTE = '#!/bin/bash\necho "$(basename "$0") $*" >> "$CALLS"\n'
SUDO = '#!/bin/bash\nexec "$@"\n'


class DevSetup(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.bin = Path(self.directory.name)
        self.calls = self.bin / "calls"
        self.stand_in("dpkg-query", DPKG_QUERY)
        self.stand_in("apt-get", NOTE)
        self.stand_in("sudo", SUDO)

    def stand_in(self, name, text):
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)

    def dev(self, *arguments, **environment):
        path = environment.pop("PATH", f"{self.bin}:{os.environ['PATH']}")
        return subprocess.run(
            [ROOT / "dev", *arguments],
            env={"PATH": path, "HOME": self.directory.name, "CALLS": str(self.calls), **environment},
            capture_output=True,
            text=True,
            timeout=60,
        )

    def noted(self):
        return self.calls.read_text().splitlines() if self.calls.exists() else []

    def test_leaves_apt_alone_when_nothing_is_missing(self):
        result = self.dev("setup", "build", "lint")
        self.assertEqual((result.returncode, self.noted()), (0, []), result.stderr)

    def test_installs_just_what_is_missing(self):
        result = self.dev("setup", MISSING="libasio-dev cmake")
        self.assertEqual(result.returncode, 0, result.stderr)
        update, install = self.noted()
        self.assertEqual(update, "apt-get update -q")
        self.assertTrue(install.endswith(" cmake libasio-dev"), install)
        self.assertIn("--no-remove --no-install-recommends", install)

    def test_refuses_to_replace_another_boost(self):
        result = self.dev("setup", MISSING="libboost1.81-dev", EXTRA="libboost1.74-dev")
        self.assertEqual((result.returncode, self.noted()), (1, []))
        self.assertIn("apt-get install libboost1.81-dev libboost1.74-dev-", result.stderr)

    def test_says_what_to_do_without_apt(self):
        for name in ("apt-get", "dpkg-query"):
            (self.bin / name).unlink()
        for name in ("bash", "env", "dirname", "awk", "nproc"):
            (self.bin / name).symlink_to(next(p for d in ("/usr/bin", "/bin") if (p := Path(d) / name).exists()))
        result = self.dev("setup", PATH=str(self.bin))
        self.assertEqual(result.returncode, 1)
        self.assertIn("no apt here", result.stderr)

    def test_can_be_told_never_to_install(self):
        result = self.dev("setup", MISSING="cmake", NO_INSTALL="1")
        self.assertEqual((result.returncode, self.noted()), (0, []), result.stderr)

    def test_refuses_an_unknown_verb_and_list(self):
        self.assertIn("no verb 'fly'", self.dev("fly").stderr)
        self.assertEqual(self.dev("setup", "nothing").returncode, 1)


if __name__ == "__main__":
    unittest.main()
