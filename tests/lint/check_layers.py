#!/usr/bin/env python3
"""Includes obey daemon/layers.txt.

  check_layers.py [--root DIR] [--cmake FILE]

A quoted include names the folder first ("board/claim.hpp"), and that folder must be the file's own or one that its line in
layers.txt allows. A plugin sees <baton/...>, its own files and the system, nothing of the daemon. Some libraries are
kept to one folder each, so that replacing them stays a small job. With --cmake the table that CMake built its libraries
from is compared with the one read here.
"""

import argparse
import re
import sys
from pathlib import Path

from layers import folder_of, read_layers, sources

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)

# Prefix of an include -> the only layers that may use it.
CONFINED = {
    "boost/": ("http",),  # and of that, see BOOST_ALLOWED
    "asio/ssl": ("http",),
    "openssl/": ("http", "base"),  # base: digests alone
    "asio": ("reactor", "process", "http", "app"),
    "sqlite3.h": ("store",),
    "simdjson": ("base", "plugins"),
    "toml++/": ("app", "verify"),
    "CLI/": ("app", "cli", "plugin_check"),
    "dlfcn.h": ("plugin", "plugin-api", "plugin_check"),
    "baton/": ("plugin-api", "plugin", "plugin_check", "plugins"),
}
# The narrow headers of Beast: beast.hpp and beast/http.hpp would bring in Boost.Asio.
BOOST_REFUSED = re.compile(r"^boost/(asio|beast\.hpp|beast/http\.hpp|beast/core\.hpp|beast/websocket)")


class Lint:
    def __init__(self, root: Path):
        self.root = root
        self.layers = read_layers(root)
        self.problems: list[str] = []

    def run(self) -> list[str]:
        self.check_table()
        for layer in self.layers:
            for path in sources(self.root / folder_of(layer)):
                self.check_file(layer, path)
        return self.problems

    def check_table(self) -> None:
        known: list[str] = []
        for layer, allowed in self.layers.items():
            for other in allowed:
                if other not in known:
                    self.problems.append(f"daemon/layers.txt: {layer} names {other}, which has no line above it")
            known.append(layer)
        for folder in sorted((self.root / "daemon").iterdir()):
            if folder.is_dir() and folder.name not in self.layers and sources(folder):
                self.problems.append(f"daemon/{folder.name}: has sources and no line in daemon/layers.txt")

    def check_file(self, layer: str, path: Path) -> None:
        text = path.read_text(errors="replace")
        for match in INCLUDE.finditer(text):
            line = text.count("\n", 0, match.start(2)) + 1
            reason = self.refusal(layer, path, quoted=match[1] == '"', name=match[2])
            if reason:
                where = path.relative_to(self.root)
                self.problems.append(f"{where}:{line}: {reason}")

    def refusal(self, layer: str, path: Path, quoted: bool, name: str) -> str:
        """Why this include is not allowed; empty when it is."""
        if not quoted:
            return self.refusal_of_library(layer, name)
        if layer in ("plugins", "plugin-api"):
            return self.refusal_in_plugin(layer, path, name)
        if ".." in Path(name).parts:
            return f'"{name}" climbs out of its folder'
        target = name.partition("/")[0].replace("baton", "plugin-api")
        if target not in self.layers:
            return f'"{name}" does not begin with the name of a layer'
        if target != layer and target not in self.layers[layer]:
            return f'{layer} must not include "{name}": its line in daemon/layers.txt does not name {target}'
        return ""

    def refusal_of_library(self, layer: str, name: str) -> str:
        if BOOST_REFUSED.match(name):
            return f"<{name}> would bring Boost.Asio in; use Beast's narrow headers"
        for prefix, allowed in CONFINED.items():
            if name.startswith(prefix) and layer not in allowed:
                return f"{layer} must not include <{name}>: it is kept to {', '.join(allowed)}"
        return ""

    def refusal_in_plugin(self, layer: str, path: Path, name: str) -> str:
        """A plugin is compiled as a stranger's would be: its quoted includes are files of its own folder."""
        top = self.root / folder_of(layer)
        own = top / path.relative_to(top).parts[0] if layer == "plugins" else top
        for start in (path.parent, own, top):
            file = (start / name).resolve()
            if file.is_file() and own in file.parents:
                return ""
        return f'"{name}" is not a file of {own.relative_to(self.root)}'

    def compare_with_cmake(self, cmake: Path) -> None:
        theirs = [line.rstrip() for line in cmake.read_text().splitlines()]
        ours = [f"{layer}: {' '.join(allowed)}".rstrip() for layer, allowed in self.layers.items()]
        if theirs != ours:
            self.problems.append(f"CMake read daemon/layers.txt as {theirs}, the lint as {ours}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[2])
    parser.add_argument("--cmake", type=Path, help="file with the layers as CMake read them")
    arguments = parser.parse_args()
    lint = Lint(arguments.root.resolve())
    lint.run()
    if arguments.cmake:
        lint.compare_with_cmake(arguments.cmake)
    for problem in lint.problems:
        print(problem)
    return 1 if lint.problems else 0


if __name__ == "__main__":
    sys.exit(main())
