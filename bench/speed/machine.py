"""The machine, as far as it explains numbers; above all what one flush costs here."""

import os
import platform
import statistics
import time
from pathlib import Path

PAGE = b"\0" * 4096
FLUSHES = 500


def flush_ms(directory: Path) -> dict[str, float]:
    """Appends 4 KiB and calls fdatasync, as a commit does."""
    times = []
    path = directory / "flush"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        for _ in range(FLUSHES):
            os.write(descriptor, PAGE)
            begun = time.perf_counter()
            os.fdatasync(descriptor)
            times.append(1000 * (time.perf_counter() - begun))
    finally:
        os.close(descriptor)
        path.unlink()
    return {"p50": statistics.median(times), "p99": sorted(times)[int(0.99 * FLUSHES)]}


def file_system(directory: Path) -> str:
    """Its type, by the longest mount point above `directory`."""
    best = ("", "unknown")
    for line in Path("/proc/self/mounts").read_text().splitlines():
        _, point, kind = line.split()[:3]
        if (directory.resolve().is_relative_to(point)) and len(point) >= len(best[0]):
            best = (point, kind)
    return best[1]


def processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def facts(directory: Path) -> dict:
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"Linux {platform.release()}",
        "fileSystem": file_system(directory),
        "loadAverage": os.getloadavg()[0],  # before anything of ours ran: others that are at work here
        "fdatasyncMs": flush_ms(directory),
    }
