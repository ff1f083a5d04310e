"""What is installed for authors of plugins: all of it, nothing of the place where it was built, and versions that hold.

BATON_BUILD names the build tree.
"""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
API = ROOT / "plugin-api"
BUILD = Path(os.environ["BATON_BUILD"])
PACKAGE = Path("share/cmake/baton-plugin")


def run(*words, **environment):
    return subprocess.run([str(word) for word in words], env={**os.environ, **environment}, capture_output=True, text=True)


def ok(*words, **environment) -> str:
    result = run(*words, **environment)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def below(directory: Path) -> set[Path]:
    return {path.relative_to(directory) for path in directory.rglob("*") if path.is_file()}


def base_h(name: str) -> str:
    return re.search(rf'#define BATON_ABI_{name} "?([^"u\n]+)', (API / "include/baton/base.h").read_text())[1]


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = Path(tempfile.mkdtemp(prefix="baton-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        cls.prefix = cls.install("prefix")

    @classmethod
    def install(cls, name, component="plugin-api"):
        prefix = cls.directory / name
        ok("cmake", "--install", BUILD, "--component", component, "--prefix", prefix)
        return prefix

    def configure(self, text: str, prefix: Path):
        """A project of somebody else with these lines."""
        source = Path(tempfile.mkdtemp(dir=self.directory))
        (source / "CMakeLists.txt").write_text(f"cmake_minimum_required(VERSION 3.20)\nproject(x LANGUAGES C)\n{text}\n")
        return run("cmake", "-S", source, "-B", source / "build", f"-DCMAKE_PREFIX_PATH={prefix}")

    def pc(self, prefix: Path, *words: str) -> str:
        if not shutil.which("pkg-config"):
            self.skipTest("pkg-config is not installed")
        return ok("pkg-config", *words, "baton-plugin", PKG_CONFIG_PATH=str(prefix / "share/pkgconfig")).strip()

    def test_the_tree_is_whole(self):
        found = below(self.prefix)
        headers = {Path("include/baton") / path for path in below(API / "include/baton") if path.parts[0] != "draft"}
        template = {Path("share/baton/plugin-template") / path for path in below(API / "template")}
        made = {PACKAGE / name for name in ("baton-pluginConfig.cmake", "baton-pluginConfigVersion.cmake",
                                            "baton-pluginTargets.cmake", "add_plugin.cmake", "plugin.map")}
        docs = {Path("share/doc/baton/plugin-api") / name for name in (
            "README.md", "GUIDE.md", "TRANSCRIPTS.md", "CHECKS.md", "REPORT.md")}
        validator = {Path("bin/baton-plugin-check")} & found  # where this build has it
        self.assertEqual(found, headers | template | made | docs | validator | {Path("share/pkgconfig/baton-plugin.pc")})

    def test_drafts_come_when_asked_for(self):
        drafts = self.install("drafts", component="plugin-api-draft")
        self.assertEqual(below(drafts), {Path("include/baton/draft") / path for path in below(API / "include/baton/draft")})
        self.assertNotEqual(below(drafts), set())

    def test_nothing_names_where_it_was_made(self):
        for path in sorted(below(self.prefix)):
            text = (self.prefix / path).read_bytes()
            for place in (ROOT, BUILD, self.directory):
                if path.parts[0] != "bin":  # a program may name its sources, for debuggers
                    self.assertNotIn(bytes(place), text, path)

    def test_a_staged_tree_is_the_same_tree(self):
        stage = self.directory / "stage"
        ok("cmake", "--install", BUILD, "--component", "plugin-api", "--prefix", "/opt/baton", DESTDIR=str(stage))
        staged = stage / "opt/baton"
        self.assertEqual(below(staged), below(self.prefix))
        for path in below(staged):
            if path.parts[0] != "bin":
                self.assertEqual((staged / path).read_bytes(), (self.prefix / path).read_bytes(), path)

    def test_it_may_be_moved(self):
        moved = self.directory / "somewhere else"
        shutil.copytree(self.prefix, moved)
        lines = 'find_package(baton-plugin REQUIRED)\nget_target_property(_i baton::plugin::plugin INTERFACE_INCLUDE_DIRECTORIES)\n'
        result = self.configure(lines + 'message(NOTICE "found <${_i}> <${baton-plugin_PLUGIN_DIR}>")', moved)
        self.assertIn(f"found <{moved}/include> <{moved}/lib/baton/plugins>", result.stderr + result.stdout)

    def test_the_version_is_that_of_the_header(self):
        version = f"{base_h('MAJOR')}.{base_h('MINOR_LATEST')}"
        lines = 'find_package(baton-plugin REQUIRED)\nmessage(NOTICE "is <${baton-plugin_VERSION}> <${baton-plugin_RELEASE}>")'
        said = self.configure(lines, self.prefix)
        self.assertIn(f"is <{version}> <{base_h('RELEASE')}>", said.stdout + said.stderr)
        self.assertEqual(self.pc(self.prefix, "--modversion"), version)

    def test_another_major_and_a_newer_minor_are_not_found(self):
        major, minor = int(base_h("MAJOR")), int(base_h("MINOR_LATEST"))
        for wanted, found in ((f"{major}.{minor}", True), (f"{major}", True), (f"{major}.{minor + 1}", False),
                              (f"{major + 1}", False), (f"{major - 1}.9", False)):
            result = self.configure(f"find_package(baton-plugin {wanted} REQUIRED)", self.prefix)
            self.assertEqual(result.returncode == 0, found, wanted + result.stderr)

    def test_a_misspelt_argument_is_an_error(self):
        for arguments in ("x SOURCE x.c", "x"):
            result = self.configure(f"find_package(baton-plugin REQUIRED)\nbaton_add_plugin({arguments})", self.prefix)
            self.assertIn("is not understood", result.stderr, arguments)

    def test_pkg_config_has_flags_for_the_compiler_and_none_for_the_linker(self):
        where = lambda name: Path(self.pc(self.prefix, f"--variable={name}")).resolve()
        cflags = self.pc(self.prefix, "--cflags")
        self.assertEqual(Path(cflags.removeprefix("-I")).resolve(), (self.prefix / "include").resolve())
        self.assertEqual(self.pc(self.prefix, "--libs"), "")
        self.assertEqual(where("plugindir"), (self.prefix / "lib/baton/plugins").resolve())
        self.assertTrue(where("mapfile").is_file())
        self.assertTrue((where("templatedir") / "cat.cpp").is_file())


if __name__ == "__main__":
    unittest.main()
