"""What a site answers where there is no page or no figure: plain, styled, with a way on."""

from dashboard.html import render
from dashboard.messages import message
from dashboard.publication import assets, site
from dashboard.publication.pages import SitePage
from dashboard.publication.place import Place, site_name
from dashboard.view import View

NOT_FOUND = "404.html"


def not_found(city: View, place: Place, root: str) -> bytes:
    """Return the page for addresses that do not exist.

    Parameters
    ----------
    root : the way to the root of the site.
    """
    title, text = (message(f"error.not_found_{name}", city.language) for name in ("title", "text"))
    page = SitePage(
        NOT_FOUND, title, text, NOT_FOUND, indexed=False,
        body=lambda: render("site/not_found.html", title=title, text=text, root=root, language=city.language),
    )  # fmt: skip
    return site.document(city, place, page, root).encode()


def no_figure(city: View, root: str, current: str = "") -> bytes:
    """Return the small answer, for a frame, to the address of a figure that is not there.

    Parameters
    ----------
    root : the way to the root of the site.
    current : the address of the figure that is kept up to date, where one frozen to a release is there no more.
    """
    gone = ("publication.expired_title", "publication.expired_text")
    unknown = ("publication.no_figure_title", "publication.no_figure_text")
    title, text = (message(key, city.language) for key in (gone if current else unknown))
    return render(
        "site/no_figure.html",
        language=city.language,
        root=root,
        name=site_name(city),
        title=title,
        text=text,
        current=current,
        policy=site.POLICY,
        style=assets.path_of("site.css"),
    ).encode()
