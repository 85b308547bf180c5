"""The simplified version of a page: short sentences, then the first figure that can be told in plain words."""

from dataclasses import replace

from markupsafe import Markup

from dashboard import fragments
from dashboard.content.simple.pages import simple_of
from dashboard.content.simple.words import Simple
from dashboard.content.tree import ChartFigure, Figure, PageTree
from dashboard.html import render
from dashboard.messages import has_message, message
from dashboard.publication.place import SIMPLE, page_path
from dashboard.publication.rendering import Sheet, areas, chart_figure, map_figure, versions
from dashboard.view import View


def _key(figure: Figure) -> str:
    return figure.key.replace("-", "_")


def _plain_figure(page: PageTree, language: str) -> Figure | None:
    """Return the first figure of a page that has a title and a way of reading in plain words."""
    return next((one for one in page.figures() if has_message(f"simple.figure_{_key(one)}", language)), None)


def _drawn(sheet: Sheet, figure: Figure) -> str:
    """Return a figure under a title and a way of reading in plain words, its source and table beneath."""
    language, name = sheet.view.language, _key(figure)
    title, how_to_read = message(f"simple.figure_{name}", language), message(f"simple.read_{name}", language)
    if isinstance(figure, ChartFigure):
        chart = replace(figure.chart, title=title, subtitle=how_to_read)
        return chart_figure(sheet, replace(figure, chart=chart))
    prepared = replace(figure.prepared, title=title, subtitle=how_to_read)
    return map_figure(sheet, replace(figure, prepared=prepared, panel=None))


def _text(address: str, view: View) -> Simple:
    text = simple_of(address, view)
    if text is None:
        raise ValueError(f"the page {address!r} has no simplified version")
    return text


def simple_description(address: str, view: View) -> str:
    """Return what the simplified version of a page says in a sentence: its own first ones."""
    return " ".join(_text(address, view).sentences[:2])


def simple_body(sheet: Sheet, address: str, page: PageTree) -> str:
    """Return the body of the simplified version of a page."""
    view, language = sheet.view, sheet.view.language
    text = _text(address, view)
    figure = _plain_figure(page, language)
    html = render(
        "site/simple.html",
        opening=Markup(fragments.simple_opening(view, page.theme, text)),
        figure=Markup(_drawn(sheet, figure) if figure else ""),
        full=f"{sheet.root}{page_path(view, address)}",
        language=language,
    )
    return areas(sheet, address, SIMPLE) + versions(sheet, address) + html
