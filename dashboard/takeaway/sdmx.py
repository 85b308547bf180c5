"""Observations as SDMX-CSV 2.0, the flat format of statistical offices.

Each row begins with `STRUCTURE` (`datastructure`), `STRUCTURE_ID` and `ACTION` (`I`, information). Then come

- dimensions: `ref_area` as REF_AREA, `indicator` as INDICATOR, `nature` as NATURE, `reading` as READING (`_Z`, not
  applicable, where a text has but one reading), `source` as SOURCE, `time_period` as TIME_PERIOD: a year, a month, a
  day, or a range written as start and duration (`2020/2025`, both included, is `2020-01-01/P6Y`);
- the measure: `obs_value` as OBS_VALUE, empty where there is no value;
- attributes: `obs_status` as OBS_STATUS and `conf_status` as CONF_STATUS, in the codes of the cross-domain lists: a
  missing value is `O`, one that cannot exist `M`, one that is withheld `Q`, with `C` beside it. From the catalogue of
  indicators UNIT_MEASURE and DECIMALS; UNIT_MULT is 0. `time_basis`, `as_of`, `obs_value_max`, `qualifier`,
  `derived_from`, `source_detail`, `figure_id`, `state`, `programme`, `note_fr` and `note_en`, which SDMX has no
  concept for, are attributes of the same name in capitals.

Text stands as it is: no apostrophe is put before anything.
"""

import csv
import io
from functools import lru_cache
from typing import NamedTuple

import pandas as pd

from dashboard.figures import indicators
from dashboard.formats import separated
from dashboard.messages import message
from dashboard.takeaway.holding import NotObservationsError, column_words, is_observations
from dashboard.view import View
from data.rules.dates import period_end, period_start

STRUCTURE, STRUCTURE_ID, ACTION = "datastructure", "OBSERVATORY:OBSERVATIONS(1.0.0)", "I"
ONLY_READING, WITHHELD, SECRET = "_Z", "Q", "C"
DIMENSION, MEASURE, ATTRIBUTE = "dimension", "measure", "attribute"


class Component(NamedTuple):
    """A component of the structure: its identifier, its role, the column of the release or of its catalogue."""

    name: str
    role: str
    column: str


COMPONENTS = (
    *(Component(name.upper(), DIMENSION, name)
      for name in ("ref_area", "indicator", "nature", "reading", "source", "time_period")),
    Component("OBS_VALUE", MEASURE, "obs_value"),
    *(Component(name.upper(), ATTRIBUTE, name) for name in ("obs_status", "conf_status")),
    Component("UNIT_MEASURE", ATTRIBUTE, "unit"),
    Component("UNIT_MULT", ATTRIBUTE, ""),
    Component("DECIMALS", ATTRIBUTE, "decimals"),
    *(Component(name.upper(), ATTRIBUTE, name)
      for name in ("time_basis", "as_of", "obs_value_max", "qualifier", "derived_from", "source_detail", "figure_id",
                   "state", "programme", "note_fr", "note_en")),
)  # fmt: skip
STRUCTURE_COLUMNS = ("component", "role", "column", "meaning")
# Components of which there is more to say than of the column they come from.
_SAID_MORE = frozenset({"READING", "OBS_STATUS", "TIME_PERIOD", "UNIT_MULT"})


def _lengths(time_period: str) -> tuple[int, int]:
    first, last = time_period.split("/")
    return len(first), len(last)


@lru_cache(maxsize=4096)
def sdmx_period(time_period: str) -> str:
    """Return a period as SDMX writes it: a range, both ends included, as its first day and its duration."""
    if "/" not in time_period:
        return time_period
    start, end = period_start(time_period), period_end(time_period)
    years = end.year - start.year
    match _lengths(time_period):
        case (4, 4):
            duration = f"P{years + 1}Y"
        case (7, 7):
            duration = f"P{12 * years + end.month - start.month + 1}M"
        case _:
            duration = f"P{(end - start).days + 1}D"
    return f"{start.isoformat()}/{duration}"


def _written(value: object) -> str:
    """Return a value without loss; a whole number without decimals, nothing for none."""
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def _mapped(view: View, frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows with a column for each component."""
    known = indicators(view.release)
    is_secret = frame["conf_status"] == SECRET
    found = {
        "READING": frame["reading"].where(frame["reading"] != "", ONLY_READING),
        "TIME_PERIOD": frame["time_period"].map(sdmx_period),
        "OBS_STATUS": frame["obs_status"].where(~is_secret, WITHHELD),
        "UNIT_MEASURE": frame["indicator"].map(lambda name: known[name].unit),
        "UNIT_MULT": 0,
        "DECIMALS": frame["indicator"].map(lambda name: known[name].decimals),
    }
    return pd.DataFrame(
        {one.name: found[one.name] if one.name in found else frame[one.column] for one in COMPONENTS},
        index=frame.index,
    )


def sdmx_csv(view: View, frame: pd.DataFrame) -> bytes:
    """Return observations as SDMX-CSV 2.0 (UTF-8, lines end as RFC 4180 has it).

    Raises
    ------
    NotObservationsError
        The rows are no observations.
    """
    if not is_observations(frame):
        raise NotObservationsError("SDMX-CSV is for observations: these rows have other columns")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["STRUCTURE", "STRUCTURE_ID", "ACTION", *(one.name for one in COMPONENTS)])
    for row in _mapped(view, frame).itertuples(index=False, name=None):
        writer.writerow([STRUCTURE, STRUCTURE_ID, ACTION, *map(_written, row)])
    return text.getvalue().encode()


def _meaning(one: Component, language: str) -> str:
    said = [column_words(one.column, language)] if one.column else []
    said += [message(f"takeaway.sdmx_{one.name}", language)] if one.name in _SAID_MORE else []
    return separated(said, language)


def structure_csv(language: str) -> bytes:
    """Return what each component of the structure is, as CSV: role, column it comes from, meaning with its codes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(STRUCTURE_COLUMNS)
    for one in COMPONENTS:
        writer.writerow([one.name, one.role, one.column, _meaning(one, language)])
    return text.getvalue().encode("utf-8-sig")
