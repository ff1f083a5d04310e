"""What the way through the plugin ABI costs: `bench_plugin` measures, this takes the ratios."""

import json
import subprocess

from lab import Lab
from measured import Measured, ratios
from processes import Failed


def repetitions(lab: Lab, *names: str) -> list[list[float]]:
    """Per name the CPU nanoseconds of one iteration, once per round; the rounds of all names are mixed.

    They are short and many: what else the machine does then falls on single rounds, which a median passes over.
    """
    rounds_of_all, loop_s = 3 * lab.sizes.rounds, lab.sizes.loop_s / 3
    pattern = "|".join(f"^{name}$" for name in names)
    lab.say(f"{', '.join(names)}: {rounds_of_all} rounds")
    done = subprocess.run(
        [lab.programs / "bench_plugin", f"--benchmark_filter={pattern}", "--benchmark_format=json",
         f"--benchmark_repetitions={rounds_of_all}", "--benchmark_enable_random_interleaving=true",
         f"--benchmark_min_time={loop_s}"],
        capture_output=True, check=False, text=True, timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise Failed(f"bench_plugin: {done.stderr[-2000:]}")
    nanoseconds = {"ns": 1, "us": 1e3, "ms": 1e6}
    rounds: dict[str, list[float]] = {name: [] for name in names}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run.get("error_occurred"):
            raise Failed(f"{run['name']}: {run['error_message']}")
        if run["run_type"] == "iteration":
            # A row that measures by the wall says so in its name.
            time = run["real_time"] if run["name"].endswith("real_time") else run["cpu_time"]
            rounds[run["run_name"]].append(time * nanoseconds[run["time_unit"]])
    if not all(rounds.values()):
        raise Failed(f"bench_plugin: has no {pattern}")
    return [rounds[name] for name in names]


def callback(lab: Lab) -> Measured:
    own, direct = repetitions(lab, "BM_CallbackThroughAbi", "BM_CallbackVirtual")
    return ratios(own, direct, ("ns", "ns of virtual calls"))


def callback_time(lab: Lab) -> Measured:
    (own,) = repetitions(lab, "BM_CallbackThroughAbi")
    return Measured(own)


def transcript(lab: Lab) -> Measured:
    own, parsed = repetitions(lab, "BM_TranscriptThroughPlugin", "BM_TranscriptParsed")
    return ratios([one / 1e6 for one in own], [one / 1e6 for one in parsed], ("ms", "ms of simdjson"))


def probe(lab: Lab) -> Measured:
    (own,) = repetitions(lab, "BM_Probe/real_time")
    return Measured([one / 1e6 for one in own])
