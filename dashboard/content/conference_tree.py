"""The page on the climate conference as a tree: commitments, their dates, what measures them, three situations."""

from functools import lru_cache

from dashboard.content import commitment_chain, commitments, room
from dashboard.content.tree import Cards, ChartFigure, Listings, Notes, PageTree, Part, Tables
from dashboard.messages import message
from dashboard.view import View
from data.hypotheses import NOTHING_SUPPOSED, Hypotheses


def room_parts(view: View, base: Hypotheses) -> tuple[Part, ...]:
    """Return the three situations as bands with their tables, what each supposes, what is known of neutrality."""
    figures = tuple(ChartFigure(room.THEME, chart, (table,)) for chart, table in room.charts(view, base))
    supposed = tuple(Notes(title, lines) for title, lines in room.assumptions(view, base) if lines)
    words, tables = room.neutrality(view)
    neutrality: tuple[Part, ...] = (Notes(message("room.neutrality_title", view.language), (words,)),)
    return (*figures, *supposed, *neutrality, *((Tables(tables),) if tables else ()))


@lru_cache(maxsize=64)
def conference_tree(view: View) -> PageTree:
    """Return the page on the climate conference; nothing is supposed, since a static page asks nobody."""
    board = tuple(Cards(group.cards, group.title) for group in commitments.board(view))
    timeline = commitment_chain.timeline(view)
    tables = (commitment_chain.timeline_table(view),)
    dates = (ChartFigure(commitment_chain.THEME, timeline, tables),) if timeline else ()
    lists = (Listings((commitment_chain.listing(view),)),) if timeline else ()
    lead = Notes(message("room.heading", view.language), (message("room.lead", view.language),))
    parts = (*board, *dates, *lists, lead, *room_parts(view, NOTHING_SUPPOSED))
    headline, tiles = commitments.headline(view), commitments.tiles(view)
    return PageTree("conference-climat", commitments.THEME, headline, tiles, parts)
