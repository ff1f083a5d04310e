#!/usr/bin/env python3
"""No code of Boost.Asio in a program.

  check_symbols.py PROGRAM

Beast's parser takes its input as boost::asio::const_buffer, so that type may stand in the signature of a Beast function. Anything
else of boost::asio in the symbol table means that a header brought its reactor in beside the standalone one.
"""

import re
import subprocess
import sys

# A buffer type where it is an argument or a template argument: not followed by a member of it.
BUFFER = re.compile(r"boost::asio::(const|mutable)_buffers?(_1)?(?!\w|::)")


def is_allowed(symbol: str) -> bool:
    """`symbol` is demangled and mentions boost::asio."""
    return "boost::beast::" in symbol and "boost::asio" not in BUFFER.sub("", symbol)


def offenders(names: str) -> list[str]:
    """Of the lines of `nm -C`."""
    found = []
    for line in names.splitlines():
        symbol = re.sub(r"^[0-9a-f]*\s+\S\s+", "", line.strip())
        if "boost::asio" in symbol and not is_allowed(symbol):
            found.append(symbol)
    return found


def main() -> int:
    names = subprocess.run(["nm", "-C", sys.argv[1]], capture_output=True, text=True, check=True).stdout
    if not names:
        print(f"{sys.argv[1]} has no symbols: it was stripped, so nothing is known")
        return 1
    found = offenders(names)
    for symbol in found:
        print(symbol)
    print(f"{len(names.splitlines())} symbols, {len(found)} of Boost.Asio")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
