"""A figure by itself, as a small document that other sites show in a frame: source, date, status and a link inside."""

from dataclasses import replace

from markupsafe import Markup

from dashboard.content.tree import MapFigure
from dashboard.fragments import Link
from dashboard.html import render
from dashboard.messages import message
from dashboard.navigation import PAGES
from dashboard.publication import assets
from dashboard.publication.place import Place, page_path, to_root
from dashboard.publication.rendering import Sheet, chart_figure, map_figure, without_panel
from dashboard.publication.sharing import Embeddable, embeddables, snippet
from data.rules.date_words import one_date

# Who may show it in a frame is said by the server, which alone can.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)


def document(one: Embeddable, place: Place, path: str, frozen: bool) -> str:
    """Return the document of a figure."""
    view, figure = one.view, one.figure
    language, release = view.language, view.release
    if frozen and place.frozen:
        place = replace(place, downloads=place.frozen(path))
    sheet = Sheet(view, place, path)
    made = map_figure(sheet, without_panel(figure)) if isinstance(figure, MapFigure) else chart_figure(sheet, figure)
    date = one_date(release.published, language) if release.published else message("basis.none", language)
    return render(
        "site/embed.html",
        language=language,
        policy=POLICY,
        title=figure.title,
        letters=assets.path_of(assets.LETTERS),
        style=Markup(assets.embed_style(to_root(path))),
        # The sentence of a figure is the title of a document that shows nothing else.
        figure=Markup(made.replace("<h2>", "<h1>", 1).replace("</h2>", "</h1>", 1)),
        state=message("embed.is_frozen" if frozen else "embed.is_current", language, date=date,
                      release=release.release_id),
        page=f"{place.base}{one.page}#{one.key}",
        root=to_root(path),
        script=assets.path_of("embed.js"),
    )  # fmt: skip


def index_body(sheet: Sheet) -> str:
    """Return the list of all figures that can be embedded, each with its snippet, by the page that shows it."""
    city = sheet.view
    titles = {page_path(city, entry.address): message(entry.title_key, city.language) for entry in PAGES}
    others = message("indicator.index_page", city.language)
    groups: dict[str, list[dict[str, object]]] = {}
    for one in embeddables(city).values():
        groups.setdefault(titles.get(one.page, others), []).append(
            {
                "key": one.key,
                "link": Link(f"{sheet.root}{one.path()}", one.figure.title),
                "code": snippet(one, sheet.place, "", follows=False),
            }
        )
    return render("site/embeds.html", groups=groups, root=sheet.root, language=city.language)
