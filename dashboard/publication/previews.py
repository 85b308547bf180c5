"""The pictures that social networks and messengers show of a link: a sentence, a figure, the name of the city."""

from dataclasses import dataclass, replace

import vl_convert

from dashboard.html import render
from dashboard.messages import message
from dashboard.publication.place import Place, language_folder
from dashboard.publication.site import PREVIEWS, SitePage, preview_path, site_name, site_pages
from dashboard.theme import INKS, mark
from dashboard.typeface import DRAWING_FAMILY, measure_with_it, width_px
from dashboard.view import View, district_slugs
from data.rules.date_words import one_date

WIDTH_PX, HEIGHT_PX = 1200, 630
_MARGIN_PX, _LARGE_PX, _FIGURE_PX, _SMALL_PX, _SOURCE_PX = 88, 54, 76, 32, 26
# Room for the sign that something was left out.
_CUT_PX = 30
_BOLD = 600
_LINES = 4


@dataclass(frozen=True)
class Preview:
    """A picture: the site, what part of it, a sentence, when its data were published; perhaps a figure.

    A figure comes with what it counts and its source in words.
    """

    site: str
    section: str
    sentence: str
    theme: str
    published: str
    figure: str = ""
    label: str = ""
    source: str = ""


def _owns(page: SitePage) -> bool:
    """Tell whether a page is the one that a preview shared by others shows."""
    return page.path == page.section or page.path.endswith("/portrait/")


def preview_pages(city: View, place: Place) -> dict[str, SitePage]:
    """Return the page that each preview shows, by the path of the picture: others in its section share it."""
    pages = [page for page in site_pages(city, place).values() if page.indexed]
    used = {preview_path(city, place, page) for page in pages}
    owners = {preview_path(city, place, page): page for page in pages if _owns(page)}
    return {path: owners[path] for path in sorted(used) if path.startswith(f"{PREVIEWS}/")}


def _section(city: View, page: SitePage) -> str:
    """Return what part of the site a page shows: nothing for the home page, a district by its name."""
    first, *rest = page.path.removeprefix(language_folder(city.language)).split("/")
    if first == "quartiers" and rest[0]:
        return district_slugs(city.release, city.commune)[rest[0]]
    return page.title if first else ""


def preview_of(city: View, page: SitePage) -> Preview:
    """Return what the preview of a page shows."""
    published = city.release.published
    words = message("publication.preview", city.language, date=one_date(published, city.language)) if published else ""
    tree = page.tree() if page.tree else None
    shown = Preview(
        site_name(city), _section(city, page), page.sentence, tree.theme if tree else "territory", words
    )  # fmt: skip
    if tree is None or not tree.tiles:
        return shown
    tile = tree.tiles[0]
    return replace(shown, figure=f"{tile.number} {tile.unit}".strip(), label=tile.label, source=tile.detail)


def _wrapped(words: str, size_px: int, weight: int, limit_px: int, most: int) -> list[str]:
    """Return words in lines that fit a width; what does not fit in the last one is cut."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if width_px(longer, size_px, weight) <= limit_px:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] += " …"
            break
    return lines


def drawing(preview: Preview) -> str:
    """Return a preview as SVG."""
    after = _MARGIN_PX + round(width_px(preview.figure, _FIGURE_PX, _BOLD)) + 24
    room = WIDTH_PX - _MARGIN_PX - after
    return render(
        "site/preview.svg",
        preview=preview,
        lines=_wrapped(preview.sentence, _LARGE_PX, _BOLD, WIDTH_PX - 2 * _MARGIN_PX - _CUT_PX, _LINES),
        label=_wrapped(preview.label, _SMALL_PX, 400, room - _CUT_PX, 1)[0],
        source=_wrapped(preview.source, _SOURCE_PX, 400, room - _CUT_PX, 1)[0],
        after_figure=after,
        family=DRAWING_FAMILY,
        inks=INKS["light"],
        mark=mark(preview.theme, "light"),
    )


def picture(preview: Preview) -> bytes:
    """Return a preview as PNG."""
    measure_with_it()
    return bytes(vl_convert.svg_to_png(drawing(preview), scale=1.0))
