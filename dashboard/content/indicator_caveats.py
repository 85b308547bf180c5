"""What must be known before an indicator is used: notes of its figures, checks and comparisons that concern it."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any

from dashboard.content.common import has_official_districts
from dashboard.content.compared import compared_fold
from dashboard.content.comparison_words import the_catalogue
from dashboard.content.entries import area_words, whole_city
from dashboard.content.folds import Cell, Fold, Group, Listing, Row
from dashboard.content.indicator_coverage import SECRET, rows_covered, state_of
from dashboard.content.indicator_rows import dataset_of, figure_of, rows_shown
from dashboard.content.quality import VERDICTS, reference_words
from dashboard.content.reconciled import ambiguities, comparisons, recomputed
from dashboard.content.tree import Listings, Notes
from dashboard.content.two_readings import reading_list
from dashboard.definitions import definitions
from dashboard.figures import localised
from dashboard.formats import number, percent, plural, separated
from dashboard.messages import message
from dashboard.view import View
from data.frames import rows_of
from data.rules.check_operands import cited_by
from data.rules.citations import cited_lines
from data.rules.comparisons import Comparison
from data.rules.dates import is_datable

_FEW_AREAS = 3
_BREAK, _ESTIMATED = "B", "E"


def _counted(view: View, key: str, count: int, of: int) -> str:
    form = plural(count, "one", "other", view.language)
    words = {"count": number(count, 0, view.language), "of": number(of, 0, view.language)}
    return message(f"indicator_sheet.{key}_{form}", view.language, **words)


def _lookalikes(view: View, indicator: str) -> Iterator[str]:
    """Yield why an indicator is not what looks like it: the vacancies, for one."""
    for entry in definitions().incomparable.values():
        if any(indicator in members for members in entry.groups.values()):
            yield str(getattr(entry.reason, view.language))


def _protection(view: View, indicator: str) -> Iterator[str]:
    """Yield under how many units a figure is withheld, where it is counted from microdata."""
    known, limits = definitions().indicators.get(indicator), definitions().disclosure
    if known is not None and (rule := known.disclosure):
        yield message(f"indicator_sheet.protected_{rule.unit}", view.language, count=limits.threshold(rule.unit),
                      share=percent(limits.largest_share_percent, 0, view.language))  # fmt: skip


def _of_states(view: View, rows: tuple[Any, ...]) -> Iterator[str]:
    """Yield how many figures are estimated, missing, withheld, and where a series breaks."""
    language, states = view.language, [state_of(row) for row in rows]
    for state, key in ((_ESTIMATED, "estimated"), ("O", "missing"), (SECRET, "withheld"), ("M", "not_applicable")):
        if count := states.count(state):
            yield _counted(view, key, count, len(rows))
    breaks = dict.fromkeys(figure_of(view, row).date for row in rows if row.obs_status == _BREAK)
    if breaks:
        yield message("indicator_sheet.breaks", language, periods=", ".join(breaks))


def _of_places_and_dates(view: View, rows: tuple[Any, ...]) -> Iterator[str]:
    """Yield how figures by district are made, on which outlines, and which figures have no date of their own."""
    language = view.language
    levels = {str(view.areas.at[row.ref_area, "level"]) for row in rows if state_of(row) == _ESTIMATED}
    if "district" in levels:
        yield message("quality.note_districts", language)
        official = has_official_districts(view)
        yield message("quality.note_boundaries_official" if official else "quality.note_boundaries", language)
    undated = sum(not is_datable(row.time_basis) for row in rows)
    if undated:
        yield _counted(view, "undated", undated, len(rows))


def _of_natures(view: View, rows: tuple[Any, ...]) -> Iterator[str]:
    for nature in dict.fromkeys(row.nature for row in rows if row.nature != "observed"):
        yield message(f"indicator.is_{nature}", view.language)
    if any(row.reading for row in rows):
        yield message("indicator.readings", view.language)
    whole = [row for row in rows if row.ref_area == view.commune and row.nature == "observed"]
    if len({dataset_of(view, row) for row in whole}) > 1:
        yield message("indicator.sources", view.language)


@lru_cache(maxsize=64)
def _sentences(view: View, indicator: str) -> tuple[str, ...]:
    rows = rows_covered(view, indicator)
    found = (
        *_lookalikes(view, indicator), *_of_natures(view, rows), *_of_states(view, rows),
        *_of_places_and_dates(view, rows), *_protection(view, indicator),
    )  # fmt: skip
    return found or (message("indicator_sheet.no_caveat", view.language),)


def sentences(view: View, indicator: str) -> tuple[str, ...]:
    """Return what must be known of the figures, a sentence each; that there is nothing, where there is nothing."""
    return _sentences(whole_city(view), indicator)


def _said_of(view: View, rows: list[Any]) -> str:
    """Return which figures a note is about: area and period, or of how many areas."""
    areas = dict.fromkeys(row.ref_area for row in rows)
    if len(areas) > _FEW_AREAS:
        return message("indicator_sheet.of_areas", view.language, count=len(areas))
    said = (message("indicator_sheet.where", view.language, area=area_words(view, row.ref_area),
                    period=figure_of(view, row).date) for row in rows)  # fmt: skip
    return separated(dict.fromkeys(said), view.language)


def _notes_fold(view: View, indicator: str) -> Fold | None:
    """Return the remarks that the figures carry, each once with the figures it is about."""
    language = view.language
    of_note: dict[str, list[Any]] = {}
    for row in rows_shown(view, indicator):
        if note := localised(row, "note", language):
            of_note.setdefault(note, []).append(row)
    if not of_note:
        return None
    rows = tuple(Row(_said_of(view, mine), "", (Cell(note),)) for note, mine in of_note.items())
    columns = tuple(message(f"indicator_sheet.column_{name}", language) for name in ("about", "remark"))
    title = message("indicator_sheet.notes", language, count=len(rows))
    return Fold(title, columns, (Group("", "", rows),), "obs-remarks", is_open=True)


def checks_of(view: View, indicator: str) -> dict[str, tuple[Any, ...]]:
    """Return the checks of the commune that concern an indicator.

    Returns
    -------
    `with_figure`: those that compute with a figure of it; `same_line`: others that cite a line one of its figures has.
    """
    checks, table = recomputed(view.release), view.release.table("sources")
    rows = [row for row in rows_shown(view, indicator) if row.figure_id]
    lines = frozenset(line for row in rows for line in cited_lines(row.source, row.source_detail))
    found: dict[str, list[Any]] = {"with_figure": [], "same_line": []}
    for check in rows_of(view.release.table("checks")):
        if check.commune != view.commune:
            continue
        if any(operand.indicator == indicator for operand in checks[check.check_id].operands):
            found["with_figure"].append(check)
        elif cited_by(check.source_refs, table)[0] & lines:
            found["same_line"].append(check)
    return {key: tuple(mine) for key, mine in found.items()}


def _check_row(view: View, check: Any) -> Row:
    verdict = message(f"verdict.{check.verdict}", view.language)
    cells = (Cell(localised(check, "text", view.language)), Cell(reference_words(view, check.source_refs)))
    return Row(localised(check, "title", view.language), verdict, cells)


def _checks_fold(view: View, indicator: str) -> Fold | None:
    """Return the checks that concern an indicator, the most serious first."""
    language, order = view.language, [verdict for verdicts in VERDICTS.values() for verdict in verdicts]
    groups = tuple(
        Group(message(f"indicator_sheet.checks_{key}", language), "",
              tuple(_check_row(view, check) for check in sorted(mine, key=lambda one: order.index(one.verdict))))
        for key, mine in checks_of(view, indicator).items() if mine
    )  # fmt: skip
    if not groups:
        return None
    columns = tuple(message(f"quality.column_{name}", language) for name in ("check", "says", "lines"))
    title = message("indicator_sheet.checks", language, count=sum(len(group.rows) for group in groups))
    return Fold(title, columns, groups, "obs-checks")


def compared_with(view: View, indicator: str) -> tuple[Comparison, ...]:
    """Return the comparisons of the whole commune that a figure of the indicator is a side of."""
    return tuple(
        one for one in comparisons(view.release, view.commune)
        if one.total.ref_area == view.commune and any(side.indicator == indicator for side in (one.total, *one.parts))
    )  # fmt: skip


def _compared_folds(view: View, indicator: str) -> Iterator[Fold]:
    found = compared_with(view, indicator)
    split = {"differ": [one for one in found if one.kind == "sources"],
             "parts_differ": [one for one in found if one.kind != "sources"]}  # fmt: skip
    for (key, mine), name in zip(split.items(), ("other_sources", "totals"), strict=True):
        if mine:
            title = message(f"indicator_sheet.{name}", view.language, count=len(mine))
            yield replace(compared_fold(view, key, mine), title=title)


def _reading_folds(view: View, indicator: str) -> tuple[Fold, ...]:
    quantities = {name for name, one in the_catalogue().quantities.items() if indicator in one.indicators}
    found = tuple(one for one in ambiguities(view.release, view.commune) if one.quantity in {*quantities, indicator})
    return reading_list(view, found)


@lru_cache(maxsize=64)
def _listing(view: View, indicator: str) -> Listing | None:
    alone = (_notes_fold(view, indicator), _checks_fold(view, indicator))
    folds = (*(fold for fold in alone if fold), *_compared_folds(view, indicator), *_reading_folds(view, indicator))
    if not folds:
        return None
    title = message("indicator_sheet.remarks", view.language)
    return Listing(title, message("indicator_sheet.remarks_note", view.language), folds, "")


def parts(view: View, indicator: str) -> tuple[Notes | Listings, ...]:
    """Return what must be known of an indicator; it does not depend on the district."""
    city = whole_city(view)
    notes = Notes(message("indicator_sheet.caveats", view.language), sentences(view, indicator))
    listing = _listing(city, indicator)
    return (notes, Listings((listing,))) if listing else (notes,)
