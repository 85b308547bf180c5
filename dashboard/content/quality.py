"""Where the figures come from, what was checked, what is covered, and what is missing."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.content.common import kind_words
from dashboard.content.entries import area_words, themes, whole_city
from dashboard.content.folds import Cell, Fold, Group, Listing, Row
from dashboard.content.pieces import Headline
from dashboard.figures import indicators, localised, source_line, sources
from dashboard.formats import number, one_date
from dashboard.messages import message
from dashboard.view import View
from dashboard.works import GLYPHS, district_name
from data.rules.dates import is_datable, period_end, period_start
from data.rules.gaps import FACTS, missing_facts, relevant_facts

THEME = "territory"
NOTES = ("natures", "undated", "due", "districts", "boundaries", "not_zero", "vacancies", "revisions")
LEVELS = ("territory", "commune", "district", "iris", "operation", "network")

# Verdicts, the most serious first, in three tables.
VERDICTS = {
    "doubts": ("contradiction", "ambiguous", "gap", "not_reproducible"),
    "cautions": ("do_not_sum", "caution", "assumption", "range", "approximate", "naming"),
    "sound": ("ok", "planned"),
}
# Three references of the ledger name a data set and not a document.
_DATASETS = {"lovac": "lovac-2025", "sdes_rpls": "rpls-2024", "census 2021": "insee-census-2021"}


def headline(view: View) -> Headline:
    """Return how many sources, checks and gaps the page holds."""
    gaps = int(gap_rows(view)[list(FACTS)].sum().sum())
    lead = message(
        "quality.lead", view.language, missing=number(gaps, 0, view.language),
        **{name: len(view.release.table(name)) for name in ("sources", "checks", "programmes")},
    )  # fmt: skip
    return Headline(message("quality.title", view.language), lead)


def notes(view: View) -> tuple[str, ...]:
    """Return the rules of reading that hold on every page."""
    return tuple(message(f"quality.note_{name}", view.language) for name in NOTES)


def reference_words(view: View, references: str) -> str:
    """Return what a row refers to in words: `002:27;57;003:13` gives two documents and three lines."""
    documents = {row.document: name for name, row in sources(view.release).items() if row.document}
    lines: dict[str, list[str]] = {}
    document = ""
    for part in references.split(";"):
        before, separator, line = part.rpartition(":")
        if (edition := _DATASETS.get(part, part)) in sources(view.release):
            lines.setdefault(edition, [])
            continue
        document = before if separator else document
        lines.setdefault(documents[document], []).append(line)
    return " ; ".join(source_line(view.release, name, ";".join(found), view.language) for name, found in lines.items())


def _columns(view: View, *names: str) -> tuple[str, ...]:
    return tuple(message(f"quality.column_{name}", view.language) for name in names)


def _edition_row(view: View, row: Any) -> Row:
    language = view.language
    date = one_date(row.edition_date, language) if row.edition_date else message("basis.none", language)
    document = message("quality.document", language, number=row.document) if row.document else ""
    return Row(localised(row, "title", language), document, (Cell("", kind_words(row.kind, language)), Cell(date)))


def _source_list(view: View) -> Listing:
    """Return every edition, under what its data set says once: publisher, licence, frequency, method."""
    language, groups = view.language, []
    for _, editions in view.release.table("sources").sort_values("edition_date").groupby("dataset", sort=True):
        first: Any = next(editions.itertuples())
        under = message("quality.dataset", language, licence=first.licence, method=localised(first, "method", language),
                        frequency=localised(first, "frequency", language))  # fmt: skip
        rows = tuple(_edition_row(view, row) for row in editions.itertuples())
        groups.append(Group(first.publisher, under, rows))
    title = message("quality.fold_sources", language, count=len(view.release.table("sources")))
    fold = Fold(title, _columns(view, "edition", "kind", "date"), tuple(groups), "obs-sources", True)
    return Listing(message("quality.sources", language), message("quality.sources_note", language), (fold,), "sources")


def _check_row(view: View, row: Any) -> Row:
    area = "" if row.commune == view.commune else area_words(view, row.commune)
    text, lines = localised(row, "text", view.language), reference_words(view, row.source_refs)
    return Row(localised(row, "title", view.language), area, (Cell(text), Cell(lines)))


def _check_list(view: View) -> Listing:
    """Return the published checks, the contradictions and gaps first and open."""
    language, table, folds = view.language, view.release.table("checks"), []
    for family, verdicts in VERDICTS.items():
        mine = {verdict: table[table["verdict"] == verdict] for verdict in verdicts}
        groups = tuple(
            Group(message(f"verdict.{verdict}", language), "",
                  tuple(_check_row(view, row) for row in rows.itertuples()))
            for verdict, rows in mine.items() if len(rows)
        )  # fmt: skip
        title = message(f"quality.fold_{family}", language, count=sum(len(rows) for rows in mine.values()))
        folds.append(Fold(title, _columns(view, "check", "says", "lines"), groups, "obs-checks", family == "doubts"))
    note = message("quality.checks_note", language)
    return Listing(message("quality.checks", language), note, tuple(folds), "verifications")


def coverage_rows(view: View) -> pd.DataFrame:
    """Return per indicator its theme, the levels of its areas, first and last stated year, values and states."""
    rows = pd.concat([view.release.table("observations"), view.release.table("context")])
    rows = rows.assign(level=rows["ref_area"].map(view.areas["level"]))
    records = []
    for name, mine in rows.groupby("indicator", sort=True):
        indicator = str(name)
        stated = mine.loc[mine["time_basis"].map(is_datable), "time_period"]
        years = [*(period_start(period).year for period in stated), *(period_end(period).year for period in stated)]
        areas = mine.groupby("level")["ref_area"].nunique()
        states = mine["obs_status"].value_counts()
        records.append({
            "indicator": indicator, "theme": indicators(view.release)[indicator].theme,
            **{f"{level}_areas": int(areas.get(level, 0)) for level in LEVELS},
            "first_year": str(min(years)) if years else "", "last_year": str(max(years)) if years else "",
            "values": int(mine["obs_value"].notna().sum()), "undated_values": len(mine) - len(stated),
            **{f"status_{state}": int(states.get(state, 0)) for state in "APEFBOM"},
        })  # fmt: skip
    return pd.DataFrame.from_records(records)


def _coverage_row(view: View, row: Any) -> Row:
    language = view.language
    levels = [f"{message(f'level.{level}', language)} ({count})" for level in LEVELS
              if (count := getattr(row, f"{level}_areas"))]  # fmt: skip
    states = [f"{message(f'state.{state}', language)} ({count})" for state in "APEFBOM"
              if (count := getattr(row, f"status_{state}"))]  # fmt: skip
    years = row.first_year if row.first_year == row.last_year else f"{row.first_year}–{row.last_year}"
    if row.undated_values:
        undated = message("quality.undated", language, count=row.undated_values)
        years = f"{years}, {undated}" if years else undated
    label = localised(indicators(view.release)[row.indicator], "label", language)
    cells = (", ".join(levels), years, number(row.values, 0, language), ", ".join(states))
    return Row(label, "", tuple(Cell(words) for words in cells))


def _coverage_list(view: View) -> Listing:
    language, rows = view.language, coverage_rows(view)
    groups = tuple(
        Group(label, "", tuple(_coverage_row(view, row) for row in rows[rows["theme"] == theme].itertuples()))
        for theme, label in themes(language).items()
    )  # fmt: skip
    title = message("quality.fold_coverage", language, count=len(rows))
    fold = Fold(title, _columns(view, "indicator", "levels", "periods", "values", "states"), groups, "obs-coverage")
    note = message("quality.coverage_note", language)
    return Listing(message("quality.coverage", language), note, (fold, _methods(view)), "couverture")


def _methods(view: View) -> Fold:
    """Return how each indicator that is computed or needs care is made."""
    language, groups = view.language, []
    for theme, label in themes(language).items():
        mine = [row for row in indicators(view.release).values() if row.theme == theme]
        rows = tuple(Row(localised(row, "label", language), "", (Cell(method, "", row.expression),))
                     for row in mine if (method := localised(row, "method", language)))  # fmt: skip
        groups += [Group(label, "", rows)] if rows else []
    title = message("quality.fold_methods", language, count=sum(len(group.rows) for group in groups))
    return Fold(title, _columns(view, "indicator", "method"), tuple(groups), "obs-methods")


def gap_rows(view: View) -> pd.DataFrame:
    """Return every operation of every text; true where a fact that matters for it is missing."""
    programmes, places = view.release.table("programmes"), view.release.table("places")
    positioned = set(places.loc[places["longitude"].notna(), "name"])
    shown = programmes[["programme_id", "name", "kind", "theme", "ref_area", "status"]]
    return shown.join(missing_facts(programmes, positioned))


def _gap_counts(view: View) -> Fold:
    language, programmes = view.language, view.release.table("programmes")
    relevant, missing = relevant_facts(programmes).sum(), gap_rows(view)[list(FACTS)].sum()
    rows = tuple(
        Row(message(f"missing.{fact}", language), "", (
            Cell(message("quality.missing_of", language, count=missing[fact], total=relevant[fact])),
            Cell(message(f"quality.rule_{fact}", language))))
        for fact in FACTS
    )  # fmt: skip
    title = message("quality.fold_gap_counts", language)
    return Fold(title, _columns(view, "fact", "missing", "rule"), (Group("", "", rows),), "obs-gaps", True)


def _gap_row(view: View, row: Any) -> Row:
    absent = [message(f"missing.{fact}", view.language) for fact in FACTS if getattr(row, fact)]
    state = f"{GLYPHS[row.status]} {message(f'status.{row.status}', view.language)}"
    words = ", ".join(absent) or message("quality.nothing_missing", view.language)
    return Row(row.name, area_words(view, row.ref_area), (Cell(state), Cell(words)))


def _gap_list(view: View) -> Listing:
    language, rows = view.language, gap_rows(view).sort_values(["ref_area", "name"])
    groups = tuple(
        Group(label, "", tuple(_gap_row(view, row) for row in rows[rows["theme"] == theme].itertuples()))
        for theme, label in themes(language).items()
    )  # fmt: skip
    title = message("quality.fold_gaps", language, count=len(rows))
    fold = Fold(title, _columns(view, "operation", "state", "missing"), groups, "obs-gaps")
    note = message("quality.missing_note", language)
    return Listing(message("quality.missing", language), note, (_gap_counts(view), fold), "manques")


def _place_row(view: View, row: Any) -> Row:
    language, is_station = view.language, row.kind in {"metro", "rer", "tram"}
    kind = f"{message(f'mode.{row.kind}', language)} {row.line.split()[-1]}" if is_station else message(
        f"place_kind.{row.kind}", language)  # fmt: skip
    district = district_name(view, row.district)
    if is_station and not row.district:
        district = message("quality.outside", language, city=view.city_name)
    basis = message("quarter.sketch_basis", language) if is_station else localised(row, "district_basis", language)
    source = reference_words(view, row.source_detail or row.source)
    other = row.commune if row.commune not in {"", view.commune} else ""
    under = f"{kind}, {area_words(view, other)}" if other else kind
    return Row(row.name, under, (Cell(district), Cell(basis), Cell(source, "", localised(row, "note", language))))


def _place_list(view: View) -> Listing:
    language, rows = view.language, view.release.table("places").sort_values(["name", "line"])
    groups = (Group("", "", tuple(_place_row(view, row) for row in rows.itertuples())),)
    title = message("quality.fold_places", language, count=len(rows))
    fold = Fold(title, _columns(view, "place", "district", "basis", "source"), groups, "obs-places")
    return Listing(message("quality.places", language), message("quality.places_note", language), (fold,), "lieux")


@lru_cache(maxsize=8)
def _listings(view: View) -> tuple[Listing, ...]:
    return (_source_list(view), _check_list(view), _gap_list(view), _coverage_list(view), _place_list(view))


def listings(view: View) -> tuple[Listing, ...]:
    """Return the parts of the page; none depends on the district."""
    return _listings(whole_city(view))


EXPORTS: dict[str, Callable[[View], pd.DataFrame]] = {
    "sources": lambda view: view.release.table("sources"),
    "verifications": lambda view: view.release.table("checks"),
    "lieux": lambda view: view.release.table("places"),
    "manques": gap_rows,
    "couverture": coverage_rows,
}


def export_rows(view: View, name: str) -> pd.DataFrame:
    """Return the rows of a download of the page."""
    return EXPORTS[name](view)
