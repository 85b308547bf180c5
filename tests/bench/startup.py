"""What starts and ends: the server until it is healthy, a release build, and the imports each cannot do without."""

import asyncio
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from data.settings import ROOT
from tests.bench.reader import Reader
from tests.bench.server import environment, observatory

SERVER_IMPORTS = "import streamlit, pandas, altair, pydeck"
BUILD_IMPORTS = "import etl.__main__"


@dataclass(frozen=True)
class Timed:
    """Seconds of a thing and of its reference, taken in turn."""

    measured: list[float]
    reference: list[float]


@dataclass(frozen=True)
class Start(Timed):
    """A start; and seconds the first reader then waited for the housing page."""

    first_page: list[float]


def _seconds(arguments: list[str], variables: dict[str, str]) -> float:
    started = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=variables, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"`{' '.join(arguments)}` failed: {done.stderr[-2000:]}")
    return time.perf_counter() - started


def build_release(releases: Path) -> float:
    """Build a release into a folder; return the seconds it took."""
    return _seconds(["-m", "etl", "build"], environment(releases))


async def _first_page(port: int) -> float:
    reader = Reader(port, "logement")
    run = await reader.open()
    await reader.close()
    return run.seconds


def time_starts(releases: Path, times: int, progress: "tqdm[None]") -> Start:
    """Start the server with a built release until it is healthy; in turn, import what it is made of."""
    starts, imports, pages = [], [], []
    for _ in range(times):
        with observatory(releases, with_trivial_page=False) as server:
            starts.append(server.seconds_to_healthy)
            pages.append(asyncio.run(_first_page(server.port)))
        imports.append(_seconds(["-c", SERVER_IMPORTS], environment(releases)))
        progress.update()
    return Start(starts, imports, pages)


def time_builds(folder: Path, times: int, progress: "tqdm[None]") -> Timed:
    """Build a release, each time in a new folder; in turn, import what builds it."""
    builds, imports = [], []
    for turn in range(times):
        builds.append(build_release(folder / f"built-{turn}"))
        imports.append(_seconds(["-c", BUILD_IMPORTS], environment(folder)))
        progress.update()
    return Timed(builds, imports)
