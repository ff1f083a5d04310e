"""How the ABI grows: names of a newer minor are hidden from a plugin that also wants to run on an older host.

There is only minor 0 so far, so the test extends a copy of the headers by a minor 1, in the way that the README of
plugin-api describes, and builds plugins against it.
"""

import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

INCLUDE = Path(__file__).resolve().parents[3] / "plugin-api/include"
TEMPLATE = INCLUDE.parent / "template"
SLOT = """
#if BATON_ABI_MINOR >= {minor}
  baton_status (*restart)(const baton_host*, baton_timer) BATON_NOEXCEPT;
#endif
}} baton_host_timer;"""
TAIL = """
#if BATON_ABI_MINOR >= {minor}
  int64_t tokens_written;
#endif
}} baton_event_usage;"""

USES_SLOT = """
#include <baton/ext/timer.h>
int try_it(const baton_host_timer* timers, baton_timer timer) {
  if (!BATON_HAS(timers, restart)) return 1;
  return timers->restart(0, timer);
}"""
# Built with the new headers, by the floor 0: the layout is that of 1.0.
IS_OLD = """
#include <baton/ext/run.h>
#include <baton/ext/timer.h>
_Static_assert(sizeof(baton_host_timer) == 24, "table");
_Static_assert(sizeof(baton_event_usage) == 56, "event");
"""
# A plugin of minor 1 meets a host of minor 0: it sees that the slot is not there.
MEETS_OLD_HOST = USES_SLOT + """
int main(void) {
  baton_host_timer table;
  table.size = sizeof(table) - sizeof(table.restart);
  baton_timer none = {0};
  return try_it(&table, none) == 1 ? 0 : 1;
}"""
ENTRY = """
#include <baton/cpp/entry.hpp>
static_assert(BATON_ABI_MINOR == %d);
struct P { baton::plugin::Host host() const; P(baton::plugin::Host, const baton_create_args&); };
constexpr baton_descriptor kNone{};
static_assert(baton::plugin::Entry<P>::make(&kNone).abi_minor_needed == %d);
static_assert(baton::plugin::Entry<P>::make(&kNone).abi_minor_built == %d);
"""


@unittest.skipUnless(shutil.which("cc") and shutil.which("c++"), "no compiler")
class Minor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = Path(tempfile.mkdtemp(prefix="baton-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory)
        cls.include = cls.directory / "include"
        shutil.copytree(INCLUDE, cls.include)
        cls.latest = cls.minor_of(INCLUDE)
        cls.next = cls.latest + 1
        cls.edit("base.h", rf"(BATON_ABI_MINOR_LATEST) {cls.latest}u", rf"\1 {cls.next}u")
        cls.edit("ext/timer.h", r"\n} baton_host_timer;", SLOT.format(minor=cls.next))
        cls.edit("ext/run.h", r"\n} baton_event_usage;", TAIL.format(minor=cls.next))

    @staticmethod
    def grow_everything(include):
        """A member more at the end of each struct that says its own size."""
        grown = 0
        for path in (include / "baton").rglob("*.h"):
            own = r"((?:typedef )?struct baton_(?!event )\w+ \{\n  (?:uint32_t (?:size|magic)|baton_event head)\b[^}]*)(\n\})"
            text, count = re.subn(own, r"\1\n  uint64_t grown;\2", path.read_text())
            path.write_text(text)
            grown += count
        return grown

    @staticmethod
    def minor_of(include):
        return int(re.search(r"BATON_ABI_MINOR_LATEST (\d+)u", (include / "baton/base.h").read_text())[1])

    @classmethod
    def edit(cls, name, old, new):
        path = cls.include / "baton" / name
        text, count = re.subn(old, new, path.read_text())
        assert count == 1, f"{name}: {old}"
        path.write_text(text)

    def compile(self, text, *options, include=None, language="c", standard="c11"):
        compiler = "c++" if language == "c++" else "cc"
        words = [compiler, "-x", language, f"-std={standard}", "-Wall", "-Wextra", "-Wpadded", "-Werror",
                 f"-I{include or self.include}", *options, "-"]
        return subprocess.run(words, input=text, capture_output=True, text=True, cwd=self.directory)

    def compiles(self, text, *options, **more):
        result = self.compile(text, "-fsyntax-only", *options, **more)
        self.assertEqual(result.returncode, 0, result.stderr)

    def fails(self, why, text, *options, **more):
        result = self.compile(text, "-fsyntax-only", *options, **more)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn(why, result.stderr)

    def test_a_new_name_is_there_for_who_asks_for_its_minor(self):
        self.compiles(USES_SLOT, f"-DBATON_ABI_MINOR={self.next}")
        self.compiles(USES_SLOT)  # by default: the newest

    def test_a_new_name_is_an_error_below_its_minor(self):
        self.fails("restart", USES_SLOT, f"-DBATON_ABI_MINOR={self.latest}")

    def test_the_older_layout_stays(self):
        self.compiles(IS_OLD, "-DBATON_ABI_MINOR=0")
        self.compiles(IS_OLD, "-DBATON_ABI_MINOR=0", include=INCLUDE)
        self.fails("static assertion failed", IS_OLD)

    def test_a_newer_plugin_sees_the_end_of_an_older_table(self):
        built = self.compile(MEETS_OLD_HOST, "-Wno-maybe-uninitialized", "-o", str(self.directory / "meets"))
        self.assertEqual(built.returncode, 0, built.stderr)
        subprocess.run([self.directory / "meets"], check=True, timeout=10)

    def test_the_floor_is_what_the_plugin_needs(self):
        for floor in (0, self.next):
            text = ENTRY % (floor, floor, self.next)
            self.compiles(text, f"-DBATON_ABI_MINOR={floor}", "-Wno-padded", language="c++", standard="c++20")

    def test_what_is_written_today_compiles_when_everything_has_grown(self):
        include = self.directory / "grown"
        shutil.copytree(INCLUDE, include)
        self.assertGreater(self.grow_everything(include), 30)
        wrapper = "".join(f"#include <{path.relative_to(include)}>\n" for path in sorted(include.rglob("*.hpp")))
        for text, language, standard in ((wrapper, "c++", "c++20"), ((TEMPLATE / "cat.cpp").read_text(), "c++", "c++20"),
                                         ((TEMPLATE / "c/cat.c").read_text(), "c", "c11")):
            self.compiles(text, "-Wno-padded", include=include, language=language, standard=standard)

    def test_a_floor_beyond_the_headers_is_an_error(self):
        self.fails("newer than these headers", "#include <baton/base.h>", f"-DBATON_ABI_MINOR={self.latest + 1}u", include=INCLUDE)


if __name__ == "__main__":
    unittest.main()
