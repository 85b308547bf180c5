"""What changed between two publications, theme by theme: before, after, and why."""

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.content import elapsed
from dashboard.content.changed_places import HERE, SCOPES, scopes_of
from dashboard.content.changed_words import SERIES, gist, part_words, rows_by_key, subject, themes_of, value_in_words
from dashboard.content.entries import themes, whole_city
from dashboard.content.folds import Cell, Fold, Group, Listing, Row
from dashboard.content.pieces import Headline
from dashboard.formats import number, plural
from dashboard.messages import LANGUAGES, message
from dashboard.view import WHOLE_CITY, View, the_view
from data.frames import rows_of
from data.release import HELD_WHOLE, Release
from data.rules.date_words import one_date
from data.rules.differences import ADDED, CHANGED, COLUMNS, REMOVED, SEPARATOR, differences
from data.rules.reasons import REASONS

THEME, EXPORT, SINCE = "territory", "changements", "depuis"
LONGEST_GROUP, FEW = 200, 20
# Columns that no page shows, and the tables that say again what programmes and figures say: counts of the IRIS of all
# of France too, of which the figures have those of the communes that pages are about.
TECHNICAL, RESTATED = frozenset({"sha256", "figure_id"}), frozenset({"quantities", "corrections", *HELD_WHOLE})
_TITLES = ("subject", "part", "before", "after", "why")


@lru_cache(maxsize=4)
def cells(new: Release, old: Release) -> pd.DataFrame:
    """Return every difference of two releases (see `data.rules.differences`), but of tables of all of France none."""
    before, after = (
        {name: frame for name, frame in one.tables.items() if name not in HELD_WHOLE} for one in (old, new)
    )
    return differences(before, after, old.absent | new.absent)


def _is_below_rounding(found: pd.DataFrame, new: Release) -> "pd.Series[bool]":
    """Tell which values of series changed by less than pages show."""
    shown = found["table"].isin(SERIES) & found["column"].isin(["obs_value", "obs_value_max"])
    shown &= (found["old"] != "") & (found["new"] != "")
    decimals = dict(zip(new.table("indicators")["indicator"], new.table("indicators")["decimals"], strict=True))
    same = [
        cell.row[1] in decimals
        and number(float(cell.old), decimals[cell.row[1]]) == number(float(cell.new), decimals[cell.row[1]])
        for cell in rows_of(found[shown])
    ]
    return pd.Series(same, index=found.index[shown], dtype=bool).reindex(found.index, fill_value=False)


@lru_cache(maxsize=4)
def _of_all(new: Release, old: Release, language: str) -> pd.DataFrame:
    """Return the differences that some page of a language shows in some commune, with their theme."""
    found = cells(new, old)
    others = tuple(f"_{one}" for one in LANGUAGES if one != language)
    untold = found["column"].str.endswith(others) | found["column"].isin(TECHNICAL) | found["table"].isin(RESTATED)
    found = found[~(untold | _is_below_rounding(found, new))].assign(theme="")
    for name, mine in found.groupby("table", sort=False):
        here = themes_of(new, str(name), mine["row"])
        before = themes_of(old, str(name), mine["row"])
        found.loc[mine.index, "theme"] = [one or other for one, other in zip(here, before, strict=True)]
    return found


@lru_cache(maxsize=8)
def _told(new: Release, old: Release, commune: str, language: str) -> pd.DataFrame:
    found = _of_all(new, old, language).assign(scope="")
    for name, mine in found.groupby("table", sort=False):
        sides = (scopes_of(release, commune, str(name), list(mine["row"])) for release in (new, old))
        found.loc[mine.index, "scope"] = [one or other for one, other in zip(*sides, strict=True)]
    return found


def told(view: View, old: Release, scope: str = HERE) -> pd.DataFrame:
    """Return the differences that the page tells, with their theme: none that no page of its language shows.

    Parameters
    ----------
    scope : whom they concern, of `SCOPES`: the commune looked at unless given.
    """
    found = _told(view.release, old, view.commune, view.language)
    return found[found["scope"] == scope]


def _counted(key: str, count: int, language: str, **values: object) -> str:
    words = plural(count, "one", "other", language)
    return message(f"changes.{key}_{words}", language, count=number(count, 0, language), **values)


def _dated(release: Release, language: str) -> str:
    date = one_date(release.published, language) if release.published else message("basis.none", language)
    return message("changes.release", language, date=date, identifier=release.release_id[:8])


def _reason_words(rows: pd.DataFrame, language: str) -> str:
    """Return how many rows changed for each reason; a row with several has the first of them."""
    order = rows["reason"].map(REASONS.index)
    counts = order.groupby([rows["table"], rows["row"]]).min().value_counts()
    found = [_counted(f"count_{reason}", int(counts.get(place, 0)), language)
             for place, reason in enumerate(REASONS) if counts.get(place, 0)]  # fmt: skip
    return ", ".join(found)


@lru_cache(maxsize=16)
def headline(view: View, old: Release | None) -> Headline:
    """Return how much changed since an earlier release, and why; or that there is nothing to compare."""
    language, new = view.language, view.release
    if old is None:
        lead = message("changes.only_lead", language, release=_dated(new, language))
        return Headline(message("changes.only_title", language), lead)
    lead = message("changes.lead", language, new=_dated(new, language), old=_dated(old, language))
    if new.published and new.published < old.published:
        lead += f" {message('changes.went_back', language)}"
    if new.reason:
        lead += f" {message('changes.because', language, reason=new.reason)}"
    return Headline(title_of(view, old), " ".join(filter(None, (reasons(view, old), besides(view, old), lead))))


def _rows(found: pd.DataFrame) -> pd.DataFrame:
    return found.drop_duplicates(["table", "row"])


def title_of(view: View, old: Release) -> str:
    """Return how much changed in the commune since an earlier release, or that nothing did."""
    language, rows = view.language, _rows(told(view, old))
    if rows.empty:
        key = "changes.nothing_here_title" if besides(view, old) else "changes.nothing_title"
        return message(key, language, city=view.city_name)
    kinds = [(kind, int((rows["change"] == kind).sum())) for kind in (ADDED, CHANGED, REMOVED)]
    words = ", ".join(_counted(f"count_{kind}", count, language) for kind, count in kinds if count)
    return message("changes.title", language, at_city=view.at_city, counts=words)


def besides(view: View, old: Release) -> str:
    """Return how much changed that is not of the commune alone: of wider areas and texts, of other communes."""
    counts = {scope: len(_rows(told(view, old, scope))) for scope in SCOPES if scope != HERE}
    said = [_counted(f"besides_{scope}", count, view.language) for scope, count in counts.items() if count]
    return message("changes.besides", view.language, counts=", ".join(said)) if said else ""


def reasons(view: View, old: Release) -> str:
    """Return why what is of the commune changed; nothing where nothing did."""
    found = told(view, old)
    if found.empty:
        return ""
    return message("changes.reasons", view.language, reasons=_reason_words(found, view.language))


def _after(words: str, language: str) -> Cell:
    return Cell(message("changes.after", language, words=words))


class _Sides:
    """The rows of a table in either release, of the differences to tell."""

    def __init__(self, view: View, old: Release, table: str, keys: list[tuple[str, ...]]) -> None:
        self.table = table
        self.views = the_view(old, view.commune, WHOLE_CITY, view.language, "light", view.today), whole_city(view)
        self.rows = tuple(rows_by_key(one.release, table, keys) for one in self.views)

    def row(self, cell: Any) -> Row:
        """Return one difference in words."""
        language = self.views[1].language
        before, after = (rows.get(cell.row) for rows in self.rows)
        view, row = (self.views[0], before) if after is None else (self.views[1], after)
        header, under = subject(view, self.table, row, cell.row)
        reason = Cell(message(f"changes.reason_{cell.reason}", language))
        absent = message("changes.absent", language)
        if cell.change != CHANGED:
            said = gist(view, self.table, row)
            old, new = (absent, said) if cell.change == ADDED else (said, absent)
            part = message(f"changes.whole_{cell.change}", language)
            if fact := getattr(row, "fact", ""):
                part = f"{part}{SEPARATOR}{part_words(fact, language)}"
            return Row(header, under, (Cell(part), Cell(old), _after(new, language), reason))
        old, new = (
            value_in_words(one, self.table, cell.column, rows) or absent
            for one, rows in zip(self.views, (before, after), strict=True)
        )
        part = part_words(cell.column, language)
        return Row(header, under, (Cell(part), Cell(old), _after(new, language), reason))


def _group(view: View, old: Release, table: str, found: pd.DataFrame) -> Group:
    shown = found.head(LONGEST_GROUP)
    sides = _Sides(view, old, table, list(dict.fromkeys(shown["row"])))
    rows = tuple(sides.row(cell) for cell in rows_of(shown))
    left = len(found) - len(shown)
    under = _counted("more", left, view.language, shown=LONGEST_GROUP) if left else ""
    return Group(message(f"changes.table_{table}", view.language), under, rows)


def fold_of(view: View, old: Release, title: str, found: pd.DataFrame, is_open: bool) -> Fold:
    """Return differences from an earlier release as a table.

    Parameters
    ----------
    view : a view of the newer release, of the whole city.
    found : some of the rows of `told`.
    """
    columns = tuple(message(f"changes.column_{name}", view.language) for name in _TITLES)
    groups = tuple(_group(view, old, str(name), mine) for name, mine in found.groupby("table", sort=False))
    words = _counted("fold", len(found), view.language, title=title)
    return Fold(words, columns, groups, "obs-changes", is_open)


def _listing(view: View, old: Release, scope: str) -> Listing | None:
    """Return what changed for those whom it concerns; nothing where nothing did."""
    language, found = view.language, told(view, old, scope)
    if found.empty:
        return None
    titles = {**themes(language), "": message("changes.no_theme", language)}
    folds = tuple(
        fold_of(view, old, title, mine, scope == HERE and len(found) <= FEW)
        for theme, title in titles.items()
        if len(mine := found[found["theme"] == theme])
    )
    title = message(f"changes.list_{scope}", language, city=view.city_name, of_city=view.of_city)
    return Listing(title, "", folds, "")


@lru_cache(maxsize=16)
def _listings(view: View, old: Release) -> tuple[Listing, ...]:
    found = tuple(listing for scope in SCOPES if (listing := _listing(view, old, scope)))
    # One download holds the lines of all lists: it is offered, and explained, with the first.
    note, query = message("changes.note", view.language), ((SINCE, old.release_id),)
    return tuple(replace(listing, note=note, export=EXPORT, query=query) for listing in found[:1]) + found[1:]


def listings(view: View, old: Release | None) -> tuple[Listing, ...]:
    """Return what changed since an earlier release, in the commune, for all alike, in others; nothing if nothing did.

    It does not depend on the district.
    """
    if old is None:
        return ()
    found = _listings(whole_city(view), old)
    since = date.fromisoformat(old.published[:10]) if old.published else view.today
    passed = elapsed.listing(view, since)
    return (*found, passed) if passed else found


def export_rows(view: View, old: Release) -> pd.DataFrame:
    """Return those differences, in all languages and uncut, with `COLUMNS` of `data.rules.differences`."""
    return cells(view.release, old)[list(COLUMNS)]
