"""What exploring and comparing share: words of sources and areas, the table of a sight, years on an axis."""

from collections.abc import Iterable

import pandas as pd

from dashboard.content.pieces import Column, Table
from dashboard.desk.measures import has_date
from dashboard.desk.sight import Sight
from dashboard.figures import localised, sources
from dashboard.formats import separated
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.dates import period_start
from data.rules.side_by_side import OBSERVED, ranks, tied

_FIRST_DAY = "-01-01"


def source_words(view: View, rows: pd.DataFrame) -> tuple[str, tuple[str, ...]]:
    """Return the source line of observations and the marks of their kinds."""
    known = sources(view.release)
    editions = [known[name] for name in dict.fromkeys(rows["source"])]
    words = separated((localised(one, "short", view.language) for one in editions), view.language)
    kinds = dict.fromkeys(message(f"kind.{one.kind}", view.language) for one in editions)
    return f"{words}.", tuple(kinds)


def rank_words(frame: pd.DataFrame, language: str) -> list[str]:
    """Return the place of each area as tables say it, those that share a place with a word; none without a value."""
    places, shared = ranks(frame["value"]), tied(frame["value"])
    words = []
    for place, is_shared in zip(places, shared, strict=True):
        if pd.isna(place):
            words.append("—")
        else:
            words.append(message("desk.tied" if is_shared else "desk.place", language, place=int(place)))
    return words


def remark(row: object, language: str) -> str:
    """Return what a value is beside its number: estimated, provisional, planned; nothing for a plain one."""
    marks = []
    status, nature = str(getattr(row, "status", "")), str(getattr(row, "nature", ""))
    if getattr(row, "state", "") == "value" and status not in {"", "A"}:
        marks.append(message(f"state.{status}", language))
    if nature not in {"", "observed"}:
        marks.append(message(f"nature.{nature}", language))
    if getattr(row, "state", "") == "several":
        marks.append(message("desk.several", language))
    return ", ".join(marks)


def sight_table(view: View, seen: Sight, title: str, export: str = "", is_open: bool = False) -> Table:
    """Return the table that says what a measure is worth in each area, the highest first, those without value last."""
    language = view.language
    frame = seen.frame.assign(place=rank_words(seen.frame, language))
    frame = frame.sort_values(["value", "name"], ascending=[False, True], na_position="last", kind="stable")
    names = ("area", "value", "place", "state", "source")
    columns = tuple(Column(name, message(f"desk.column_{name}", language), numeric=name in {"value", "place"})
                    for name in names)  # fmt: skip
    rows = tuple(
        (row.name, row.words, row.place if seen.is_observed else "—", remark(row, language) or "—", row.source or "—")
        for row in rows_of(frame)
    )
    notes = tuple(str(note) for note in frame["note"])
    return Table(title, columns, rows, export, is_open=is_open, notes=notes if any(notes) else (), shape="values")


def hollow_words(natures: Iterable[str], is_any_estimated: bool, language: str) -> str:
    """Return why points are hollow: all of what is not observed, else those that are estimated; nothing without any."""
    for nature in natures:
        if nature != OBSERVED:
            return f"{message(f'desk.is_{nature}', language)} {message('desk.all_hollow', language)}"
    return message("desk.hollow", language) if is_any_estimated else ""


def year_of(period: str) -> int | None:
    """Return the year a period stands for on an axis: a year or its first day; None for what is neither."""
    if not has_date(period) or "/" in period:
        return None
    is_year = len(period) == 4 or (len(period) == 10 and period.endswith(_FIRST_DAY))
    return period_start(period).year if is_year else None


def gaps_of(years: Iterable[int], broken: Iterable[int]) -> list[float]:
    """Return where a line must be interrupted: in each year it skips, and before each year that begins a new series."""
    known = set(years)
    skipped = set(range(min(known), max(known))) - known if known else set()
    return sorted([*map(float, skipped), *(year - 0.5 for year in broken)])


def with_gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a yearly series with a row without value wherever its line must be interrupted.

    Parameters
    ----------
    frame : columns `year`, `value`, `text`, `is_estimated`, `is_break`.
    """
    gaps = gaps_of(frame["year"], frame.loc[frame["is_break"], "year"])
    empty = pd.DataFrame({"year": gaps, "value": float("nan"), "text": "", "is_estimated": False, "is_break": False})
    whole = pd.concat([frame.astype({"year": float}), empty]) if gaps else frame
    return whole.sort_values("year", ignore_index=True)


def domain_of(values: Iterable[float], decimals: int) -> tuple[float, float]:
    """Return the axis that values share: from zero where that leaves them apart, else a little beyond both ends."""
    known = [value for value in values if value == value]
    low, high = min(known), max(known)
    if 0 <= low <= high / 2 or low == high == 0:
        return 0.0, (high or 1.0) * 1.08
    margin = (high - low) * 0.12 or abs(high) * 0.05 or 10.0**-decimals
    return low - margin, high + margin
