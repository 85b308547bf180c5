"""One figure as readers see it: value in words, date, kind of source, and the line it comes from."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.formats import first_of_days, is_missing, plural, quantity
from dashboard.messages import message
from dashboard.view import View
from data.definitions import load_catalogue
from data.frames import rows_of
from data.models import Unit
from data.release import Release
from data.rules.date_words import one_date
from data.rules.dates import is_datable, period_end
from data.settings import CATALOGUE

_LINES = re.compile(r"[\d:;, -]+")
# As many letters of a unit, found at the start of a word of a name, say that the name has the unit in it.
_LETTERS_OF_UNIT = 6


@dataclass(frozen=True)
class Figure:
    """A value with everything an honest page says beside it."""

    value: float | None
    text: str
    number: str
    unit: str
    label: str
    date: str
    kind: str
    source: str
    detail: str
    nature: str
    status: str
    note: str
    indicator: str
    period: str
    ref_area: str
    figure_id: str
    as_of: str
    time_basis: str
    dataset: str


def says_unit(words: str, unit: str) -> bool:
    """Tell whether a name says a unit already: "Social dwellings" needs no "dwellings" after its number."""
    return bool(unit) and any(word.startswith(unit.lower()[:_LETTERS_OF_UNIT]) for word in words.lower().split())


@lru_cache
def units() -> dict[str, Unit]:
    """Return the written forms of every unit."""
    return load_catalogue(CATALOGUE).units


@lru_cache(maxsize=8)
def indicators(release: Release) -> dict[str, Any]:
    """Return the catalogue rows of a release by indicator."""
    return {row.indicator: row for row in rows_of(release.table("indicators"))}


@lru_cache(maxsize=8)
def sources(release: Release) -> dict[str, Any]:
    """Return the source editions of a release by identifier."""
    return {row.source: row for row in rows_of(release.table("sources"))}


def localised(row: Any, name: str, language: str) -> str:
    """Return a text column in the reader's language."""
    return str(getattr(row, f"{name}_{language}"))


def period_words(time_period: str, time_basis: str, as_of: str, language: str) -> str:
    """Return a period in words; one the text does not state is said to be only that of its document."""
    if not is_datable(time_basis):
        return message("period.undated", language, year=as_of[:4])
    if time_basis == "since":
        start = one_date(time_period.split("/")[0], language)
        return message("period.since", language, start=start, year=as_of[:4])
    if "/" in time_period:
        first, last = time_period.split("/")
        if len(first) == len(last) == 10:
            return message(
                "period.days", language, first=first_of_days(first, last, language), last=one_date(last, language)
            )
        return message("period.between", language, first=one_date(first, language), last=one_date(last, language))
    if len(time_period) == 10:
        return message("period.on_day", language, day=one_date(time_period, language))
    return one_date(time_period, language)


def source_line(release: Release, source: str, detail: str, language: str) -> str:
    """Return a source in words: edition, and for a document its lines, for the city's sheet the document it names."""
    edition = sources(release)[source]
    short = localised(edition, "short", language)
    if edition.dataset == "city_sheet" and detail:
        return message("source.reference", language, source=short, reference=detail)
    # What is computed from a document's figure has its formula where others have lines.
    if not edition.document or not _LINES.fullmatch(detail):
        return short
    lines = ", ".join(part.split(":")[-1] for part in detail.split(";"))
    key = "source.line" if lines.isdigit() else "source.lines"
    return message(key, language, source=short, lines=lines)


def value_words(release: Release, row: Any, language: str) -> str:
    """Return the value of an observation in words, with its unit and qualifier, or why there is none."""
    if is_missing(row.obs_value):
        is_secret = getattr(row, "conf_status", "F") == "C"
        return message("state.secret" if is_secret else f"state.{row.obs_status}", language)
    definition = indicators(release)[row.indicator]
    forms = getattr(units()[definition.unit], language)
    text = quantity(row.obs_value, definition.decimals, definition.unit, forms, language)
    if not is_missing(row.obs_value_max):
        upper = quantity(row.obs_value_max, definition.decimals, definition.unit, forms, language)
        text = message("value.range", language, low=text, high=upper)
    if row.qualifier != "exact":
        text = message(f"qualifier.{row.qualifier}", language, value=text)
    return text


def to_figure(release: Release, row: Any, language: str) -> Figure:
    """Turn a row of observations into a figure."""
    definition = indicators(release)[row.indicator]
    text = value_words(release, row, language)
    forms = getattr(units()[definition.unit], language)
    unit = forms.other if is_missing(row.obs_value) else plural(row.obs_value, forms.one, forms.other, language)
    short = text.removesuffix(unit).strip() if len(unit) > 3 else text
    return Figure(
        value=None if is_missing(row.obs_value) else float(row.obs_value),
        text=text,
        number=short,
        unit=unit if short != text else "",
        label=localised(definition, "label", language),
        date=period_words(row.time_period, row.time_basis, row.as_of, language),
        kind=sources(release)[row.source].kind,
        source=source_line(release, row.source, row.source_detail, language),
        detail=row.source_detail,
        nature=row.nature,
        status=row.obs_status,
        note=localised(row, "note", language),
        indicator=row.indicator,
        period=row.time_period,
        ref_area=row.ref_area,
        figure_id=row.figure_id,
        as_of=row.as_of,
        time_basis=row.time_basis,
        dataset=sources(release)[row.source].dataset,
    )


@lru_cache(maxsize=8)
def _by_key(release: Release) -> dict[tuple[str, str], pd.DataFrame]:
    observations = release.table("observations")
    return dict(iter(observations.groupby(["ref_area", "indicator"], sort=False)))  # type: ignore[arg-type]


@lru_cache(maxsize=256)
def _editions(release: Release, dataset: str) -> list[str]:
    return [name for name, row in sources(release).items() if row.dataset == dataset]


def series(
    release: Release, ref_area: str, indicator: str, dataset: str = "", nature: str = "observed"
) -> pd.DataFrame:
    """Return the observations of an indicator for an area, in order of time.

    Parameters
    ----------
    dataset : only editions of this data set; empty means any (two sources may then disagree).
    """
    found = _by_key(release).get((ref_area, indicator))
    if found is None:
        return release.table("observations").iloc[:0]
    wanted = found["nature"] == nature
    if dataset:
        wanted &= found["source"].isin(_editions(release, dataset))
    return found[wanted].sort_values("time_period")


@lru_cache(maxsize=8192)
def latest(
    view: View, indicator: str, ref_area: str = "", dataset: str = "", nature: str = "observed"
) -> Figure | None:
    """Return the newest figure that has a value, or None."""
    rows = rows_of(series(view.release, ref_area or view.ref_area, indicator, dataset, nature))
    known = [row for row in rows if not is_missing(row.obs_value)]
    if not known:
        return None
    newest = max(known, key=lambda row: period_end(str(row.time_period)))
    return to_figure(view.release, newest, view.language)
