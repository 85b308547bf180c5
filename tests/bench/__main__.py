"""Measure speed and memory: `python -m tests.bench`, or `make bench`. A missed goal is printed, not an error."""

import signal
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer
from tqdm import tqdm

from data.settings import ROOT
from tests.bench import (
    api,
    briefing,
    browser,
    country,
    crowd,
    desk,
    first_load,
    nearest,
    parts,
    pictures,
    publication,
    received,
    searching,
    startup,
    takeaway,
)
from tests.bench.noise import Moment
from tests.bench.report import Report, Row, as_text, describe_machine, write

RESULTS = ROOT / "bench-results"
PARTS = {
    "reruns": ("1 Rerun after a change of district, one reader", parts.reruns),
    "load": (f"2 {parts.SESSIONS} sessions, one change every {parts.EVERY_S:.0f} s each, open loop", parts.load),
    "browser": ("3 The housing page in Chromium", parts.painting),
    "start": ("4 Start", parts.starts),
    "build": ("5 Release build", parts.builds),
    "hypotheses": ("6 The programme engine", parts.hypotheses),
    "received": ("7 Received files", received.received),
    "country": ("8 All communes of France", country.country),
    "publication": ("9 The static publication", publication.publication),
    "briefing": ("10 The briefing file", briefing.briefing),
    "nearest": ("11 The nearest IRIS of France", nearest.nearest_iris),
    "search": ("12 Search everywhere", searching.searching),
    "takeaway": ("13 Data to take away", takeaway.takeaway),
    "pictures": ("14 Pictures to take away", pictures.taken),
    "desk": ("15 Maps of many areas", desk.maps_of_many),
    "api": ("17 The data API", api.answered),
    "first": ("18 A first visit", first_load.first_load),
    "crowd": (f"16 {crowd.SESSIONS} sessions, and what {crowd.MANY} leave behind", crowd.crowd),
}


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"Measure these parts only: {', '.join(PARTS)}.")] = None,
) -> None:
    """Measure every part, print the table and write it to bench-results/."""
    # Asked to end, end as after Ctrl-C: the servers it started are stopped on the way out.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    chosen = only or list(PARTS)
    if unknown := set(chosen) - set(PARTS):
        raise typer.BadParameter(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    with browser.chromium() as chromium:
        report = Report(describe_machine(chromium.version))
    with tempfile.TemporaryDirectory(prefix="observatory-bench-") as place:
        releases = Path(place) / "releases"
        startup.build_release(releases)
        for name in tqdm(chosen, desc="benchmark", unit="part"):
            title, measure = PARTS[name]
            before = Moment.now()
            try:
                report.parts[title] = measure(releases)
            except Exception as error:
                # The other parts took minutes and are still worth reading.
                traceback.print_exc()
                report.parts[title] = [Row("could not be measured", f"{error!r:.120}", met=False)]
            report.others_percent[title] = before.busy_percent_of_others()
    print(as_text(report))
    for path in write(report, RESULTS):
        print(f"Written: {path.relative_to(ROOT)}")


if __name__ == "__main__":
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    app.command()(main)
    app()
