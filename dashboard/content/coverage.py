"""What the figures cover, and what the texts leave out of their operations."""

from typing import Any

import pandas as pd

from dashboard.content.entries import area_words, themes
from dashboard.content.folds import Cell, Fold, Group, Listing, Row
from dashboard.figures import indicators, localised
from dashboard.formats import number
from dashboard.messages import message
from dashboard.view import View
from dashboard.works import GLYPHS
from data.frames import rows_of
from data.rules.dates import is_datable, period_end, period_start
from data.rules.gaps import FACTS, gaps_of, relevant_facts

LEVELS = ("territory", "commune", "district", "iris", "operation", "network")


def columns(view: View, *names: str) -> tuple[str, ...]:
    """Return the headings of a table of the page."""
    return tuple(message(f"quality.column_{name}", view.language) for name in names)


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
        records.append(
            {
                "indicator": indicator,
                "theme": indicators(view.release)[indicator].theme,
                **{f"{level}_areas": int(areas.get(level, 0)) for level in LEVELS},
                "first_year": str(min(years)) if years else "",
                "last_year": str(max(years)) if years else "",
                "values": int(mine["obs_value"].notna().sum()),
                "undated_values": len(mine) - len(stated),
                **{f"status_{state}": int(states.get(state, 0)) for state in "APEFBOM"},
            }
        )
    return pd.DataFrame.from_records(records)


def _coverage_row(view: View, row: Any) -> Row:
    language = view.language
    levels = [
        f"{message(f'level.{level}', language)} ({count})"
        for level in LEVELS
        if (count := getattr(row, f"{level}_areas"))
    ]
    states = [
        f"{message(f'state.{state}', language)} ({count})"
        for state in "APEFBOM"
        if (count := getattr(row, f"status_{state}"))
    ]
    years = row.first_year if row.first_year == row.last_year else f"{row.first_year}–{row.last_year}"
    if row.undated_values:
        undated = message("quality.undated", language, count=row.undated_values)
        years = f"{years}, {undated}" if years else undated
    label = localised(indicators(view.release)[row.indicator], "label", language)
    cells = (", ".join(levels), years, number(row.values, 0, language), ", ".join(states))
    return Row(label, "", tuple(Cell(words) for words in cells))


def coverage_list(view: View) -> Listing:
    """Return what is covered, indicator by indicator, and how indicators are made."""
    language, rows = view.language, coverage_rows(view)
    groups = tuple(
        Group(label, "", tuple(_coverage_row(view, row) for row in rows_of(rows[rows["theme"] == theme])))
        for theme, label in themes(language).items()
    )
    title = message("quality.fold_coverage", language, count=len(rows))
    fold = Fold(title, columns(view, "indicator", "levels", "periods", "values", "states"), groups, "obs-coverage")
    note = message("quality.coverage_note", language)
    return Listing(message("quality.coverage", language), note, (fold, _methods(view)), "couverture")


def _methods(view: View) -> Fold:
    """Return how each indicator that is computed or needs care is made."""
    language, groups = view.language, []
    for theme, label in themes(language).items():
        mine = [row for row in indicators(view.release).values() if row.theme == theme]
        rows = tuple(
            Row(localised(row, "label", language), "", (Cell(method, "", row.expression),))
            for row in mine
            if (method := localised(row, "method", language))
        )
        groups += [Group(label, "", rows)] if rows else []
    title = message("quality.fold_methods", language, count=sum(len(group.rows) for group in groups))
    return Fold(title, columns(view, "indicator", "method"), tuple(groups), "obs-methods")


def gap_rows(view: View) -> pd.DataFrame:
    """Return every operation of every text; true where a fact that matters for it is missing."""
    shown = view.release.table("programmes")[["programme_id", "name", "kind", "theme", "ref_area", "status"]]
    return shown.join(gaps_of(view.release.tables))


def _gap_counts(view: View) -> Fold:
    language, programmes = view.language, view.release.table("programmes")
    relevant, missing = relevant_facts(programmes).sum(), gap_rows(view)[list(FACTS)].sum()
    rows = tuple(
        Row(
            message(f"missing.{fact}", language),
            "",
            (
                Cell(message("quality.missing_of", language, count=missing[fact], total=relevant[fact])),
                Cell(message(f"quality.rule_{fact}", language)),
            ),
        )
        for fact in FACTS
    )
    title = message("quality.fold_gap_counts", language)
    return Fold(title, columns(view, "fact", "missing", "rule"), (Group("", "", rows),), "obs-gaps", True)


def _gap_row(view: View, row: Any) -> Row:
    absent = [message(f"missing.{fact}", view.language) for fact in FACTS if getattr(row, fact)]
    state = f"{GLYPHS[row.status]} {message(f'status.{row.status}', view.language)}"
    words = ", ".join(absent) or message("quality.nothing_missing", view.language)
    return Row(row.name, area_words(view, row.ref_area), (Cell(state), Cell(words)))


def gap_list(view: View) -> Listing:
    """Return what is missing in all and operation by operation, those of the commune first."""
    language, rows = view.language, gap_rows(view)
    rows = rows.assign(elsewhere=~rows["ref_area"].str.startswith(view.commune))
    rows = rows.sort_values(["elsewhere", "ref_area", "name"])
    groups = tuple(
        Group(label, "", tuple(_gap_row(view, row) for row in rows_of(rows[rows["theme"] == theme])))
        for theme, label in themes(language).items()
    )
    title = message("quality.fold_gaps", language, count=len(rows))
    fold = Fold(title, columns(view, "operation", "state", "missing"), groups, "obs-gaps")
    # The form asks for what the commune's operations lack; one without operations has none.
    form = bool(((rows["status"] != "proposed") & ~rows["elsewhere"]).any())
    note = message("quality.missing_note", language)
    if form:
        note = f"{note} {message('quality.missing_form', language)}"
    return Listing(message("quality.missing", language), note, (_gap_counts(view), fold), "manques", form=form)
