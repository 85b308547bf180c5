"""Where the figures of an indicator come from: editions, licences, how often each is renewed, what comes next."""

from collections import Counter
from functools import lru_cache
from typing import Any

from dashboard.content.common import kind_words
from dashboard.content.entries import whole_city
from dashboard.content.folds import Cell, Fold, Group, Listing, Row
from dashboard.content.indicator_coverage import rows_covered
from dashboard.figures import localised, sources
from dashboard.formats import number, plural
from dashboard.messages import message
from dashboard.view import View
from data.rules.date_words import one_date
from data.rules.derivations import ingredients

_COLUMNS = ("edition", "kind", "date", "renewal", "figures")


def editions_of(view: View, indicator: str) -> dict[str, int]:
    """Return the editions an indicator comes from with how many of its figures are of each.

    Those that only inputs of its calculation are of have none of their own.
    """
    counts: Counter[str] = Counter()
    for row in rows_covered(view, indicator):
        counts[str(row.source)] += 1
        for one in ingredients(row.derived_from).inputs:
            counts[one.source] += 0
    return dict(counts)


def _date(view: View, edition: Any) -> str:
    return one_date(edition.edition_date, view.language) if edition.edition_date else ""


def _newest(view: View, dataset: str) -> Any:
    mine = [one for one in sources(view.release).values() if one.dataset == dataset]
    return max(mine, key=lambda one: (str(one.edition_date), str(one.source)))


def renewal_words(view: View, edition: Any) -> str:
    """Return how often a source is renewed, and how its edition stands to the newest that is here.

    No date of a next edition is told: no source of a release gives one.
    """
    language, frequency = view.language, localised(edition, "frequency", view.language)
    if not edition.edition_date:
        return message("indicator_sheet.renewal_undated", language, frequency=frequency)
    if edition.document:
        return message("indicator_sheet.renewal_text", language, frequency=frequency, date=_date(view, edition))
    newest = _newest(view, edition.dataset)
    key = "indicator_sheet.renewal_newest" if newest.source == edition.source else "indicator_sheet.renewal_older"
    return message(key, language, frequency=frequency, date=_date(view, newest))


def _figures_words(view: View, count: int) -> str:
    if not count:
        return message("indicator_sheet.input_only", view.language)
    form = plural(count, "one", "other", view.language)
    return message(f"indicator_sheet.figures_{form}", view.language, count=number(count, 0, view.language))


def _row(view: View, edition: Any, count: int) -> Row:
    language = view.language
    document = message("quality.document", language, number=edition.document) if edition.document else ""
    date = _date(view, edition) or message("basis.none", language)
    cells = (
        Cell("", kind_words(edition.kind, language)),
        Cell(date),
        Cell(renewal_words(view, edition)),
        Cell(_figures_words(view, count)),
    )
    return Row(localised(edition, "title", language), document, cells)


def _group(view: View, editions: list[Any], counts: dict[str, int]) -> Group:
    """Return the editions of one data set, under what it says once: publisher, licence, method."""
    first, language = editions[0], view.language
    under = message("indicator_sheet.dataset", language, licence=first.licence,
                    method=localised(first, "method", language))  # fmt: skip
    rows = tuple(_row(view, edition, counts[edition.source]) for edition in editions)
    return Group(first.publisher, under, rows)


@lru_cache(maxsize=64)
def _listing(view: View, indicator: str) -> Listing:
    language, counts = view.language, editions_of(view, indicator)
    known = sorted((sources(view.release)[name] for name in counts),
                   key=lambda one: (one.dataset, str(one.edition_date), one.source))  # fmt: skip
    datasets = dict.fromkeys(one.dataset for one in known)
    groups = tuple(_group(view, [one for one in known if one.dataset == dataset], counts) for dataset in datasets)
    columns = tuple(message(f"indicator_sheet.column_{name}", language) for name in _COLUMNS)
    form = plural(len(known), "one", "other", language)
    fold = Fold(message(f"indicator_sheet.editions_{form}", language, count=len(known)), columns, groups,
                "obs-editions", is_open=True)  # fmt: skip
    return Listing(
        message("indicator_sheet.sources", language), message("indicator_sheet.no_next", language), (fold,), ""
    )


def listing(view: View, indicator: str) -> Listing:
    """Return the sources of an indicator; it does not depend on the district."""
    return _listing(whole_city(view), indicator)
