"""Data to take away: everything of the largest export in one archive, beside a bare workbook of the same rows."""

import io
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median

import pandas as pd

from dashboard import exports
from dashboard.takeaway.making import made
from dashboard.view import WHOLE_CITY, View, the_view
from data.release import current_id, open_release
from data.settings import default_commune
from tests.bench.report import Row
from tests.dashboard.taking import DISTRICT, OF_A_DISTRICT, PARAMETERS

GOAL_S, ROUNDS = 2.0, 7


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _asked(releases: Path) -> list[tuple[View, str, dict[str, str]]]:
    """Return every export that one release alone gives: of the city, or of a district where it is of one."""
    release = open_release(releases, current_id(releases))
    return [
        (the_view(release, default_commune(), DISTRICT if name in OF_A_DISTRICT else WHOLE_CITY, "fr", "light",
                  date.today()), name, parameters)
        for name in exports.names()
        if name != "changements"  # it compares two releases
        for parameters in PARAMETERS.get(name, ({},))
    ]  # fmt: skip


def _bare(frame: pd.DataFrame) -> float:
    """Return the seconds pandas takes to write rows as a workbook, and nothing else."""
    return median(_seconds(lambda: frame.to_excel(io.BytesIO(), engine="xlsxwriter")) for _ in range(ROUNDS))


def takeaway(releases: Path) -> list[Row]:
    """Return the rows of the part."""
    asked = _asked(releases)
    writes = [partial(made, view, name, "zip", parameters, "") for view, name, parameters in asked]
    first = list(map(_seconds, writes))
    slowest = first.index(max(first))
    frames = [exports.export(*one) for one in asked]
    largest = max(range(len(asked)), key=lambda place: frames[place].size)
    name, frame = asked[largest][1], frames[largest]
    seconds, bare = median(_seconds(writes[largest]) for _ in range(ROUNDS)), _bare(frame)
    return [
        Row(f"ZIP of the largest export, {name}: {len(frame)} rows of {len(frame.columns)}", f"{1000 * seconds:.0f} ms",
            f"pandas.to_excel {1000 * bare:.0f} ms", f"≤ {GOAL_S:.0f} s", seconds <= GOAL_S,
            {"seconds": seconds, "reference_seconds": bare}),
        Row(f"ZIP of {len(asked)} exports, nothing kept from before", f"slowest {1000 * first[slowest]:.0f} ms "
            f"({asked[slowest][1]}), median {1000 * median(first):.0f} ms", "", f"≤ {GOAL_S:.0f} s",
            first[slowest] <= GOAL_S, {"slowest_seconds": first[slowest]}),
    ]  # fmt: skip
