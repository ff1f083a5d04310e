"""The check of the ABI headers' documentation notices what it is for."""

import tempfile
import unittest
from pathlib import Path

from abi_headers import read
from check_documentation import check, over_budget, surface

GOOD = """/* A header. */
#ifndef X
#define Y(p) \\
  ((p)->size)
typedef struct baton_host_thing {
  uint32_t size, reserved;
  const baton_str* argv; /* a list */

  /* Begins it; on_done(user) ends it. It
   * takes two lines.
   * Thread:  reactor (on_done too)
   * When:    any time
   * Owner:   nobody,
   *          and that in two lines
   * Errors:  -
   * Limits:  -
   * Since:   1.0 */
  baton_status (*start)(const baton_host*, void (*on_done)(void* user) BATON_NOEXCEPT, void* user) BATON_NOEXCEPT;
} baton_host_thing;
#endif
"""


class Documentation(unittest.TestCase):
    def header(self, text):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        path = Path(directory.name) / "x.h"
        path.write_text(text)
        return read(path)

    def complaints(self, old="", new="", draft=False):
        text = GOOD.replace(old, new) if old else GOOD
        self.assertTrue(not old or text != GOOD, f"{old!r} is not there")
        return "\n".join(check([self.header(text)], draft))

    def test_accepts_the_block(self):
        self.assertEqual(self.complaints(), "")

    def test_finds_members_and_functions(self):
        header = self.header(GOOD)
        self.assertEqual([name for _, name in header.members], ["size", "reserved", "argv", "start"])
        self.assertEqual([(f.name, f.callbacks, f.owner) for f in header.functions],
                         [("start", ["on_done"], "baton_host_thing")])
        self.assertEqual(surface([header]), (1, GOOD.count("\n")))

    def test_each_line_is_needed_and_says_something(self):
        for key in ("Thread", "When", "Owner", "Errors", "Limits", "Since"):
            self.assertIn("instead of", self.complaints(f"   * {key}: ", "   *"), key)
        self.assertIn("Errors: says nothing", self.complaints("Errors:  -", "Errors:"))

    def test_the_order_is_one(self):
        swapped = self.complaints("   * Errors:  -\n   * Limits:  -", "   * Limits:  -\n   * Errors:  -")
        self.assertIn("instead of", swapped)
        self.assertIn("instead of", self.complaints("   * Errors:  -", "   * Errors:  -\n   * Errors:  -"))

    def test_a_line_that_was_flowed_into_another_is_no_line(self):
        self.assertIn("in the middle", self.complaints("-\n   * Limits:", "- Limits:"))

    def test_a_sentence_comes_first(self):
        self.assertIn("no sentence", self.complaints("Begins it; on_done(user) ends it. It\n   * takes two lines.\n   * ", ""))
        self.assertIn("no sentence", self.complaints("two lines.", "two lines"))

    def test_the_comment_stands_right_before(self):
        block = GOOD[GOOD.index("  /* Begins"):GOOD.index("  baton_status")]
        self.assertIn("no documentation block", self.complaints(block, ""))
        self.assertIn("no documentation block", self.complaints("   * Since:   1.0 */\n", "   * Since:   1.0 */\n  int x;\n"))

    def test_a_callback_is_named_by_its_taker(self):
        self.assertIn("on_done", self.complaints("(on_done too)", ""))
        self.assertIn("on_done", self.complaints("on_done(user) ends it", "something ends it"))

    def test_nothing_may_throw(self):
        self.assertIn("NOEXCEPT", self.complaints("void* user) BATON_NOEXCEPT, ", "void* user), "))
        self.assertIn("NOEXCEPT", self.complaints("void* user) BATON_NOEXCEPT;", "void* user);"))

    def test_since_is_a_release_or_draft(self):
        self.assertIn("Since", self.complaints("Since:   1.0", "Since:   soon"))
        self.assertIn("Since", self.complaints("Since:   1.0", "Since:   draft"))
        self.assertIn("Since", self.complaints(draft=True))
        self.assertEqual(self.complaints("Since:   1.0", "Since:   draft", draft=True), "")

    def test_callback_types_and_exported_functions_count(self):
        for declaration in ("typedef void (*baton_done)(void* user) BATON_NOEXCEPT;", "int helper(void) BATON_NOEXCEPT;",
                            "BATON_EXPORT const baton_entry* baton_e(void) BATON_NOEXCEPT;"):
            self.assertIn("no documentation block", self.complaints("#endif", declaration + "\n#endif"), declaration)

    def test_the_surface_is_bounded(self):
        self.assertEqual(over_budget(40, 1500), [])
        self.assertEqual(len(over_budget(41, 1501)), 2)


if __name__ == "__main__":
    unittest.main()
