"""every_check_has_one.py VALIDATOR ID...: a check that no bad plugin fails proves nothing. The ids are those that the
bad plugins of this directory are expected to fail."""

import json
import subprocess
import sys


def main() -> int:
    listed = subprocess.run([sys.argv[1], "--list", "--json"], stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    ids = [one["id"] for one in json.loads(listed.stdout)]
    proven = set(sys.argv[2:])
    for name in sorted(set(ids) - proven):
        print(f"no bad plugin fails {name}")
    for name in sorted(proven - set(ids)):
        print(f"there is no check {name}")
    twice = sorted({name for name in ids if ids.count(name) > 1})
    for name in twice:
        print(f"two checks are called {name}")
    return 1 if twice or proven != set(ids) else 0


sys.exit(main())
