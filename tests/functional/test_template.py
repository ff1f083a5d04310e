"""The template for authors of plugins: copied out, built against the installed package, validated, and run by a daemon.

Needs CMake and a compiler, and where they are there pkg-config with make, and rustc. The validator is called where it
was built.
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from harness import BATOND, RunCase, gate

BUILD = Path(BATOND).resolve().parents[1]


def ok(*words, cwd: Path, **environment) -> str:
    words = [str(word) for word in words]
    done = subprocess.run(words, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    return done.stdout


def tools(*names: str) -> list[str]:
    """Those that are missing."""
    return [name for name in names if not shutil.which(name)]


class Template(RunCase):
    @classmethod
    def setUpClass(cls):
        if tools("cmake", "nm"):
            raise unittest.SkipTest("cmake or nm is not installed")
        cls.installed = Path(tempfile.mkdtemp(prefix="baton-installed-"))
        cls.addClassCleanup(shutil.rmtree, cls.installed)
        ok("cmake", "--install", BUILD, "--component", "plugin-api", "--prefix", cls.installed, cwd=BUILD)
        cls.validator = cls.installed / "bin/baton-plugin-check"

    def setUp(self):
        super().setUp()
        self.plugins = self.directory / "plugins"
        self.plugins.mkdir()
        self.mine = self.directory / "my-runtime"
        shutil.copytree(self.installed / "share/baton/plugin-template", self.mine)
        self.package = {"PKG_CONFIG_PATH": str(self.installed / "share/pkgconfig"),
                        "PATH": f"{self.installed / 'bin'}:{os.environ['PATH']}"}

    def take(self, library: Path):
        """Into the daemon's directory. It exports its entry and nothing else."""
        symbols = ok("nm", "-D", "--defined-only", library, cwd=self.mine)
        self.assertEqual([line.split()[2] for line in symbols.splitlines()], ["baton_plugin_entry_v1"])
        shutil.copy(library, self.plugins)

    def validates(self, library: Path):
        if self.validator.exists():
            ok(self.validator, library, cwd=self.mine)
        else:
            print("not validated: baton-plugin-check was not built", flush=True)

    def runs_a_task(self, plugin: str):
        """A daemon that knows the plugin passes a task on it to done; what it was told, it says."""
        instance = f'[[runtime]]\nid = "mine"\nplugin = "{plugin}"\n'
        self.begin(f"[plugins]\ndirectories = {json.dumps([str(self.plugins)])}\n" + gate("true") + instance)
        self.made = self.create(self.client, "greet", description="Say hello to the world.")
        told = self.answers(self.run_on("mine"), 200, doneReason="success", status="done")
        # All that the daemon says reaches the program: the tiers in their order, with an empty line between them.
        self.assertTrue(told["summary"].startswith("# Task: greet\n\nSay hello to the world."), told["summary"])
        self.assertTrue(told["summary"].endswith("\n\nDo the task: greet"), told["summary"])
        self.assertEqual([row["status"] for row in self.executions()], ["succeeded"])
        self.assertEqual(self.started.terminate(), 0)

    def test_in_cpp_by_cmake(self):
        build = self.mine / "build"
        said = ok("cmake", "-S", self.mine, "-B", build, f"-DCMAKE_PREFIX_PATH={self.installed}", cwd=self.mine)
        ok("cmake", "--build", build, cwd=self.mine)
        if self.validator.exists():
            ok("ctest", "--test-dir", build, "--output-on-failure", "--no-tests=error", cwd=self.mine)
        else:
            self.assertIn("not validated", said)
        self.take(build / "cat.so")
        self.runs_a_task("org.example.cat")

    def test_in_c_by_pkg_config(self):
        if missing := tools("pkg-config", "make", "cc"):
            self.skipTest(f"not installed: {missing}")
        ok("make", "-C", self.mine / "c", cwd=self.mine, **self.package)
        self.validates(self.mine / "c/cat.so")
        ok("make", "-C", self.mine / "c", "install", cwd=self.mine, DESTDIR=str(self.directory / "stage"), **self.package)
        self.assertEqual(len(list((self.directory / "stage").rglob("lib/baton/plugins/cat.so"))), 1)
        self.take(self.mine / "c/cat.so")
        self.runs_a_task("org.example.cat-c")

    def test_in_rust(self):
        try:
            ok("rustc", "--version", cwd=self.mine)
        except (FileNotFoundError, AssertionError):
            self.skipTest("rustc is not installed, or does not run")
        library = self.mine / "rust/cat.so"
        ok("rustc", "--edition", "2021", "--crate-type", "cdylib", "-C", "opt-level=2", "-C", "strip=debuginfo", "-D", "warnings",
           "-o", library, self.mine / "rust/cat.rs", cwd=self.mine)
        self.validates(library)
        self.take(library)
        self.runs_a_task("org.example.cat-rust")
