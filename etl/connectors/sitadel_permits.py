"""Sitadel's list of permits that create dwellings: dwellings by commune, by the year of what was recorded.

UTF-8, semicolon, a row a permit; a line of descriptions may stand above the header. What the codes of `ETAT_DAU` mean
is declared by edition (`state_codes` of the source) and held to the dates of the file. All permits of the list were
authorised; those cancelled since count apart. Names, addresses and parcels are not read, numbers of permits not told.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from data.errors import StateCodesError, UnknownEditionError
from etl.commune_rows import CommuneRows, in_scope
from etl.intake import Extracted, Loaded, Scope
from etl.judging import Observed, framed
from etl.reading.registers import Register, read_register, without_values
from etl.tallies import INCOMPLETE

AREA, TYPE, NUMBER, STATE, FILED = "COMM", "TYPE_DAU", "NUM_DAU", "ETAT_DAU", "AN_DEPOT"
AUTHORISED, OPENED, COMPLETED = "DATE_REELLE_AUTORISATION", "DATE_REELLE_DOC", "DATE_REELLE_DAACT"
CREATED, DEMOLISHED = "NB_LGT_TOT_CREES", "NB_LGT_DEMOLIS"
REGISTER = Register((AREA, NUMBER, STATE, AUTHORISED, CREATED), (TYPE, FILED, OPENED, COMPLETED, DEMOLISHED), ";")
PERSONAL = frozenset({NUMBER})


@dataclass(frozen=True)
class Measure:
    """What is counted of which permits, by the year of which date."""

    indicator: str
    number: str
    date: str
    is_of_cancelled: bool = False


MEASURES = (
    Measure("permitted_dwellings", CREATED, AUTHORISED),
    Measure("permits_cancelled_dwellings", CREATED, AUTHORISED, is_of_cancelled=True),
    Measure("permits_started_dwellings", CREATED, OPENED),
    Measure("permits_completed_dwellings", CREATED, COMPLETED),
    Measure("dwellings_demolished_permitted", DEMOLISHED, AUTHORISED),
)
GIVES = tuple(measure.indicator for measure in MEASURES)
# What a state says of the dates beside it: those that must be there, those that must not.
DATES_OF = {
    "authorised": ((), (OPENED, COMPLETED)),
    "started": ((OPENED,), (COMPLETED,)),
    "completed": ((COMPLETED,), ()),
}
# A dictionary that does not fit so many rows is not that of the edition.
MISFITS, LARGEST_MISFIT_SHARE = 20, 0.1
FIRST_YEAR = 2000
PARTIAL_FR = "Année incomplète\u202f: la liste s’arrête à l’édition de {label}, et des déclarations arrivent plus tard."
PARTIAL_EN = "Incomplete year: the list ends with the edition of {label}, and declarations come in later."
UNCOUNTED_FR = "Des permis ne disent pas combien de logements ils démolissent."
UNCOUNTED_EN = "Some permits do not say how many dwellings they demolish."


def extract(path: Path) -> Extracted:
    """Read the columns counted of a list of permits, or of the one list in an archive.

    Raises
    ------
    UnreadableFileError
        The file is too large, of another kind, or lacks a column.
    """
    return read_register(path, REGISTER)


def _last_day(edition: str) -> tuple[str, str]:
    """Return how an edition is called and the last day it can know of.

    Raises
    ------
    UnknownEditionError
        The edition names no month.
    """
    found = re.fullmatch(r"sitadel-permits-((\d{4})-(0[1-9]|1[0-2]))", edition, re.ASCII)
    if found is None:
        raise UnknownEditionError(f"{edition!r} names no month: an edition is called sitadel-permits-2025-10")
    year, month = int(found[2]), int(found[3])
    return found[1], f"{found[1]}-{monthrange(year, month)[1]:02d}"


def _day(text: str) -> str | None:
    """Return a day as ISO 8601 writes it, nothing where a text is none: files have `2021-05-03` or `03/05/2021`."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text, re.ASCII)
    french = re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text, re.ASCII)
    parts = found.groups() if found else french.groups()[::-1] if french else ()
    try:
        day = date(*(int(part) for part in parts))
    except (ValueError, TypeError):
        return None
    return day.isoformat() if day.year >= FIRST_YEAR else None


def _days(column: pd.Series) -> pd.Series:
    """Return the days of a column, "" where blank, missing where a text is no day."""
    return column.map({text: "" if text == "" else _day(text) for text in column.unique()})


def _declared(extracted: Extracted, edition: str, scope: Scope) -> Mapping[str, str]:
    """Return what the codes of an edition mean, once they fit the dates of its rows.

    Raises
    ------
    StateCodesError
        Nothing says what they mean, or what is said cannot be.
    """
    codes = scope.state_codes.get(edition)
    if not codes:
        found = ", ".join(sorted(code for code in extracted.frame[STATE].unique() if code)[:20])
        raise StateCodesError(
            f"nothing says what the codes of {STATE} mean in {edition}, and they differ between editions. Add to "
            "catalogue/sources/sitadel_permits.toml, from the dictionary that the publisher offers with the edition, "
            f'a table [state_codes.{edition}] with a line for each code, such as 2 = "authorised" (or "started", '
            f'"completed", "cancelled", "not_authorised"). {extracted.file} has the codes {found}'
        )
    for state, (wanted, unwanted) in DATES_OF.items():
        rows = extracted.frame[extracted.frame[STATE].map(codes).eq(state)]
        there = [rows[column].ne("") for column in unwanted if column in rows]
        absent = [rows[column].eq("") for column in wanted if column in rows]
        misfits = int(np.logical_or.reduce([*there, *absent]).sum()) if there or absent else 0
        if misfits >= MISFITS and misfits > LARGEST_MISFIT_SHARE * len(rows):
            raise StateCodesError(
                f"{extracted.file}: {misfits} of the {len(rows)} permits whose {STATE} is said to mean {state!r} have "
                f"dates that contradict it: [state_codes.{edition}] in catalogue/sources/sitadel_permits.toml is not "
                "what this edition's dictionary says. Correct it"
            )
    return codes


def transform(extracted: Extracted, edition: str, scope: Scope) -> Loaded:
    """Add up the dwellings of permits of the communes in scope, by year.

    Raises
    ------
    UnknownEditionError
        The edition names no month.
    StateCodesError
        The codes of the edition are not declared, or do not fit its dates.
    """
    label, last_day = _last_day(edition)
    codes = _declared(extracted, edition, scope)
    chosen = in_scope(extracted, AREA, scope)
    days = _check_rows(chosen, codes, last_day)
    numbers = chosen.read_counts(tuple(column for column in (CREATED, DEMOLISHED) if column in chosen.rows))
    chosen.reject_where(CREATED, numbers[CREATED].isna(), "count_missing")
    incomplete = _communes_of(chosen, extracted)
    chosen.drop_rejected()
    known = chosen.rows.index
    permits = pd.concat([chosen.rows[AREA], chosen.rows[STATE].map(codes).rename("state"),
                         days.loc[known], numbers.loc[known]], axis=1)  # fmt: skip
    first = _days(extracted.frame[AUTHORISED]).dropna()
    years = range(int(min(first[first.ne("") & first.le(last_day)].str[:4], default=label[:4])), int(label[:4]) + 1)
    observed = [one for measure in MEASURES for one in _observed(permits, measure, years, label, edition)]
    observed = [_incomplete(one) if one.ref_area in incomplete else one for one in observed]
    loaded = chosen.loaded(framed(observed))
    return replace(loaded, rejected=without_values(loaded.rejected, PERSONAL))


def _check_rows(chosen: CommuneRows, codes: Mapping[str, str], last_day: str) -> pd.DataFrame:
    """Reject rows whose state, number or dates cannot be, and return the days of the others."""
    rows = chosen.rows
    chosen.reject_where(STATE, ~rows[STATE].isin(list(codes)), "unknown_code")
    chosen.reject_where(NUMBER, rows[NUMBER].str.strip().eq(""), "identifier_missing")
    key = [column for column in (TYPE, NUMBER) if column in rows]
    chosen.reject_where(NUMBER, rows.duplicated(key, keep=False) & rows[NUMBER].str.strip().ne(""), "duplicate_record")
    dates = [column for column in (AUTHORISED, OPENED, COMPLETED) if column in rows]
    days = pd.DataFrame({column: _days(rows[column]) for column in dates}, index=rows.index, columns=dates)
    chosen.reject_where(AUTHORISED, days[AUTHORISED].eq(""), "date_missing")
    filed = rows[FILED] if FILED in rows else pd.Series("", index=rows.index)
    is_year = filed.str.fullmatch("[0-9]{4}")
    if FILED in rows:
        chosen.reject_where(FILED, ~is_year & filed.ne(""), "malformed_period")
    for column in dates:
        is_day = days[column].notna() & days[column].ne("")
        chosen.reject_where(column, days[column].isna(), "malformed_date")
        chosen.reject_where(column, is_day & days[column].gt(last_day), "future_period")
        chosen.reject_where(column, is_day & is_year & days[column].str[:4].lt(filed), "date_before_filing")
    chosen.drop_rejected()
    return days


def _communes_of(chosen: CommuneRows, extracted: Extracted) -> frozenset[str]:
    """Return the communes in scope of which rows were rejected."""
    lines = {one.line for one in chosen.rejected}
    return frozenset(extracted.frame.loc[extracted.frame["line"].isin(lines), AREA])


def _observed(permits: pd.DataFrame, measure: Measure, years: range, label: str, edition: str) -> Iterator[Observed]:
    """Yield the dwellings of a measure by commune and year: a commune the list knows has zero in years without any."""
    if measure.date not in permits or measure.number not in permits:
        return
    wanted = {"cancelled"} if measure.is_of_cancelled else {"authorised", "started", "completed"}
    mine = permits[permits["state"].isin(wanted) & permits[measure.date].ne("")]
    by = [mine[AREA], mine[measure.date].str[:4]]
    sums, uncounted = mine[measure.number].groupby(by).sum(), mine[measure.number].isna().groupby(by).any()
    detail = f"Sitadel list of permits creating dwellings, {label} edition, {measure.number} by year of {measure.date}"
    for commune in sorted(permits[AREA].unique()):
        dated = sums.loc[commune].index if commune in sums.index.get_level_values(0) else []
        for year in sorted({*map(str, years), *dated}):
            value = float(sums.get((commune, year), 0.0))
            found = Observed(commune, measure.indicator, year, value, edition, detail)
            if uncounted.get((commune, year), False):
                found = replace(found, obs_status="E", note_fr=UNCOUNTED_FR, note_en=UNCOUNTED_EN)
            if year == label[:4]:
                french, english = PARTIAL_FR.format(label=label), PARTIAL_EN.format(label=label)
                found = replace(found, obs_status="P", note_fr=f"{found.note_fr} {french}".strip(),
                                note_en=f"{found.note_en} {english}".strip())  # fmt: skip
            yield found


def _incomplete(found: Observed) -> Observed:
    """Mark a figure of a commune of which rows could not be read."""
    french, english = (f"{note} {more}".strip() for note, more in zip((found.note_fr, found.note_en), INCOMPLETE,
                                                                     strict=True))  # fmt: skip
    status = "E" if found.obs_status == "A" else found.obs_status
    return replace(found, obs_status=status, note_fr=french, note_en=english)
