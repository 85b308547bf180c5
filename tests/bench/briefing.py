"""The briefing file: a PDF of twelve charts once warm, and the whole file of the conference from a cold command."""

import sys
import time
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil  # type: ignore[import-untyped]

from dashboard.dossier.blocks import Picture
from dashboard.dossier.draft import Draft, SectionChoice
from dashboard.dossier.making import prepare, write
from dashboard.dossier.setting import accessible
from dashboard.view import WHOLE_CITY, the_view
from data.release import current_id, open_release
from data.settings import ROOT, default_commune
from tests.bench.report import Row
from tests.bench.server import environment

WARM_S, FILE_S, FILE_MB, ROUNDS, CHARTS, WATCH_S = 0.5, 15.0, 1000.0, 7, 12, 0.05
PAGES = ("conference-climat", "geothermie", "programmes")
_BLANK = b'#set document(title: "blank")\n#set text(lang: "fr")\nblank'


def _seconds(work: object) -> float:
    """Return the median of several rounds of a function without arguments."""
    found = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        work()  # type: ignore[operator]
        found.append(time.perf_counter() - started)
    return median(found)


def _warm(releases: Path) -> Row:
    """Measure a PDF of twelve charts whose pictures are drawn, beside an empty one by the same compiler."""
    release, today = open_release(releases, current_id(releases)), date.today()
    city = the_view(release, default_commune(), WHOLE_CITY, "fr", "light", today)
    ready = prepare(city, Draft(commune=city.commune, sections=tuple(SectionChoice(page=page) for page in PAGES)))
    charts = [picture for picture in ready.composed.document.pictures() if not picture.is_map]
    if len(charts) < CHARTS:
        raise RuntimeError(f"{len(charts)} charts where {CHARTS} are wanted")
    write(ready, "pdf")
    seconds, blank = (_seconds(lambda: write(ready, "pdf")), _seconds(lambda: accessible({"main.typ": _BLANK}, today)))
    pictures = sum(isinstance(block, Picture) for one in ready.composed.document.parts() for block in one.blocks)
    return Row(f"PDF of {len(charts)} charts and {pictures - len(charts)} maps, warm", f"{1000 * seconds:.0f} ms",
               f"an empty one {1000 * blank:.1f} ms", f"≤ {1000 * WARM_S:.0f} ms", seconds <= WARM_S,
               {"seconds": seconds, "blank_seconds": blank})  # fmt: skip


def _command(releases: Path, *options: str) -> tuple[float, float]:
    """Run the command line; return seconds and the largest resident memory, in millions of bytes."""
    command = [sys.executable, "-m", "dashboard.dossier", *options]
    started, largest = time.perf_counter(), 0
    with psutil.Popen(command, cwd=ROOT, env=environment(releases), stdout=-3, stderr=-3) as process:
        while process.poll() is None:
            try:
                largest = max(largest, process.memory_info().rss)
            except psutil.Error:
                break
            time.sleep(WATCH_S)
        process.wait()
    if process.returncode:
        raise RuntimeError("`python -m dashboard.dossier` failed")
    return time.perf_counter() - started, largest / 1e6


def briefing(releases: Path) -> list[Row]:
    """Return the rows of the part."""
    with TemporaryDirectory(prefix="observatory-briefing-") as place:
        preset = ("--preset", "conference-climat", "--out", place)
        seconds, largest = _command(releases, *preset)
        pdf_seconds, _ = _command(releases, *preset, "--format", "pdf")
    return [
        _warm(releases),
        Row("File of the conference, four formats, cold command", f"{seconds:.1f} s",
            f"the PDF alone {pdf_seconds:.1f} s", f"≤ {FILE_S:.0f} s", seconds <= FILE_S, {"seconds": seconds}),
        Row("Memory of that command", f"{largest:.0f} MB", "", f"≤ {FILE_MB:.0f} MB", largest <= FILE_MB,
            {"megabytes": largest}),
    ]  # fmt: skip
