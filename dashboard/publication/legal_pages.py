"""The pages the law asks for: accessibility statement with its grid, privacy, contact and legal notice."""

from collections.abc import Iterator

from markupsafe import Markup

from dashboard import fragments
from dashboard.content import legal as content
from dashboard.content import statement
from dashboard.content.legal import Section
from dashboard.html import render
from dashboard.legal import missing
from dashboard.messages import message
from dashboard.publication.pages import SitePage
from dashboard.publication.place import Place, page_path
from dashboard.publication.rendering import Sheet
from dashboard.publication.trails import below
from dashboard.view import View
from data.settings import audience_folder

PRIVACY, CONTACT = "vie-privee", "contact"


def missing_fields() -> tuple[str, ...]:
    """Return what the law asks the publisher to say and the configuration leaves empty; pages say it is missing."""
    return tuple(missing())


def _body(sheet: Sheet, title: str, lead: str, sections: tuple[Section, ...]) -> str:
    """Return a page of sections."""
    return render(
        "site/legal.html",
        title=title,
        lead=lead,
        sections=sections,
        root=sheet.root,
        paths={link.address: page_path(sheet.view, link.address) for one in sections for link in one.links},
        tables={
            table.title: Markup(fragments.table(table, (), sheet.view.language))
            for one in sections
            for table in one.tables
        },
    )


def _grid_body(city: View) -> str:
    return render(
        "site/grid.html",
        topics=statement.topics(city),
        summary=Markup(fragments.table(statement.summary(city), (), city.language)),
        language=city.language,
    )


def _counting(place: Place) -> bool | None:
    """Tell whether page views are counted: the running server knows, a page published beforehand does not."""
    return audience_folder() is not None if place.is_live else None


def legal_pages(city: View, place: Place) -> Iterator[SitePage]:
    """Yield the legal pages, linked at the foot of every page; the grid is linked from the statement."""
    language, home = city.language, below(city)

    def page(address: str, title: str, lead: str, sections: tuple[Section, ...]) -> SitePage:
        path = page_path(city, address)
        sheet = Sheet(city, place, path)
        return SitePage(path, title, lead, path, lambda: _body(sheet, title, lead, sections), in_footer=True,
                        breadcrumb=home)  # fmt: skip

    title = statement.title(city)
    yield page(statement.STATEMENT, title, statement.lead(city), statement.statement_page(city))
    path = page_path(city, statement.GRID)
    yield SitePage(
        path, message("statement.grid_title", language), message("statement.grid_lead", language), path,
        lambda: _grid_body(city), breadcrumb=below(city, (statement.STATEMENT, title)),
    )  # fmt: skip
    for address, sections in ((PRIVACY, content.privacy_page(city, _counting(place))),
                              (CONTACT, content.contact_page(city))):  # fmt: skip
        name = address.replace("-", "_")
        yield page(address, message(f"legal.{name}_page", language), message(f"legal.{name}_lead", language), sections)
