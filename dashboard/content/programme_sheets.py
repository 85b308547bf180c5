"""One page for each operation: its state, dates and quantities as each statement gives them, line by line."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from dashboard.content import slippage
from dashboard.content.changed_words import number_words, part_words
from dashboard.content.common import kind_words, same_statement
from dashboard.content.entries import themes, whole_city
from dashboard.content.folds import Listing
from dashboard.content.indicator_charts import slug as indicator_slug
from dashboard.content.indicator_rows import figure_of, reading_words, value_said
from dashboard.content.pieces import Column, Headline, Item, Table
from dashboard.content.tree import Facts, Listings, PageLink, PageLinks, PageTree, Part, Tables
from dashboard.definitions import definitions
from dashboard.figures import localised, source_line, sources, units
from dashboard.formats import is_missing, quantity
from dashboard.listing import plain
from dashboard.messages import message
from dashboard.stages import is_overdue, snapshots
from dashboard.view import View
from dashboard.works import Event, Work, events, works
from data.frames import rows_of
from data.rules.date_words import one_date

INDEX, LIST = "programmes", "programmes/liste"
_THEME_OF_LIST = "territory"


@lru_cache(maxsize=8)
def slugs(view: View) -> dict[str, str]:
    """Return how addresses name each operation: its identifier, without the commune's name where that is clear."""
    found = [work.programme_id for work in works(whole_city(view))]
    commune = re.sub(r"[^a-z0-9]+", "-", plain(view.city_name)) + "-"
    short = {name: name.removeprefix(commune) for name in found}
    taken = {*found, LIST.rpartition("/")[2]}
    return {name: one if one not in taken or one == name else name for name, one in short.items()}


@lru_cache(maxsize=8)
def _works(view: View) -> dict[str, Work]:
    return {work.programme_id: work for work in works(whole_city(view))}


def address(view: View, programme_id: str) -> str:
    """Return the address of an operation's page, as the navigation writes addresses."""
    return f"{INDEX}/{slugs(view)[programme_id]}"


def _state(work: Work) -> str:
    return f"{work.glyph} {work.status_words}"


def _due_words(language: str) -> str:
    return f"{message('agenda.due_mark', language)} {message('agenda.due', language)}"


def programme_link(view: View, programme_id: str) -> PageLink | None:
    """Return the link to an operation's page with its state and dates; none where it has none, as a party's."""
    work = _works(view).get(programme_id)
    if work is None:
        return None
    due = f" · {_due_words(view.language)}" if work.due else ""
    return PageLink(address(view, programme_id), work.name, f"{_state(work)} · {work.date_words}{due}")


def _table(view: View, name: str, columns: tuple[str, ...], rows: Sequence[tuple[str, ...]], notes: list[str]) -> Table:
    """Return an open table of the page; its columns are named by the catalogue."""
    titles = tuple(Column(column, message(f"programme.column_{column}", view.language)) for column in columns)
    title = message(f"programme.table_{name}", view.language)
    return Table(title, titles, tuple(rows), is_open=True, notes=tuple(notes) if any(notes) else (), shape="values")


def _source(view: View, source: str, detail: str) -> str:
    kind = kind_words(sources(view.release)[source].kind, view.language)
    return f"{source_line(view.release, source, detail, view.language)} · {kind}"


def _dates(view: View, work: Work) -> Table:
    """Return every dated statement of the phases of an operation, the oldest first."""
    language, rows, notes = view.language, [], []
    stated = snapshots(view.release)
    for row in rows_of(stated[stated["programme_id"] == work.programme_id]):
        newest = any(stage.kind == row.phase and stage.bound == row.bound and stage.date == row.date
                     and stage.as_of == row.as_of for stage in work.stages)  # fmt: skip
        state = message("programme.happened" if row.state == "happened" else "programme.announced", language)
        if newest and is_overdue(view, row, work.status):
            state = f"{state} — {_due_words(language)}"
        rows.append(
            (
                message(f"programme.phase_{row.phase}", language) + _bound(row, language),
                one_date(row.date, language),
                message(f"precision.{row.precision}", language),
                state,
                one_date(row.as_of, language),
                _source(view, row.source, row.source_detail),
            )
        )
        notes.append(localised(row, "note", language))
    return _table(view, "dates", ("phase", "date", "precision", "state", "as_of", "source"), rows, notes)


def _bound(row: Any, language: str) -> str:
    return f" ({message('programme.bound_end', language)})" if row.bound == "end" else ""


def _figures(view: View, work: Work) -> Table:
    """Return the figures that texts give of an operation, each with its nature."""
    rows, notes = [], []
    observations = view.release.table("observations")
    for row in rows_of(observations[observations["programme"] == work.programme_id]):
        figure = figure_of(view, row)
        rows.append((figure.label, value_said(view, row), figure.date, _source(view, row.source, row.source_detail)))
        notes.append(" ".join(filter(None, (reading_words(view, row), figure.note))))
    return _table(view, "figures", ("figure", "value", "date", "source"), rows, notes)


def _amount(view: View, name: str, value: float) -> str:
    """Return an amount of a quantity of the catalogue with its unit."""
    spec = definitions().quantities[name]
    return quantity(value, spec.decimals, spec.unit, getattr(units()[spec.unit], view.language), view.language)


def _quantities(view: View, work: Work) -> Table:
    """Return what is promised and what is delivered of it, as far as sources say."""
    language, rows = view.language, []
    quantities = view.release.table("quantities")
    known = view.release.table("readings")
    for row in rows_of(quantities[quantities["programme_id"] == work.programme_id]):
        promised = _amount(view, row.quantity, row.value)
        if row.qualifier != "exact":
            promised = message(f"qualifier.{row.qualifier}", language, value=promised)
        mine = known[(known["programme_id"] == work.programme_id) & (known["choice"] == row.reading)]
        reading = localised(next(rows_of(mine)), "label", language) if len(mine) else row.reading
        delivered = message("programmes.not_published", language)
        if not is_missing(row.delivered):
            delivered = message("programme.delivered", language, value=_amount(view, row.quantity, row.delivered),
                                date=one_date(row.delivered_as_of, language))  # fmt: skip
        name = str(getattr(definitions().quantities[row.quantity].label, language))
        rows.append((f"{name} ({reading})" if reading else name, promised, delivered, one_date(row.as_of, language),
                     _source(view, row.source, row.source_detail)))  # fmt: skip
    return _table(view, "quantities", ("quantity", "promised", "delivered", "as_of", "source"), rows, [])


def _statements(view: View, work: Work) -> Table:
    """Return what was said of quantities and position after the text that names the operation."""
    language, rows, notes = view.language, [], []
    stated = view.release.table("statements")
    for row in rows_of(stated[stated["programme_id"] == work.programme_id].sort_values("as_of")):
        value = number_words(row.value, row.fact, language)
        rows.append((part_words(row.fact, language), value, one_date(row.as_of, language),
                     _source(view, row.source, row.source_detail)))  # fmt: skip
        notes.append(localised(row, "note", language))
    return _table(view, "statements", ("fact", "value", "as_of", "source"), rows, notes)


def _readings(view: View, work: Work) -> Table:
    """Return the sentences of texts on the operation that can be understood in several ways."""
    language, known = view.language, view.release.table("readings")
    rows = [
        (localised(row, "question", language), localised(row, "label", language),
         _source(view, row.source, row.source_detail))
        for row in rows_of(known[known["programme_id"] == work.programme_id])
    ]  # fmt: skip
    return _table(view, "readings", ("question", "answer", "source"), rows, [])


def _is_of(event: Event, work: Work, all_works: Sequence[Work]) -> bool:
    """Tell whether a date is the operation's: it has that date in these lines, or no other is cited in them.

    A line of a text often names several operations: the date of one is not that of its neighbours.
    """
    if same_statement(event, (work,)):
        return True
    return event.lines <= work.lines and all(other is work or not event.lines & other.lines for other in all_works)


def _milestones(view: View, work: Work) -> Table:
    """Return the dated events that the texts tell of the operation."""
    language, rows, notes = view.language, [], []
    for event in events(whole_city(view)):
        if _is_of(event, work, tuple(_works(view).values())):
            due = f" — {_due_words(language)}" if event.due else ""
            state = message(f"event.{event.kind}", language)
            rows.append((event.label, event.date_words, f"{state}{due}", event.source))
            notes.append(event.note)
    return _table(view, "milestones", ("event", "date", "state", "source"), rows, notes)


def _facts(view: View, work: Work) -> Facts:
    """Return state, dates, size, place, theme, remarks and sources of an operation."""
    language = view.language
    rows = view.release.table("programmes").set_index("programme_id")
    kind = kind_words(sources(view.release)[str(rows.at[work.programme_id, "source"])].kind, language)
    said = [
        ("state", _state(work), message("programme.as_of", language, date=one_date(work.as_of, language))),
        ("dates", work.date_words, _due_words(language) if work.due else ""),
        ("quantity", work.quantity or message("quantity.unknown", language), ""),
        ("place", work.district_name, ""),
        ("theme", themes(language)[work.theme], ""),
        ("note", work.note, ""),
        ("source", work.source, kind),
    ]
    items = tuple(Item(message(f"programme.fact_{name}", language), words, more) for name, words, more in said if words)
    return Facts(message("programme.facts", language), items)


def _related(view: View, work: Work) -> PageLinks:
    """Return links to the district, the indicators of the operation's figures, the list and the page of all."""
    language = view.language
    links = []
    if work.district:
        slug = work.district.removeprefix(f"{view.commune}-")
        links.append(PageLink("quartier", work.district_name, message("programme.related_district", language), slug))
    observations = view.release.table("observations")
    for row in rows_of(observations[observations["programme"] == work.programme_id].drop_duplicates("indicator")):
        links.append(PageLink(f"indicateurs/{indicator_slug(row.indicator)}", figure_of(view, row).label,
                              message("programme.related_indicator", language)))  # fmt: skip
    for where, name, why in ((INDEX, "page.programmes", "related_all"), (LIST, "programme.list_page", "related_list")):
        links.append(PageLink(where, message(name, language), message(f"programme.{why}", language)))
    return PageLinks(message("indicator.related", language), tuple(links))


def _lead(view: View, work: Work) -> str:
    language = view.language
    due = f"{_due_words(language)}." if work.due else ""
    size = message("programme.lead_size", language, quantity=work.quantity) if work.quantity else \
        message("programme.lead_no_size", language)  # fmt: skip
    place = message("programme.lead_place", language, district=work.district_name) if work.district else \
        message("programme.lead_no_place", language)  # fmt: skip
    return " ".join(filter(None, (due, size, place)))


@lru_cache(maxsize=256)
def programme_tree(view: View, programme_id: str) -> PageTree:
    """Return the page of an operation.

    Raises
    ------
    KeyError
        The commune has no operation of that name, or it is a party's proposal.
    """
    city = whole_city(view)
    work, language = _works(city)[programme_id], view.language
    tables = [make(city, work) for make in (_dates, _quantities, _statements, _figures, _readings, _milestones)]
    kept = tuple(table for table in tables if table.rows)
    fold = slippage.fold_of(city, programme_id)
    parts: list[Part] = [_facts(city, work)]
    parts += [Tables(kept)] if kept else []
    if fold:
        title, note = message("slippage.title", language), message("slippage.method", language)
        parts.append(Listings((Listing(title, note, (fold,), ""),)))
    parts.append(_related(city, work))
    key = "programme.title"
    headline = Headline(message(key, language, name=work.name, state=work.status_words, dates=work.date_words),
                        _lead(city, work))  # fmt: skip
    return PageTree(address(city, programme_id), work.theme, headline, (), tuple(parts))


@lru_cache(maxsize=8)
def list_tree(view: View) -> PageTree:
    """Return the list of all operations by theme, each with its state, its dates and its page."""
    city, groups = whole_city(view), []
    for theme, title in themes(view.language).items():
        mine = sorted(
            (work for work in _works(city).values() if work.theme == theme), key=lambda work: plain(work.name)
        )
        links = tuple(link for work in mine if (link := programme_link(city, work.programme_id)))
        groups += [PageLinks(title, links)] if links else []
    title = message("programme.list_title", view.language, count=len(_works(city)), city=view.city_name)
    lead = message("programme.list_lead", view.language)
    return PageTree(LIST, _THEME_OF_LIST, Headline(title, lead), (), tuple(groups))


def links_of(view: View) -> tuple[PageLinks, ...]:
    """Return the link to the list of operations, of a district the links to its own; none where the texts name none."""
    language = view.language
    links = tuple(link for work in works(view) if (link := programme_link(view, work.programme_id)))
    if view.is_city and links:
        detail = message("programme.related_list", language)
        links = (PageLink(LIST, message("programme.list_page", language), detail),)
    key = "programme.of_city" if view.is_city else "programme.of_district"
    return (PageLinks(message(key, language, name=view.area_name), links),) if links else ()
