"""The Streamlit-facing blocks of the sheet of an indicator: which one, and its parts in order."""

import streamlit as st

from dashboard import blocks, fragments, reading_blocks
from dashboard.addresses import address_of
from dashboard.choosing_blocks import choose
from dashboard.content import indicator_sheet, tree
from dashboard.content.found import ON_EVERY_PAGE
from dashboard.content.indicator_trees import INDEX, address, related
from dashboard.messages import message
from dashboard.navigation import PAGES
from dashboard.revisions import history_of
from dashboard.static_site import static_address
from dashboard.view import View

PAGE, INDICATOR = "indicateur", blocks.INDICATOR


def choose_indicator(view: View) -> str:
    """Let the reader choose the indicator; one that has no sheet is said, and the usual one taken."""
    labels, usual = indicator_sheet.choices(view), indicator_sheet.usual(view)
    return choose(INDICATOR, message("indicator_sheet.choose", view.language), labels, usual, view.language)


def _link(view: View, link: tree.PageLink) -> fragments.Link:
    """Return a link beside the pages: another sheet, a page of the navigation, else one of the static site."""
    kept = {name: st.query_params[name] for name in ON_EVERY_PAGE if name in st.query_params}
    sheets = {address(name): name for name in indicator_sheet.choices(view)}
    if link.address in sheets:
        return fragments.Link(address_of(PAGE, {**kept, INDICATOR: sheets[link.address]}), link.words)
    if link.address in {entry.address for entry in PAGES}:
        return fragments.Link(address_of(link.address, kept), link.words)
    return fragments.Link(static_address(view, link.address), link.words)


def _related(view: View, indicator: str) -> str:
    """Return the links to related pages, the static version of the sheet before the list of all."""
    found, language = related(view, indicator), view.language
    links = [(_link(view, link), link.detail) for link in found.links]
    static = fragments.Link(static_address(view, address(indicator)), message("indicator_sheet.static", language))
    place = next(place for place, link in enumerate(found.links) if link.address == INDEX)
    links.insert(place, (static, message("indicator_sheet.static_detail", language)))
    return fragments.page_links(found.title, tuple(links))


def _part(view: View, indicator: str, part: tree.Part) -> None:
    chosen, page = {INDICATOR: indicator}, address(indicator)
    match part:
        case tree.MapFigure():
            panel = indicator_sheet.panel(view, indicator, part.prepared)
            published = static_address(view, page, part.key)
            blocks.map_and_panel(view, part.prepared, panel, part.source, part.kinds, chosen, published)
            blocks.tables(view, part.tables)
        case tree.ChartFigure():
            published = static_address(view, page, part.key)
            blocks.chart(view, part.theme, part.chart, chosen=chosen, published=published)
            blocks.tables(view, part.tables)
        case tree.Tables():
            blocks.tables(view, part.tables)
        case tree.Facts():
            st.html(fragments.facts(part.title, part.items))
        case tree.Notes():
            reading_blocks.notes(part.title, part.notes)
        case tree.Listings():
            for listing in part.listings:
                reading_blocks.listing(view, listing)
        case _:
            raise TypeError(f"a sheet has no part {type(part).__name__}")


def sheet(view: View, indicator: str) -> None:
    """Show the parts of a sheet below its opening, then the pages it leads to."""
    for part in indicator_sheet.parts(view, indicator, history_of(view)):
        _part(view, indicator, part)
    st.html(_related(view, indicator))
