"""Where the figures come from, what was checked, what is covered, and what is missing."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.content.common import district_basis, has_official_districts, kind_words
from dashboard.content.corrections import corrections_list
from dashboard.content.coverage import columns, coverage_list, coverage_rows, gap_list, gap_rows
from dashboard.content.entries import area_words, whole_city
from dashboard.content.folds import Cell, Fold, Group, Listing, Row
from dashboard.content.pieces import Headline
from dashboard.content.received import received_lists
from dashboard.figures import localised, source_line, sources
from dashboard.formats import number, separated
from dashboard.messages import message
from dashboard.view import View
from dashboard.works import district_name
from data.frames import rows_of
from data.rules.date_words import one_date
from data.rules.gaps import FACTS

THEME = "territory"
NOTES = ("natures", "undated", "due", "districts", "boundaries", "not_zero", "vacancies", "revisions")
OF_DISTRICTS = {"districts", "boundaries"}

# Verdicts, the most serious first, in three tables.
VERDICTS = {
    "doubts": ("contradiction", "ambiguous", "gap", "not_reproducible"),
    "cautions": ("do_not_sum", "caution", "assumption", "range", "approximate", "naming"),
    "sound": ("ok", "planned"),
}


@lru_cache(maxsize=64)
def headline(view: View) -> Headline:
    """Return how many sources, checks and gaps the page holds."""
    gaps = int(gap_rows(view)[list(FACTS)].sum().sum())
    lead = message(
        "quality.lead",
        view.language,
        missing=number(gaps, 0, view.language),
        **{name: len(view.release.table(name)) for name in ("sources", "checks", "programmes")},
    )
    return Headline(message("quality.title", view.language), lead)


@lru_cache(maxsize=64)
def notes(view: View) -> tuple[str, ...]:
    """Return the rules of reading that hold on every page."""
    without = set() if len(view.districts) else OF_DISTRICTS
    drawn = {"boundaries": "boundaries_official"} if has_official_districts(view) else {}
    return tuple(
        message(f"quality.note_{drawn.get(name, name)}", view.language) for name in NOTES if name not in without
    )


def reference_words(view: View, references: str) -> str:
    """Return what a row refers to in words: `002:27;57;003:13` gives two documents and three lines.

    A reference that is an edition's identifier stands for itself.
    """
    documents = {row.document: name for name, row in sources(view.release).items() if row.document}
    lines: dict[str, list[str]] = {}
    document = ""
    for part in references.split(";"):
        before, separator, line = part.rpartition(":")
        if part in sources(view.release):
            lines.setdefault(part, [])
            continue
        document = before if separator else document
        lines.setdefault(documents[document], []).append(line)
    return separated(
        (source_line(view.release, name, ";".join(found), view.language) for name, found in lines.items()),
        view.language,
    )


def _edition_row(view: View, row: Any) -> Row:
    language = view.language
    date = one_date(row.edition_date, language) if row.edition_date else message("basis.none", language)
    document = message("quality.document", language, number=row.document) if row.document else ""
    return Row(localised(row, "title", language), document, (Cell("", kind_words(row.kind, language)), Cell(date)))


def _source_list(view: View) -> Listing:
    """Return every edition, under what its data set says once: publisher, licence, frequency, method."""
    language, groups = view.language, []
    for _, editions in view.release.table("sources").sort_values("edition_date").groupby("dataset", sort=True):
        first: Any = next(rows_of(editions))
        under = message(
            "quality.dataset",
            language,
            licence=first.licence,
            method=localised(first, "method", language),
            frequency=localised(first, "frequency", language),
        )
        rows = tuple(_edition_row(view, row) for row in rows_of(editions))
        groups.append(Group(first.publisher, under, rows))
    title = message("quality.fold_sources", language, count=len(view.release.table("sources")))
    fold = Fold(title, columns(view, "edition", "kind", "date"), tuple(groups), "obs-sources", True)
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
            Group(message(f"verdict.{verdict}", language), "", tuple(_check_row(view, row) for row in rows_of(rows)))
            for verdict, rows in mine.items()
            if len(rows)
        )
        title = message(f"quality.fold_{family}", language, count=sum(len(rows) for rows in mine.values()))
        folds.append(Fold(title, columns(view, "check", "says", "lines"), groups, "obs-checks", family == "doubts"))
    note = message("quality.checks_note", language)
    return Listing(message("quality.checks", language), note, tuple(folds), "verifications")


def _place_row(view: View, row: Any) -> Row:
    language, is_station = view.language, row.kind in {"metro", "rer", "tram"}
    kind = (
        f"{message(f'mode.{row.kind}', language)} {row.line.split()[-1]}"
        if is_station
        else message(f"place_kind.{row.kind}", language)
    )
    district = district_name(view, row.district)
    if is_station and not row.district:
        district = message("quality.outside", language, of_city=view.of_city)
    elif row.kind.endswith("_network"):
        district = message("state.M", language)
    basis = district_basis(view) if is_station else localised(row, "district_basis", language)
    of_text = all(sources(view.release)[name].document for name in row.source.split(";"))
    source = reference_words(view, row.source_detail if of_text else row.source)
    if row.kind == "operation" and not of_text:
        source = source_line(view.release, row.source, row.source_detail, language)
    other = row.commune if row.commune not in {"", view.commune} else ""
    under = f"{kind}, {area_words(view, other)}" if other else kind
    return Row(row.name, under, (Cell(district), Cell(basis), Cell(source, "", localised(row, "note", language))))


def _place_list(view: View) -> Listing:
    language, rows = view.language, view.release.table("places").sort_values(["name", "line"])
    groups = (Group("", "", tuple(_place_row(view, row) for row in rows_of(rows))),)
    title = message("quality.fold_places", language, count=len(rows))
    fold = Fold(title, columns(view, "place", "district", "basis", "source"), groups, "obs-places")
    return Listing(message("quality.places", language), message("quality.places_note", language), (fold,), "lieux")


@lru_cache(maxsize=8)
def _listings(view: View) -> tuple[Listing, ...]:
    lists = (_check_list(view), gap_list(view), coverage_list(view), _place_list(view))
    return (_source_list(view), *received_lists(view), corrections_list(view), *lists)


def listings(view: View) -> tuple[Listing, ...]:
    """Return the parts of the page; none depends on the district."""
    return _listings(whole_city(view))


EXPORTS: dict[str, Callable[[View], pd.DataFrame]] = {
    "sources": lambda view: view.release.table("sources"),
    "corrections": lambda view: view.release.table("corrections"),
    "verifications": lambda view: view.release.table("checks"),
    "lieux": lambda view: view.release.table("places"),
    "manques": gap_rows,
    "couverture": coverage_rows,
}


def export_rows(view: View, name: str) -> pd.DataFrame:
    """Return the rows of a download of the page."""
    return EXPORTS[name](view)
