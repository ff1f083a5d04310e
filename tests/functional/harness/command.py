"""A test case that uses the `baton` command."""

import subprocess

from .case import DaemonCase
from .daemon import BATON, clean_environment


class CliCase(DaemonCase):
    def baton(self, *arguments, **environment):
        return subprocess.run(
            [BATON, *map(str, arguments)],
            env=clean_environment(self.directory, **environment),
            capture_output=True,
            text=True,
            timeout=120,
        )

    def says(self, *arguments, **environment) -> str:
        result = self.baton(*arguments, **environment)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.strip()

    def refuses(self, *arguments, code: int = 1, **environment) -> str:
        """Its words on stderr."""
        result = self.baton(*arguments, **environment)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        self.assertTrue(result.stderr.strip())
        return result.stderr
