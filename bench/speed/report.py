"""What came out: as a table for people, as JSON, as the table of RESULTS.md."""

from machine import facts
from measured import Measured
from rows import Row


def entry(row: Row, sizes, measured: Measured | None, state: str, why: str = "") -> dict:
    """One row of the JSON. `state`: measured, skipped or failed."""
    made = {"row": row.name, "what": row.what(sizes), "state": state, "unit": row.unit}
    made |= {"better": "more" if row.more_is_better else "less", "bar": row.bar, "stretch": row.stretch}
    if measured is None:
        return made | {"why": why, "reached": None, "reachedStretch": None}
    value = measured.value

    def allowed(goal: float | None) -> float | None:
        return None if goal is None else goal + measured.allowance

    def reaches(goal: float | None) -> bool | None:
        if goal is None:
            return None
        return value >= allowed(goal) if row.more_is_better else value <= allowed(goal)

    return made | {
        "bar": allowed(row.bar),
        "stretch": allowed(row.stretch),
        "measured": value,
        "reached": reaches(row.bar),
        "reachedStretch": reaches(row.stretch),
        "rounds": measured.rounds,
        "own": measured.own,
        "yardstick": measured.yardstick,
    }


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def details(made: dict) -> str:
    if made["state"] != "measured":
        return made["why"].strip().splitlines()[-1]
    pairs = {**made["own"], **made["yardstick"]}
    return "; ".join(f"{number(value)} {name}" for name, value in pairs.items())


def verdict(made: dict) -> str:
    if made["state"] != "measured":
        return made["state"]
    if made["reached"] is None:
        return "–"
    return "stretch" if made["reachedStretch"] else "yes" if made["reached"] else "NO"


def cells(made: dict) -> list[str]:
    goal = "≥" if made["better"] == "more" else "≤"
    measured = f"{number(made['measured'])} {made['unit']}" if made["state"] == "measured" else "–"
    bars = "–" if made["bar"] is None else f"{goal} {number(made['bar'])} ({number(made['stretch'])})"
    return [made["row"], measured, bars, verdict(made), details(made)]


HEAD = ["Row", "Measured", "At least (stretch)", "Reached", "Medians"]


def machine_line(machine: dict) -> str:
    flush = machine["fdatasyncMs"]
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, {machine['fileSystem']}; "
        f"fdatasync p50 {flush['p50']:.3f} ms, p99 {flush['p99']:.3f} ms; "
        f"load average before {machine['loadAverage']:.1f}"
    )


def as_text(result: dict) -> str:
    lines = [HEAD, *map(cells, result["rows"])]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    table = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    quick = ["sizes of --quick: these numbers say that it works, not how fast it is"] if result["quick"] else []
    return "\n".join([machine_line(result["machine"]), *quick, "", *table]) + "\n"


def as_markdown(result: dict) -> str:
    lines = ["| " + " | ".join(HEAD) + " |", "|---" * len(HEAD) + "|"]
    for made in result["rows"]:
        name, *rest = cells(made)
        lines.append("| " + " | ".join([f"`{name}`", *rest]) + " |")
    return "\n".join([machine_line(result["machine"]) + ".", "", *lines]) + "\n"


def begin(lab, quick: bool) -> dict:
    return {"quick": quick, "machine": facts(lab.directory), "rows": []}
