"""A tree of content as the body of a static page: each figure as a picture with its tables, complete without script."""

from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from markupsafe import Markup

from dashboard import fragments
from dashboard.content import tree
from dashboard.content.alternatives import of_map, spoken
from dashboard.content.folds import Listing
from dashboard.content.indicator_trees import address, indicators_shown
from dashboard.content.pieces import Reading, Table
from dashboard.content.simple.pages import TEXTS
from dashboard.fragments import Download, Links
from dashboard.html import render
from dashboard.messages import message
from dashboard.publication.pictures import NARROW_PX, WIDE_PX, chart_picture, map_pictures
from dashboard.publication.place import SIMPLE, Place, download_links, is_of_the_city, page_path, to_root
from dashboard.publication.sharing import share
from dashboard.theme import mark
from dashboard.view import WHOLE_CITY, View, area_view, city_view, district_slugs, the_view


@dataclass(frozen=True)
class Sheet:
    """A page while it is made: what it looks at, the site it is part of, its path below the root."""

    view: View
    place: Place
    path: str

    @property
    def root(self) -> str:
        """The way from the page to the root of the site."""
        return to_root(self.path)

    def links(self, export: str) -> Links:
        """Return the links to the rows of an export."""
        language = self.view.language
        return download_links(
            self.place, self.view, export, lambda kind: message(f"download.{kind}", language), self.root
        )


def _tables(sheet: Sheet, tables: tuple[Table, ...]) -> Markup:
    shown = (table for table in tables if table.rows)
    return Markup("".join(fragments.table(table, sheet.links(table.export), sheet.view.language) for table in shown))


def chart_figure(sheet: Sheet, figure: tree.ChartFigure, share: str = "") -> str:
    """Return a chart: its sentence, its picture for wide and narrow columns, its source, its tables."""
    chart = figure.chart
    pictures = "".join(
        chart_picture(chart.specification, width, kind) for width, kind in ((WIDE_PX, "wide"), (NARROW_PX, "narrow"))
    )
    return render(
        "site/figure.html",
        key=figure.key,
        head=Markup(fragments.figure_head(chart.title, chart.subtitle)),
        alternative=spoken(chart.title, chart.alternative, sheet.view.language),
        pictures=Markup(pictures),
        foot=Markup(fragments.chart_foot(sheet.view, figure.theme, chart, sheet.links(chart.export))),
        tables=_tables(sheet, figure.tables),
        share=Markup(share),
    )


def map_figure(sheet: Sheet, figure: tree.MapFigure, share: str = "") -> str:
    """Return a map with its legend and tables, and what the area looked at says beside it."""
    view, prepared = sheet.view, figure.prepared
    html = render(
        "site/figure.html",
        key=figure.key,
        head=Markup(fragments.figure_head(prepared.title, prepared.subtitle)),
        alternative=spoken(prepared.title, of_map(prepared, view.language), view.language),
        pictures=Markup(map_pictures(prepared)),
        foot=Markup(fragments.map_foot(view, prepared, figure.source, figure.kinds)),
        tables=_tables(sheet, figure.tables),
        share=Markup(share),
    )
    if figure.panel is None:
        return html
    return f'<div class="site-split">{html}{fragments.panel(view, prepared.theme, figure.panel)}</div>'


def _listing(sheet: Sheet, shown: Listing) -> str:
    query = "&".join(f"{name}={value}" for name, value in shown.query)
    # A part of a page whose rows are not to be taken away by themselves names no download.
    links = sheet.links(f"{shown.export}.{{format}}" + (f"?{query}" if query else "")) if shown.export else ()
    report = fragments.report_address(sheet.view, shown.export) if shown.export else ""
    head = fragments.listing_head(shown, links, report, sheet.view.language)
    return head + "".join(fragments.fold(fold, sheet.view.language) for fold in shown.folds)


def _quarter(sheet: Sheet, part: tree.Quarter) -> str:
    downloads = tuple(
        Download(message(f"quarter.download_{name}", sheet.view.language), sheet.links(f"{name}.{{format}}"))
        for name in part.downloads
    )
    return fragments.quarter(sheet.view, part.sections, part.kinds, downloads)


def _readings(sheet: Sheet, shown: tuple[Reading, ...]) -> str:
    """Return how indicators are read, each with a link to its own page where it has one."""
    city, known = city_view(sheet.view), indicators_shown(sheet.view)
    pages = tuple(
        f"{sheet.root}{page_path(city, address(reading.indicator))}" if reading.indicator in known else ""
        for reading in shown
    )
    return fragments.readings(shown, sheet.view.language, pages)


def _page_links(sheet: Sheet, part: tree.PageLinks) -> str:
    view, links = sheet.view, []
    for link in part.links:
        path = page_path(area_view(view, link.district), link.address)
        links.append((fragments.Link(f"{sheet.root}{path}", link.words), link.detail))
    return fragments.page_links(part.title, tuple(links))


def _share(sheet: Sheet, address: str, figure: tree.Figure) -> str:
    return share(sheet.view, address, sheet.place, sheet.path, figure)


def without_panel(figure: tree.MapFigure) -> tree.MapFigure:
    """Return a map without what the area looked at says beside it."""
    return replace(figure, panel=None)


def _part(sheet: Sheet, address: str, part: tree.Part) -> str:
    view = sheet.view
    match part:
        case tree.MapFigure():
            return map_figure(sheet, part, _share(sheet, address, part))
        case tree.ChartFigure():
            return chart_figure(sheet, part, _share(sheet, address, part))
        case tree.Tables():
            return _tables(sheet, part.tables)
        case tree.Readings():
            return _readings(sheet, part.readings)
        case tree.Agendas():
            return fragments.agenda(part.lists)
        case tree.Listings():
            return "".join(map(partial(_listing, sheet), part.listings))
        case tree.Cases():
            return fragments.cases(part.cases, mark(part.theme, view.mode), view.language)
        case tree.Cards():
            return fragments.target_board(view, part.cards, part.title)
        case tree.Notes():
            return fragments.notes(part.title, part.notes)
        case tree.Districts():
            before = f"{sheet.root}{page_path(city_view(view), 'quartier')}"
            return fragments.district_list(part.districts, before, "/", view.language)
        case tree.Quarter():
            return _quarter(sheet, part)
        case tree.Facts():
            return fragments.facts(part.title, part.items)
        case tree.PageLinks():
            return _page_links(sheet, part)


def areas(sheet: Sheet, address: str, version: str = "") -> str:
    """Return the links to the same page, or its simplified version, of the whole city and of each district."""
    view = sheet.view
    if is_of_the_city(address):
        return ""
    slugs = {WHOLE_CITY: message("bar.whole_city", view.language), **district_slugs(view.release, view.commune)}
    if len(slugs) == 1:
        return ""
    links = [
        fragments.Link(
            page_path(the_view(view.release, view.commune, slug, view.language, view.mode, view.today), address)
            + version,
            name,
        )
        for slug, name in slugs.items()
    ]
    return render("site/areas.html", areas=links, root=sheet.root, path=sheet.path, language=view.language)


def versions(sheet: Sheet, address: str) -> str:
    """Return the switch between a page and its simplified version; nothing where it has none."""
    view = sheet.view
    if address not in TEXTS:
        return ""
    path = page_path(view, address)
    links = [
        fragments.Link(path, message("simple.full", view.language)),
        fragments.Link(path + SIMPLE, message("simple.short", view.language)),
    ]
    return render("site/versions.html", versions=links, root=sheet.root, path=sheet.path, language=view.language)


def _is_further_map(part: tree.Part) -> bool:
    return isinstance(part, tree.MapFigure) and part.panel is None


def tree_body(sheet: Sheet, page: tree.PageTree) -> str:
    """Return the body of a page: the areas it exists for, what it opens with, its parts in order.

    Further maps of a page stand side by side, smaller than the first.
    """
    opening = fragments.opening(sheet.view, page.theme, page.headline, page.tiles)
    links = areas(sheet, page.address) + versions(sheet, page.address)
    body = []
    for is_small, parts in groupby(page.parts, key=_is_further_map):
        html = "".join(_part(sheet, page.address, part) for part in parts)
        body.append(f'<div class="site-maps">{html}</div>' if is_small else html)
    return links + opening + "".join(body)
