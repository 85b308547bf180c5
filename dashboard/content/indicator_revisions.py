"""What became of the figures of an indicator from one publication to the next, and which were corrected."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from dashboard.content.changed_places import HERE, SHARED
from dashboard.content.changed_words import SERIES
from dashboard.content.changes import fold_of, told
from dashboard.content.corrections import corrections_list
from dashboard.content.entries import whole_city
from dashboard.content.folds import Fold, Listing
from dashboard.formats import number, plural, separated
from dashboard.messages import message
from dashboard.view import View
from data.release import Release
from data.rules.date_words import one_date

_DEFINITIONS = "indicators"


@dataclass(frozen=True, eq=False)
class Step:
    """From one publication to the next: both in words, and what differs, a table for each indicator that does."""

    newer: str
    older: str
    folds: Mapping[str, Fold]


@dataclass(frozen=True, eq=False)
class History:
    """The steps between the publications that are kept, the newest first.

    `unreadable` are those that could not be read, in words; `left` how many older ones were not compared.
    """

    steps: tuple[Step, ...]
    unreadable: tuple[str, ...] = ()
    left: int = 0


def release_words(release_id: str, published: str, language: str) -> str:
    """Return a publication in words: `27 novembre 2026 (n° 4f81c78f)`."""
    date = one_date(published[:10], language) if published else message("basis.none", language)
    return message("changes.release", language, date=date, identifier=release_id[:8])


def _concerning(view: View, older: Release) -> pd.DataFrame:
    """Return what differs of figures of the commune and of definitions, with the `indicator` each is about."""
    here, shared = (told(view, older, scope) for scope in (HERE, SHARED))
    figures, words = here[here["table"].isin(SERIES)], shared[shared["table"] == _DEFINITIONS]
    return pd.concat([
        figures.assign(indicator=[row[1] for row in figures["row"]]),
        words.assign(indicator=[row[0] for row in words["row"]]),
    ])  # fmt: skip


def step(view: View, older: Release) -> Step:
    """Return what differs between the release of a view and the one before it, indicator by indicator."""
    city, language = whole_city(view), view.language
    newer, before = (
        release_words(one.release_id, one.published, language) for one in (view.release, older)
    )  # fmt: skip
    title = message("indicator_sheet.step", language, older=before, newer=newer)
    found = _concerning(city, older)
    folds = {
        str(name): fold_of(city, older, title, mine, is_open=False)
        for name, mine in found.groupby("indicator", sort=False)
    }
    return Step(newer, before, folds)


def _counted(view: View, key: str, count: int) -> str:
    form = plural(count, "one", "other", view.language)
    return message(f"indicator_sheet.{key}_{form}", view.language, count=number(count, 0, view.language))


def _note(view: View, indicator: str, history: History) -> str:
    """Return how many publications are compared, between which nothing changed, and which are not compared."""
    language = view.language
    if not history.steps:
        said = [] if history.unreadable else [message("indicator_sheet.only_one", language)]
    else:
        said = [_counted(view, "compared", len(history.steps) + 1)]
        same = [message("indicator_sheet.step", language, older=one.older, newer=one.newer)
                for one in history.steps if indicator not in one.folds]  # fmt: skip
        if len(same) == len(history.steps):
            said.append(message("indicator_sheet.never_changed", language))
        elif same:
            said.append(message("indicator_sheet.unchanged", language, steps=separated(same, language)))
    if history.unreadable:
        said.append(message("indicator_sheet.unreadable", language, names=separated(history.unreadable, language)))
    if history.left:
        said.append(_counted(view, "left", history.left))
    return " ".join(said)


def listings(view: View, indicator: str, history: History) -> tuple[Listing, ...]:
    """Return what changed of an indicator between the publications that are kept, and its corrections."""
    folds = tuple(one.folds[indicator] for one in history.steps if indicator in one.folds)
    folds = (replace(folds[0], is_open=True), *folds[1:]) if folds else ()
    revisions = Listing(message("indicator_sheet.revisions", view.language), _note(view, indicator, history), folds, "")
    return revisions, corrections_list(whole_city(view), indicator)
