"""From a page's tree of content to the blocks of a briefing file: the same words, numbers and pictures in a row."""

from collections.abc import Iterator
from functools import partial

from dashboard import fragments
from dashboard.content import tree
from dashboard.content.alternatives import of_map
from dashboard.content.cases import Case
from dashboard.content.folds import Fold, Listing, in_brackets, plain_cells
from dashboard.content.pieces import Agenda, Column, Panel, Table, Tile
from dashboard.content.quarter import Section as QuarterSection
from dashboard.content.targets import Card
from dashboard.dossier.blocks import (
    Block,
    Bullets,
    Grid,
    GridGroup,
    Heading,
    LegendEntry,
    Measure,
    Measures,
    Paragraph,
    Picture,
    Said,
)
from dashboard.dossier.notes import Provenance, figure_source
from dashboard.figures import localised, sources
from dashboard.formats import labelled
from dashboard.messages import message
from dashboard.view import View


def measures(view: View, tiles: tuple[Tile, ...]) -> Iterator[Block]:
    """Yield the figures in large of a page: source and date of each become its note."""
    shown = []
    for tile in tiles:
        note = f"{tile.kind}, {tile.detail}" if tile.kind else message("briefing.counted", view.language)
        detail = tile.extra if tile.kind else " · ".join(filter(None, (tile.detail, tile.extra)))
        has_number = any(character.isdigit() for character in tile.number)
        shown.append(Measure(tile.number, tile.unit, tile.label, detail, note if has_number else ""))
        if not has_number and tile.detail:
            shown[-1] = Measure(tile.number, tile.unit, tile.label, " · ".join(filter(None, (tile.detail, detail))), "")
    if shown:
        yield Measures(tuple(shown))


def grid(shown: Table, *sources: str) -> Grid:
    """Return a table; one without a column of sources has the sources it is given as notes of its title."""
    has_sources = any(column.name == "source" for column in shown.columns)
    rows, groups = [*shown.rows], []
    starts = [(heading.first_row, heading.title) for heading in shown.headings]
    bounds = [0] if not starts or starts[0][0] else []
    bounds += [start for start, _ in starts]
    titles = dict(starts)
    for start, end in zip(bounds, [*bounds[1:], len(rows)], strict=True):
        groups.append(GridGroup(titles.get(start, ""), tuple(rows[start:end])))
    title = Said(shown.title) if has_sources else Said(shown.title, tuple(dict.fromkeys(filter(None, sources))))
    note = " ".join(dict.fromkeys(filter(None, (shown.note, *shown.notes))))
    return Grid(title, shown.columns, tuple(group for group in groups if group.rows), note)


def _grids(tables: tuple[Table, ...], language: str, *sources: str) -> Iterator[Block]:
    for table in tables:
        if table.rows:
            yield grid(table, *(sources or (message("briefing.counted", language),)))


def _names_a_source(view: View, words: str) -> bool:
    """Tell whether words name an edition of a source: what qualifies a value may also be a state or a date alone."""
    return any(localised(row, "short", view.language) in words for row in sources(view.release).values())


def _panel(view: View, panel: Panel, known: Provenance) -> Iterator[Block]:
    """Yield what an area says beside its map; the source of a value is its note, what else qualifies it follows it."""
    lines = []
    for item in panel.items:
        value = labelled(item.label, item.value, view.language)
        if item.detail and _names_a_source(view, item.detail):
            lines.append(known.said(value, item.detail))
        else:
            lines.append(known.said(f"{value} ({item.detail})" if item.detail else value))
    if lines:
        yield Bullets(panel.title, tuple(lines))


def _map(view: View, part: tree.MapFigure, known: Provenance) -> Iterator[Block]:
    prepared = part.prepared
    boundary = message(f"boundary.{prepared.boundary}", view.language)
    legend = tuple(LegendEntry(**entry) for entry in fragments.legend(view, prepared))
    source = figure_source(part)
    yield Picture(part.key, known.said(prepared.title, source), prepared.subtitle, of_map(prepared, view.language),
                  prepared, legend, boundary)  # fmt: skip
    if part.panel is not None:
        yield from _panel(view, part.panel, known)
    yield from _grids(part.tables, known.language, source)


def _chart(part: tree.ChartFigure, known: Provenance) -> Iterator[Block]:
    chart = part.chart
    source = figure_source(part)
    title = Said(chart.title, (source,) if source else ())
    yield Picture(part.key, title, chart.subtitle, chart.alternative, chart.specification)
    yield from _grids(part.tables, known.language, source)


def _agenda(agenda: Agenda, known: Provenance) -> Bullets:
    lines = tuple(known.said(labelled(date, words, known.language), source) for date, words, source in agenda.lines)
    return Bullets(agenda.title, lines or (Said(agenda.empty),))


def _fold(fold: Fold) -> Grid:
    """Return a table of a listing: what stands beneath a cell follows it in brackets."""
    groups = tuple(
        GridGroup(
            in_brackets(group.title, group.mark, group.under) if group.title else "",
            tuple(plain_cells(row) for row in group.rows),
        )
        for group in fold.groups
    )
    columns = tuple(Column(f"column{place}", label) for place, label in enumerate(fold.columns))
    return Grid(Said(fold.title), columns, groups)


def listing_blocks(listing: Listing) -> Iterator[Block]:
    """Yield a part of a page that lists tables: its heading, its note, its tables."""
    yield Heading(listing.title)
    if listing.note:
        yield Paragraph(Said(listing.note), "quiet")
    yield from map(_fold, listing.folds)


_CARD = ("card", "status", "said", "lacking", "source")


def cards(groups: tuple[tuple[str, tuple[Card, ...]], ...], title: str, language: str) -> Grid:
    """Return targets or commitments as a table: what and where, status, what texts say, what is lacking, source."""
    columns = tuple(Column(name, message(f"briefing.column_{name}", language)) for name in _CARD)

    def row(card: Card) -> tuple[str, ...]:
        items = [labelled(one.label, one.value, language) + (f" ({one.detail})" if one.detail else "")
                 for one in card.items]  # fmt: skip
        status = "\n".join((card.status, *card.reasons, *filter(None, (card.override, card.override_reason))))
        return (f"{card.title}\n{card.where}", status, "\n".join(items), card.settled_by,
                " ".join(filter(None, (card.kind, card.source, card.note))))  # fmt: skip

    return Grid(Said(title), columns, tuple(GridGroup(name, tuple(map(row, found))) for name, found in groups))


def _case(case: Case, known: Provenance) -> Iterator[Block]:
    lines = []
    for one in case.measures:
        words = f"{one.words} ({one.gap})" if one.gap else one.words
        lines.append(known.said(labelled(one.label, words, known.language), one.detail))
    yield Bullets(case.title, (*lines, *map(known.said, case.reasons), known.said(case.used)))


def _quarter(section: QuarterSection, known: Provenance) -> Iterator[Block]:
    yield Heading(section.title)
    if section.empty:
        yield Paragraph(Said(section.empty))
    for group in section.groups:
        lines = []
        for line in group.lines:
            words = f"{line.name} — {line.state}." if line.state else f"{line.name}."
            lines.append(Said(" ".join(filter(None, (words, line.note))), (line.source,) if line.source else ()))
        yield Bullets(group.title, tuple(lines))


def _part(view: View, part: tree.Part, known: Provenance) -> Iterator[Block]:
    match part:
        case tree.MapFigure():
            yield from _map(view, part, known)
        case tree.ChartFigure():
            yield from _chart(part, known)
        case tree.Tables():
            yield from _grids(part.tables, known.language)
        case tree.Agendas():
            yield from map(partial(_agenda, known=known), part.lists)
        case tree.Listings():
            for listing in part.listings:
                yield from listing_blocks(listing)
        case tree.Cases():
            for case in part.cases:
                yield from _case(case, known)
        case tree.Notes():
            yield Bullets(part.title, tuple(map(known.said, part.notes)))
        case tree.Quarter():
            for section in part.sections:
                yield from _quarter(section, known)
        case tree.Facts():
            lines = (labelled(one.label, one.value, known.language) for one in part.items)
            yield Bullets(part.title, tuple(map(known.said, lines)))
        case tree.Cards() | tree.Readings() | tree.Districts() | tree.PageLinks():
            return  # cards stand together in one table, readings in the appendix; links are where one reads on a screen


def blocks(view: View, page: tree.PageTree, known: Provenance) -> Iterator[Block]:
    """Yield the content of a page after its first sentence."""
    if page.headline.lead:
        yield Paragraph(known.said(page.headline.lead), "lead")
    yield from measures(view, page.tiles)
    found = tuple(part for part in page.parts if isinstance(part, tree.Cards))
    if found:
        title = message("briefing.cards", view.language)
        yield cards(tuple((part.title, part.cards) for part in found), title, view.language)
    told: set[tuple[object, ...]] = set()
    for part in page.parts:
        for one in _part(view, part, known):
            held = (one.title.text, one.rows) if isinstance(one, Grid) else (one,)
            if held not in told:  # a table that several maps of a page share is told once
                yield one
            told.add(held)
