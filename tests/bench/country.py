"""All communes of France in one release: how long building takes, in what memory, and what a page of one costs."""

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import psutil  # type: ignore[import-untyped]

from dashboard.navigation import PAGES
from data.settings import ROOT
from tests.bench.parts import GOALS, TRIVIAL
from tests.bench.reader import Reader, Run
from tests.bench.report import Row, spread_ms
from tests.bench.server import environment, observatory
from tests.bench.sessions import PAUSE_S

BUILD_S, RESIDENT_MB, COMMUNE, RUNS = 30.0, 2000.0, "30321", 15
WATCH_S = 0.05


def _build(releases: Path) -> tuple[float, float]:
    """Build a release of all communes; return seconds and the largest resident memory in millions of bytes."""
    command = [sys.executable, "-m", "etl", "build", "--communes", "all"]
    started, largest = time.perf_counter(), 0
    with subprocess.Popen(command, cwd=ROOT, env=environment(releases), stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL) as process:  # fmt: skip
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            largest = max(largest, watched.memory_info().rss)
            time.sleep(WATCH_S)
    if process.returncode:
        raise RuntimeError("`etl build --communes all` failed")
    return time.perf_counter() - started, largest / 1e6


async def _reruns(port: int) -> dict[str, tuple[list[Run], list[Run]]]:
    """Run every page again and again, in turn with the trivial page; there is no district to choose."""
    found: dict[str, tuple[list[Run], list[Run]]] = {}
    for page in PAGES:
        own, trivial = Reader(port, page.address), Reader(port, TRIVIAL)
        runs: tuple[list[Run], list[Run]] = ([], [])
        for reader in (own, trivial):
            await reader.open()
        for _ in range(RUNS):
            for reader, seen in zip((own, trivial), runs, strict=True):
                await asyncio.sleep(PAUSE_S)
                seen.append(await reader.choose(reader.options[0]))
        for reader in (own, trivial):
            await reader.close()
        found[page.address] = runs
    return found


def country(_releases: Path) -> list[Row]:
    """Build all communes, then run pages of one that the catalogue has not, beside the trivial page."""
    with tempfile.TemporaryDirectory(prefix="observatory-bench-") as place:
        releases = Path(place) / "releases"
        seconds, resident = _build(releases)
        size = sum(path.stat().st_size for path in releases.rglob("*.parquet")) / 1e6
        with observatory(releases, OBSERVATORY_COMMUNE=COMMUNE) as server:
            held, runs = server.resident_mb(), asyncio.run(_reruns(server.port))
            healthy = server.seconds_to_healthy
    rows = [
        Row("etl build --communes all", f"{seconds:.1f} s, {size:.1f} MB on disk", "", f"<= {BUILD_S:.0f} s",
            seconds <= BUILD_S, {"seconds": seconds}),
        Row("  largest resident memory", f"{resident:.0f} MB", "", f"<= {RESIDENT_MB:.0f} MB", resident <= RESIDENT_MB,
            {"resident_mb": resident}),
        Row("  server started on it", f"{held:.0f} MB, {healthy:.1f} s to healthy",
            numbers={"resident_mb": held, "healthy_s": healthy}),
    ]  # fmt: skip
    for address, (own, trivial) in runs.items():
        times = [[run.seconds for run in seen] for seen in (own, trivial)]
        ratio = median(times[0]) / median(times[1])
        rows.append(
            Row(f"rerun, {COMMUNE} /{address}", spread_ms(times[0]), f"trivial {spread_ms(times[1])} (x {ratio:.2f})",
                f"p50 <= {GOALS.times_trivial:.0f} x trivial", ratio <= GOALS.times_trivial, {"ratio": ratio})
        )  # fmt: skip
    return rows
