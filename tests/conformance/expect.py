"""expect.py VALIDATOR PLUGIN [--config JSON] [--transcripts DIR] [--fails ID]...: judges a plugin with the validator and
compares which checks fail with what is expected. Nothing expected means a good plugin: then none may warn either."""

import argparse
import fnmatch
import json
import subprocess
import sys


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("validator")
    parser.add_argument("plugin")
    parser.add_argument("--config", default="{}")
    parser.add_argument("--transcripts")
    parser.add_argument("--seed", default="0")
    parser.add_argument("--fails", action="append", default=[])
    parser.add_argument("--skips", action="append", default=[], help="which checks of a good plugin may be skipped; \"claim-*\" is all that begin so")
    args = parser.parse_args()

    command = [args.validator, args.plugin, "--json", "--config", args.config, "--seed", args.seed]
    if args.transcripts:
        command += ["--transcripts", args.transcripts]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=600, check=False)
    report = json.loads(done.stdout)
    results = {one["id"]: one for one in report["results"]}
    failed = {name for name, one in results.items() if one["result"] in ("fail", "crash")}
    wrong = failed ^ set(args.fails)
    if not args.fails:
        wrong |= {name for name, one in results.items() if one["result"] == "warn"}
        skipped = {name for name, one in results.items() if one["result"] == "skip"}
        wrong |= {name for name in skipped if not any(fnmatch.fnmatchcase(name, may) for may in args.skips)}
    elif not failed & set(results):
        wrong |= set(args.fails)
    if done.returncode != (1 if args.fails else 0):
        print(f"exit status {done.returncode}")
        wrong |= set(args.fails)
    for name in sorted(wrong):
        print(f"{name}: unexpected {results.get(name, {'result': 'nothing: no such check'})}")
    for name in sorted(failed - wrong):
        print(f"{name}: {results[name]['result']}, as expected: {results[name]['reason']}")
    return 1 if wrong or (args.fails and done.returncode == 0) else 0


sys.exit(main())
